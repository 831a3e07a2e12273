// The statements over `request_logs`. Every method is synchronous: the caller decides on transactions.

import type { CallEnd, CallStart } from "../core/ledger.ts";
import type { Sqlite } from "./sqlite.ts";

const INSERT_ROW = `INSERT INTO request_logs (started_at, finished_at, duration_ms, ttft_ms, ip, key_id, method, model,
  model_served, provider, model_id, provider_key, stream, input_tokens, cached_input_tokens, cache_write_tokens,
  cache_write_1h_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, audio_seconds, characters,
  cost_nano_usd, price_known, usage_source, attempts, status, error_kind, request_id, parent_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const SELECT_NEWEST = "SELECT request_id AS requestId, finished_at AS finished FROM request_logs ORDER BY id DESC";

export class RequestLog {
  readonly #insertRow;
  readonly #selectNewest;

  constructor(db: Sqlite) {
    this.#insertRow = db.prepare(INSERT_ROW);
    this.#selectNewest = db.prepare(SELECT_NEWEST);
  }

  /** Writes the row of a call; its id. */
  insert(start: CallStart, end: CallEnd): number {
    const { tokens, units } = end;
    // The clock may have gone back meanwhile.
    const finishedAt = Math.max(start.startedAt, end.finishedAt);
    const { lastInsertRowid } = this.#insertRow.run(
      iso(start.startedAt),
      iso(finishedAt),
      finishedAt - start.startedAt,
      end.ttftMs ?? null,
      start.ip,
      start.keyId ?? null,
      start.method,
      start.modelAsked,
      end.modelServed ?? null,
      end.provider ?? null,
      end.modelId ?? null,
      end.keyLabel ?? null,
      start.stream ? 1 : 0,
      tokens.inputUncached,
      tokens.cacheRead,
      tokens.cacheWrite,
      tokens.cacheWrite1h,
      tokens.audioInput,
      tokens.outputText,
      tokens.reasoning,
      tokens.audioOutput,
      units.seconds > 0 ? units.seconds : null,
      units.characters > 0 ? units.characters : null,
      end.costNanoUsd,
      end.priceKnown ? 1 : 0,
      end.usageSource,
      end.attempts,
      end.status,
      end.errorKind ?? null,
      start.requestId,
      start.parentId ?? null,
    );
    return lastInsertRowid as number;
  }

  /** Those of these calls, at least one, that have no row. Reads from the newest row backwards, to what ended before any of them began. */
  withoutRow(starts: readonly CallStart[]): CallStart[] {
    const open = new Map(starts.map((start) => [start.requestId, start]));
    const since = iso(starts.reduce((oldest, { startedAt }) => Math.min(oldest, startedAt), Number.POSITIVE_INFINITY));
    for (const row of this.#selectNewest.iterate()) {
      const { requestId, finished } = row as { requestId: string; finished: string };
      if (finished < since) break;
      open.delete(requestId);
    }
    return [...open.values()];
  }
}

let isoSecond = -1;
let isoPrefix = "";

/** ISO 8601 with milliseconds. Formatting a date is dear, and all but the last digits repeat within a second. */
function iso(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== isoSecond) {
    isoSecond = second;
    isoPrefix = new Date(second * 1000).toISOString().slice(0, 20);
  }
  return `${isoPrefix}${String(Math.floor(ms) - second * 1000).padStart(3, "0")}Z`;
}
