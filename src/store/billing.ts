// Reports on the request log. Sums come from the rollups; what these do not tell (an address and a key together) is summed
// from rows. Rows are read a window a turn of the event loop, so that no report holds up calls.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Billing, LogRow, RowFilter, UsageBy, UsageFilter } from "../core/billing.ts";
import { BrokerError } from "../core/errors.ts";
import { type NanoUsd, toUsd } from "../core/money.ts";
import type { BillingRequest, BillingSummary } from "../generated/types.ts";
import { RowScan, WINDOW } from "./row-scan.ts";
import { type Sqlite, stored } from "./sqlite.ts";
import { COUNTED, type CountedRow, Tally } from "./tally.ts";
import { UsageSums } from "./usage-sums.ts";

/** Rows that one report sums at most: half a second. */
const MOST_ROWS = 200_000;
/** Rows looked at for one page, where few match. */
const MOST_LOOKED_AT = 50_000;
const PER_EXPORT = 500;
const TOP = 10;
const ALL: RowFilter = {
  ...{ from: undefined, to: undefined, ip: undefined, key: undefined },
  ...{ model: undefined, provider: undefined, status: undefined },
};
/** Of request_logs: how the kinds of tokens are called in a report. */
const TOKENS = {
  input: "input_tokens",
  cached_input: "cached_input_tokens",
  cache_write: "cache_write_tokens",
  cache_write_1h: "cache_write_1h_tokens",
  audio_input: "audio_input_tokens",
  output: "output_tokens",
  reasoning: "reasoning_tokens",
  audio_output: "audio_output_tokens",
};

type Row = LogRow & { readonly id: number };

export function createBilling(db: Sqlite): Billing {
  return new SqliteBilling(db);
}

class SqliteBilling implements Billing {
  readonly columns: readonly string[];
  readonly #db: Sqlite;
  readonly #sums: UsageSums;
  readonly #selectRemoved;
  readonly #summary: (today: string) => BillingSummary;

  constructor(db: Sqlite) {
    this.#db = db;
    this.#sums = new UsageSums(db);
    this.#selectRemoved = db.prepare("SELECT removed_before FROM usage_mark").pluck();
    this.columns = db
      .prepare("SELECT * FROM request_logs")
      .columns()
      .map(({ name }) => name);
    this.#summary = db.transaction((today: string) => this.#summarize(today));
  }

  async usage(by: UsageBy, filter: UsageFilter, limit: number): ReturnType<Billing["usage"]> {
    const tally = stored(() => this.#sums.read(by, filter)) ?? (await this.#fromRows(by, filter));
    const all = by === "day" ? tally.byValue() : tally.byCost();
    const data = by === "day" ? all.slice(-limit) : all.slice(0, limit);
    return { data, total: tally.total, truncated: all.length > limit };
  }

  async requests(
    filter: RowFilter,
    { limit, before }: Parameters<Billing["requests"]>[1],
  ): ReturnType<Billing["requests"]> {
    const scan = stored(() => new RowScan<Row>({ db: this.#db, filter, columns: "*", order: "newest", start: before }));
    const data: BillingRequest[] = [];
    for (let looked = 0; !scan.done && data.length < limit && looked < MOST_LOOKED_AT; looked += WINDOW) {
      if (looked > 0) await nextTurn();
      data.push(...stored(() => scan.next(limit - data.length)).map(toRequest));
    }
    return { data, next: scan.done ? undefined : scan.at };
  }

  async *rows(filter: UsageFilter): AsyncGenerator<readonly LogRow[]> {
    const of = { ...ALL, ...filter };
    const scan = stored(() => new RowScan<Row>({ db: this.#db, filter: of, columns: "*", order: "oldest" }));
    while (!scan.done) {
      const rows = stored(() => scan.next(PER_EXPORT));
      if (rows.length > 0) yield rows;
      await nextTurn();
    }
  }

  summary(today: string): BillingSummary {
    return stored(() => this.#summary(today));
  }

  #summarize(today: string): BillingSummary {
    const month = { ...ALL, from: `${today.slice(0, 7)}-01`, to: `${today.slice(0, 7)}-31` };
    const sums = (by: UsageBy, filter: UsageFilter): Tally => this.#sums.read(by, filter) ?? new Tally();
    const models = sums("model", month);
    return {
      today: sums("model", { ...ALL, from: today, to: today }).total,
      month: models.total,
      all: sums("model", ALL).total,
      top_models: models.byCost().slice(0, TOP),
      top_keys: sums("key", month).byCost().slice(0, TOP),
    };
  }

  async #fromRows(by: UsageBy, filter: UsageFilter): Promise<Tally> {
    const removedBefore = stored(() => this.#selectRemoved.get() as string);
    if (removedBefore !== "" && (filter.from ?? "") < removedBefore) throw removed(removedBefore);
    const of = { ...ALL, ...filter };
    const scan = stored(() => new RowScan<CountedRow>({ db: this.#db, filter: of, columns: COUNTED, order: "oldest" }));
    const tally = new Tally();
    for (let looked = 0; !scan.done; looked += WINDOW) {
      if (looked >= MOST_ROWS) throw new BrokerError("too_large", "That many rows are not summed: ask for fewer days");
      for (const row of stored(() => scan.next())) tally.add(row[by], row);
      await nextTurn();
    }
    return tally;
  }
}

function removed(before: string): BrokerError {
  const message = `/from: an address and a key together are summed from rows, and rows up to ${before} are not kept any more`;
  return new BrokerError("invalid_params", message, { param: "/from" });
}

/** As it was written; what it has not is left out. */
function toRequest(row: Row): BillingRequest {
  const { stream, price_known, audio_seconds: _seconds, characters: _characters, ...columns } = row;
  const kinds = Object.entries(TOKENS).map(([kind, column]) => [kind, row[column] as number] as const);
  const names = new Set(Object.values(TOKENS));
  const told = Object.entries(columns).filter(([name, value]) => value !== null && !names.has(name));
  return {
    ...(Object.fromEntries(told) as unknown as BillingRequest),
    stream: stream === 1,
    price_known: price_known === 1,
    tokens: Object.fromEntries(kinds.filter(([, count]) => count > 0)),
    cost: toUsd(row.cost_nano_usd as NanoUsd),
  };
}
