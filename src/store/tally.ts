// Sums of rows by some value. Rows of the request log and of the rollups are read with the same columns, so that both add
// up in one tally.

import { type NanoUsd, toUsd } from "../core/money.ts";
import type { UsageRow, UsageTotals } from "../generated/types.ts";

export interface Sums {
  requests: number;
  errors: number;
  input_tokens: number;
  cached_input_tokens: number;
  output_tokens: number;
  cost_nano_usd: number;
}

/** A row of the request log as it counts. */
export interface CountedRow extends Sums {
  readonly id: number;
  readonly ip: string;
  readonly key: string;
  readonly model: string;
  readonly provider: string;
  readonly day: string;
}

const INPUT = `input_tokens + cached_input_tokens + cache_write_tokens + cache_write_1h_tokens + audio_input_tokens`;
const OUTPUT = "output_tokens + reasoning_tokens + audio_output_tokens";
const IS_ERROR = "status IN ('error', 'interrupted')";

/** What a row counts by. */
const VALUES = `ip, coalesce(key_id, '') AS key, coalesce(model_served, '') AS model, coalesce(provider, '') AS provider`;

/** Selects CountedRow. */
export const COUNTED = `id, ${VALUES}, substr(finished_at, 1, 10) AS day, 1 AS requests, ${IS_ERROR} AS errors,
  ${INPUT} AS input_tokens, cached_input_tokens, ${OUTPUT} AS output_tokens, cost_nano_usd`;

/** Selects the sums of each combination of values, by hour. `total` does not overflow as `sum` does. */
export const SUMMED = `SELECT substr(finished_at, 1, 13) AS hour, ${VALUES}, count(*) AS requests, sum(${IS_ERROR}) AS errors,
  sum(${INPUT}) AS input_tokens, sum(cached_input_tokens) AS cached_input_tokens, sum(${OUTPUT}) AS output_tokens,
  total(cost_nano_usd) AS cost_nano_usd, min(started_at) AS first_seen, max(finished_at) AS last_seen,
  min(id) AS first_id, max(id) AS last_id FROM request_logs WHERE id > ? AND id <= ? GROUP BY 1, 2, 3, 4, 5`;

export function addTo(sums: Sums, more: Sums): void {
  sums.requests += more.requests;
  sums.errors += more.errors;
  sums.input_tokens += more.input_tokens;
  sums.cached_input_tokens += more.cached_input_tokens;
  sums.output_tokens += more.output_tokens;
  sums.cost_nano_usd += more.cost_nano_usd;
}

/** A copy that can be added to. */
export function sumsOf({
  requests,
  errors,
  input_tokens,
  cached_input_tokens,
  output_tokens,
  cost_nano_usd,
}: Sums): Sums {
  return { requests, errors, input_tokens, cached_input_tokens, output_tokens, cost_nano_usd };
}

const ZERO: Readonly<Sums> = {
  requests: 0,
  errors: 0,
  input_tokens: 0,
  cached_input_tokens: 0,
  output_tokens: 0,
  cost_nano_usd: 0,
};

export class Tally {
  readonly #sums = new Map<string, Sums>();

  add(value: string, more: Sums): void {
    const sums = this.#sums.get(value);
    if (sums) addTo(sums, more);
    else this.#sums.set(value, sumsOf(more));
  }

  /** Of all values together. */
  get total(): UsageTotals {
    const total = sumsOf(ZERO);
    for (const sums of this.#sums.values()) addTo(total, sums);
    return toTotals(total);
  }

  /** Dearest first; of those that cost the same the busiest. */
  byCost(): UsageRow[] {
    return [...this.#sums]
      .sort(([a, x], [b, y]) => y.cost_nano_usd - x.cost_nano_usd || y.requests - x.requests || (a < b ? -1 : 1))
      .map(([value, sums]) => ({ value, totals: toTotals(sums) }));
  }

  byValue(): UsageRow[] {
    return [...this.#sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, sums]) => ({ value, totals: toTotals(sums) }));
  }
}

function toTotals(sums: Sums): UsageTotals {
  return { ...sums, cost: toUsd(sums.cost_nano_usd as NanoUsd) };
}
