// Sums by some value, from the rollups and the rows that are not in them yet; read in one transaction, so that a row that
// is summed up meanwhile counts once.

import type { UsageBy, UsageFilter } from "../core/billing.ts";
import { daySpans, monthAndDaySpans, type SpanRange } from "./spans.ts";
import type { Sqlite } from "./sqlite.ts";
import { COUNTED, type CountedRow, type Sums, Tally } from "./tally.ts";

/** Where the sums are: all values of a dimension, or one of them. */
interface Source {
  readonly dimension: "all" | "ip" | "key" | "model" | "ip_model" | "key_model";
  readonly value: string | undefined;
}

const ADDED = `sum(r.requests) AS requests, sum(r.errors) AS errors, sum(r.input_tokens) AS input_tokens,
  sum(r.cached_input_tokens) AS cached_input_tokens, sum(r.output_tokens) AS output_tokens,
  total(r.cost_nano_usd) AS cost_nano_usd`;
const GROUPS = { ip: "r.value", key: "r.value", model: "r.model", provider: "r.provider", day: "substr(r.span, 5)" };
const SELECT_NOT_FOLDED = `SELECT ${COUNTED} FROM request_logs WHERE id > (SELECT folded_id FROM usage_mark)
  AND finished_at >= @from AND finished_at < @to || 'T~'`;

export class UsageSums {
  readonly #ofAll;
  readonly #ofOne;
  readonly #selectNotFolded;
  readonly #read: (by: UsageBy, source: Source, filter: UsageFilter) => Tally;

  constructor(db: Sqlite) {
    const prepare = (from: string) =>
      mapValues(GROUPS, (group) => db.prepare(`SELECT ${group} AS value, ${ADDED} ${from} GROUP BY 1`));
    this.#ofAll = prepare(`FROM usage_rollups AS r WHERE r.dimension = @dimension AND r.span BETWEEN @from AND @to`);
    // The rollups of `all` tell which spans there are; each is then one lookup. (With BETWEEN SQLite would read on to the end.)
    this.#ofOne = prepare(`FROM usage_rollups AS s CROSS JOIN usage_rollups AS r
      ON r.dimension = @dimension AND r.span = s.span AND r.value = @value WHERE s.dimension = 'all'
      AND s.span >= @from AND s.span <= @to`);
    this.#selectNotFolded = db.prepare(SELECT_NOT_FOLDED);
    this.#read = db.transaction((by: UsageBy, source: Source, filter: UsageFilter) => this.#tally(by, source, filter));
  }

  /** Undefined: these sums are not kept. */
  read(by: UsageBy, filter: UsageFilter): Tally | undefined {
    const source = sourceOf(by, filter);
    return source && this.#read(by, source, filter);
  }

  #tally(by: UsageBy, { dimension, value }: Source, filter: UsageFilter): Tally {
    const tally = new Tally();
    const statement = (value === undefined ? this.#ofAll : this.#ofOne)[by];
    for (const span of spansOf(by, dimension, filter)) {
      const sums = statement.all({ ...span, dimension, ...(value === undefined ? {} : { value }) });
      for (const row of sums as (Sums & { value: string })[]) tally.add(row.value, row);
    }
    const days = { from: filter.from ?? "", to: filter.to ?? "~" };
    for (const row of this.#selectNotFolded.all(days) as CountedRow[]) {
      if (isOf(row, filter)) tally.add(row[by], row);
    }
    return tally;
  }
}

/** Whether a row is of the address and key asked for. */
function isOf(row: CountedRow, { ip, key }: UsageFilter): boolean {
  return (ip === undefined || row.ip === ip) && (key === undefined || row.key === key);
}

/** An address and a key together have no rollup: there may be as many pairs as rows. */
function sourceOf(by: UsageBy, { ip, key }: UsageFilter): Source | undefined {
  if (ip !== undefined && key !== undefined) return undefined;
  const of = ip !== undefined ? "ip" : key !== undefined ? "key" : undefined;
  const value = ip ?? key;
  switch (by) {
    case "model":
    case "provider":
      return { dimension: of === undefined ? "model" : `${of}_model`, value };
    case "day":
      return { dimension: of ?? "all", value };
    case "ip":
    case "key":
      return of === undefined || of === by ? { dimension: by, value } : undefined;
  }
}

function spansOf(by: UsageBy, dimension: Source["dimension"], filter: UsageFilter): SpanRange[] {
  const byDayAlone = by === "day" || dimension === "ip_model" || dimension === "key_model";
  return byDayAlone ? [daySpans(filter)] : monthAndDaySpans(filter);
}

function mapValues<Name extends string, From, To>(
  record: Record<Name, From>,
  to: (value: From) => To,
): Record<Name, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([name, value]) => [name, to(value)])) as Record<Name, To>;
}
