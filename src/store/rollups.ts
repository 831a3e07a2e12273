// Keeps the sums of rows. A row is not added to ten sums when it is written, which would cost more than the row: once some
// rows have come together they are summed and added at once, in the transaction that moves the mark behind them. Whoever
// reads adds the rows after the mark, so sums are exact at any time, after any crash and with several writers.

import type { Sqlite } from "./sqlite.ts";
import { addTo, SUMMED, type Sums, sumsOf } from "./tally.ts";

/** Folding costs 1 to 2 µs a row where calls are much alike; up to so many rows are read by whoever asks for a sum. */
const FOLD_ROWS = 256;
/** Of one fold, where many wait. */
const MOST_ROWS = 20_000;
/** No sum grows beyond: SQLite's integers end soon after, and an absurd amount must not stop the ledger. */
const MOST_COST = 9e18;

const ADD = `INSERT INTO usage_rollups (dimension, span, value, model, provider, requests, errors, input_tokens,
  cached_input_tokens, output_tokens, cost_nano_usd) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, errors = errors + excluded.errors,
  input_tokens = input_tokens + excluded.input_tokens,
  cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
  output_tokens = output_tokens + excluded.output_tokens,
  cost_nano_usd = min(cost_nano_usd + excluded.cost_nano_usd, 9000000000000000000)`;
const ADD_DAY = `INSERT INTO usage_days VALUES (?, ?, ?) ON CONFLICT DO UPDATE
  SET first_id = min(first_id, excluded.first_id), last_id = max(last_id, excluded.last_id)`;
const ADD_ADDRESS = `INSERT INTO usage_addresses VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
  SET requests = requests + excluded.requests, errors = errors + excluded.errors,
  first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)`;

/** One combination of values in one hour. */
interface Summed extends Sums {
  readonly hour: string;
  readonly ip: string;
  readonly key: string;
  readonly model: string;
  readonly provider: string;
  first_seen: string;
  last_seen: string;
  first_id: number;
  last_id: number;
}

/** What is to be added to a row of `usage_rollups`. */
interface Rollup {
  readonly dimension: string;
  readonly span: string;
  readonly value: string;
  readonly model: string;
  readonly provider: string;
  readonly sums: Sums;
}

export class Rollups {
  readonly #selectMark;
  readonly #moveMark;
  readonly #summed;
  readonly #add;
  readonly #addDay;
  readonly #addAddress;
  readonly #foldSome: () => boolean;

  constructor(db: Sqlite) {
    this.#selectMark = db.prepare("SELECT folded_id FROM usage_mark").pluck();
    this.#moveMark = db.prepare("UPDATE usage_mark SET folded_id = ?");
    this.#summed = db.prepare(SUMMED);
    this.#add = db.prepare(ADD);
    this.#addDay = db.prepare(ADD_DAY);
    this.#addAddress = db.prepare(ADD_ADDRESS);
    const selectLast = db.prepare("SELECT coalesce(max(id), 0) FROM request_logs").pluck();
    this.#foldSome = db.transaction(() => this.foldTo(selectLast.get() as number, 1)).immediate;
  }

  /** Within the transaction that has written the row `last`: adds up what came since the mark, once it is enough. True: it was. */
  foldTo(last: number, enough = FOLD_ROWS): boolean {
    const mark = this.#selectMark.get() as number;
    if (last - mark < enough) return false;
    const to = Math.min(last, mark + MOST_ROWS);
    this.#fold(this.#summed.all(mark, to) as Summed[]);
    this.#moveMark.run(to);
    return true;
  }

  /** Adds up all rows that wait, in transactions of its own. */
  foldAll(): void {
    while (this.#foldSome());
  }

  #fold(combinations: readonly Summed[]): void {
    const rollups = new Map<string, Rollup>();
    const days = new Map<string, Summed>();
    const addresses = new Map<string, Summed>();
    for (const each of combinations) {
      addToRollups(rollups, each);
      widen(days, each.hour.slice(0, 10), each);
      widen(addresses, each.ip, each);
    }
    // In the order of the table, where neighbours share pages.
    for (const name of [...rollups.keys()].sort()) this.#addRollup(rollups.get(name) as Rollup);
    for (const [day, { first_id, last_id }] of days) this.#addDay.run(day, first_id, last_id);
    for (const [ip, a] of addresses) this.#addAddress.run(ip, a.requests, a.errors, a.first_seen, a.last_seen);
  }

  #addRollup({ dimension, span, value, model, provider, sums }: Rollup): void {
    this.#add.run(
      dimension,
      span,
      value,
      model,
      provider,
      sums.requests,
      sums.errors,
      sums.input_tokens,
      sums.cached_input_tokens,
      sums.output_tokens,
      Math.min(sums.cost_nano_usd, MOST_COST),
    );
  }
}

/** The sums that a row is part of: what 002-usage.sql tells of dimensions and spans. */
function addToRollups(rollups: Map<string, Rollup>, each: Summed): void {
  const { hour, ip, key, model, provider } = each;
  const day = `day ${hour.slice(0, 10)}`;
  const add = (dimension: string, span: string, value: string, model: string, provider: string): void => {
    const name = `${dimension}\n${span}\n${value}\n${model}\n${provider}`;
    const rollup = rollups.get(name);
    if (rollup) addTo(rollup.sums, each);
    else rollups.set(name, { dimension, span, value, model, provider, sums: sumsOf(each) });
  };
  add("all", `hour ${hour}`, "", "", "");
  add("key", `hour ${hour}`, key, "", "");
  add("ip_model", day, ip, model, provider);
  add("key_model", day, key, model, provider);
  for (const span of [day, `month ${hour.slice(0, 7)}`]) {
    add("all", span, "", "", "");
    add("ip", span, ip, "", "");
    add("key", span, key, "", "");
    add("model", span, "", model, provider);
  }
}

/** Adds to what has the same name. */
function widen(named: Map<string, Summed>, name: string, more: Summed): void {
  const into = named.get(name);
  if (!into) {
    named.set(name, { ...more });
    return;
  }
  addTo(into, more);
  if (more.first_seen < into.first_seen) into.first_seen = more.first_seen;
  if (more.last_seen > into.last_seen) into.last_seen = more.last_seen;
  into.first_id = Math.min(into.first_id, more.first_id);
  into.last_id = Math.max(into.last_id, more.last_id);
}
