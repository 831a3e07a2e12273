// Reads rows that match, in the order of their ids, a bounded number of rows looked at each time: whatever the filter, no
// read holds up the process. Days are found by the ids that they cover, which holds for clocks that jumped too.

import type { RowFilter } from "../core/billing.ts";
import type { Sqlite } from "./sqlite.ts";

/** Rows (or entries of an index) looked at in one read: about a millisecond. */
export const WINDOW = 1000;

const CONDITIONS: Readonly<Record<keyof RowFilter, string>> = {
  key: "key_id = @key",
  ip: "ip = @ip",
  status: "status = @status AND status <> 'ok'", // the second half admits the index
  model: "model_served = @model",
  provider: "provider = @provider",
  from: "finished_at >= @from",
  to: "finished_at < @to || 'T~'",
};
/** Those with an index, the most selective first. */
const INDEXED: readonly (keyof RowFilter)[] = ["key", "ip", "status"];

export type Order = "newest" | "oldest";

export interface ScanDeps {
  readonly db: Sqlite;
  readonly filter: RowFilter;
  /** What to select; has `id`. */
  readonly columns: string;
  readonly order: Order;
  /** Rows beyond this one, not itself; unless given all. */
  readonly start?: number | undefined;
}

export class RowScan<Row extends { readonly id: number }> {
  readonly #values: Record<string, unknown>;
  readonly #sign: 1 | -1;
  /** Of the last row of a window. */
  readonly #selectEnd;
  readonly #selectRows;
  /** Ids, the first not included. */
  #at: number;
  readonly #last: number;
  done: boolean;

  constructor({ db, filter, columns, order, start }: ScanDeps) {
    const asked = (Object.keys(CONDITIONS) as (keyof RowFilter)[]).filter((name) => filter[name] !== undefined);
    const index = INDEXED.find((name) => asked.includes(name) && !(name === "status" && filter.status === "ok"));
    const [beyond, within, direction] = order === "newest" ? ["<", ">=", "DESC"] : [">", "<=", "ASC"];
    const range = (end: string): string => `id ${beyond} @at AND id ${within} ${end} ORDER BY id ${direction}`;
    // A plus keeps SQLite from choosing another index.
    const others = asked.filter((name) => name !== index).map((name) => `+${condition(name, false)} AND `);
    const first = index === undefined ? "" : `${condition(index, true)} AND `;
    this.#selectEnd = db
      .prepare(`SELECT id FROM request_logs WHERE ${first}${range("@last")} LIMIT 1 OFFSET ${WINDOW - 1}`)
      .pluck();
    this.#selectRows = db.prepare(
      `SELECT ${columns} FROM request_logs WHERE ${first}${others.join("")}${range("@end")} LIMIT @most`,
    );
    this.#values = Object.fromEntries(asked.map((name) => [name, filter[name]]));
    this.#sign = order === "newest" ? -1 : 1;
    const { low, high } = bounds(db, filter);
    this.#last = order === "newest" ? low : high;
    const whole = order === "newest" ? high + 1 : low - 1;
    this.#at = start === undefined ? whole : order === "newest" ? Math.min(start, whole) : Math.max(start, whole);
    this.done = this.#isOver();
  }

  /** The next rows that match, at most so many; none where none of those looked at does. */
  next(most = WINDOW): Row[] {
    if (this.done) return [];
    const at = { ...this.#values, at: this.#at };
    const end = this.#selectEnd.get({ ...at, last: this.#last }) as number | undefined;
    const rows = this.#selectRows.all({ ...at, end: end ?? this.#last, most }) as Row[];
    this.#at = (rows.length === most ? rows.at(-1)?.id : undefined) ?? end ?? this.#last;
    this.done = this.#isOver();
    return rows;
  }

  /** Id up to which rows were looked at, that one included. */
  get at(): number {
    return this.#at;
  }

  #isOver(): boolean {
    return (this.#last - this.#at) * this.#sign <= 0;
  }
}

function condition(name: keyof RowFilter, indexed: boolean): string {
  return name === "status" && !indexed ? "status = @status" : CONDITIONS[name];
}

const SELECT_MARKS = `SELECT folded_id AS mark, (SELECT coalesce(max(id), 0) FROM request_logs) AS last,
  EXISTS (SELECT 1 FROM usage_rollups WHERE dimension = 'model' AND span BETWEEN 'month ' AND 'month ~'
    AND model = coalesce(@model, model) AND provider = coalesce(@provider, provider)) AS served FROM usage_mark`;
const SELECT_BOUNDS = `SELECT coalesce(min(low), 1) AS low, coalesce(max(high), 0) AS high FROM (
  SELECT first_id AS low, last_id AS high FROM usage_days WHERE day BETWEEN @from AND @to UNION ALL
  SELECT id, id FROM request_logs WHERE id > @mark AND finished_at >= @from AND finished_at < @to || 'T~')`;

/** Ids between which all that match are. A model or provider that never served is looked for in the newest rows alone. */
function bounds(db: Sqlite, { from, to, model, provider }: RowFilter): { low: number; high: number } {
  type Marks = { mark: number; last: number; served: 0 | 1 };
  const { mark, last, served } = db
    .prepare(SELECT_MARKS)
    .get({ model: model ?? null, provider: provider ?? null }) as Marks;
  const least = served ? 1 : mark + 1;
  if (from === undefined && to === undefined) return { low: least, high: last };
  const range = { from: from ?? "", to: to ?? "~", mark };
  const { low, high } = db.prepare(SELECT_BOUNDS).get(range) as { low: number; high: number };
  return { low: Math.max(low, least), high };
}
