// The rollups against the rows that they sum, by SQL of its own; and filters that ask for everything.

import assert from "node:assert/strict";
import type { RowFilter } from "../../src/core/billing.ts";
import type { Sqlite } from "../../src/store/sqlite.ts";

export const ANY: RowFilter = {
  from: undefined,
  to: undefined,
  ip: undefined,
  key: undefined,
  model: undefined,
  provider: undefined,
  status: undefined,
};

const DIMENSIONS: Record<string, { value: string; model: boolean; spans: string[] }> = {
  all: { value: "''", model: false, spans: ["hour", "day", "month"] },
  ip: { value: "ip", model: false, spans: ["day", "month"] },
  key: { value: "coalesce(key_id, '')", model: false, spans: ["hour", "day", "month"] },
  model: { value: "''", model: true, spans: ["day", "month"] },
  ip_model: { value: "ip", model: true, spans: ["day"] },
  key_model: { value: "coalesce(key_id, '')", model: true, spans: ["day"] },
};
const LENGTHS: Record<string, number> = { hour: 13, day: 10, month: 7 };

/** Fails unless every sum is that of the rows up to the mark, and no sum is of none. Both on a connection in one state. */
export function assertSums(db: Sqlite): void {
  db.transaction(() => {
    const mark = db.prepare("SELECT folded_id FROM usage_mark").pluck().get();
    const expected = Object.entries(DIMENSIONS).flatMap(([dimension, { value, model, spans }]) =>
      spans.flatMap((span) => {
        const served = model ? "coalesce(model_served, ''), coalesce(provider, '')" : "'', ''";
        return db
          .prepare(
            `SELECT '${dimension}', '${span} ' || substr(finished_at, 1, ${LENGTHS[span]}), ${value}, ${served}, count(*),
             count(*) FILTER (WHERE status = 'error' OR status = 'interrupted'),
             sum(input_tokens) + sum(cached_input_tokens) + sum(cache_write_tokens) + sum(cache_write_1h_tokens)
               + sum(audio_input_tokens),
             sum(cached_input_tokens), sum(output_tokens) + sum(reasoning_tokens) + sum(audio_output_tokens),
             sum(cost_nano_usd) FROM request_logs WHERE id <= ? GROUP BY 2, 3, 4, 5`,
          )
          .raw()
          .all(mark);
      }),
    );
    const kept = db.prepare("SELECT * FROM usage_rollups").raw().all();
    assert.deepEqual(kept.map(String).sort(), expected.map(String).sort());
    const days = `SELECT substr(finished_at, 1, 10), min(id), max(id) FROM request_logs WHERE id <= ? GROUP BY 1`;
    assert.deepEqual(db.prepare("SELECT * FROM usage_days").raw().all(), db.prepare(days).raw().all(mark));
    const addresses = `SELECT ip, count(*), count(*) FILTER (WHERE status = 'error' OR status = 'interrupted'),
      min(started_at), max(finished_at) FROM request_logs WHERE id <= ? GROUP BY 1`;
    assert.deepEqual(db.prepare("SELECT * FROM usage_addresses").raw().all(), db.prepare(addresses).raw().all(mark));
  })();
}
