// Removes rows that ended too long ago, some hundreds a turn of the event loop, and hours of rollups that no budget asks
// for. The rollups of days and months stay, so no sum changes. The file does not shrink: new rows take the pages that are
// free, and giving them back would write the whole file anew.

import { setImmediate as nextTurn } from "node:timers/promises";
import { DAY_MS, HOUR_MS } from "../core/budget.ts";
import { Rollups } from "./rollups.ts";
import type { Sqlite } from "./sqlite.ts";

const ROWS_A_TURN = 500;
const FIRST_SWEEP_MS = 60_000;
/** Rolling budgets reach back 30 days and an hour. */
const HOURS_KEPT_MS = 32 * DAY_MS;

/** The mark stays among the rows that there are: SQLite gives the id after the newest again. */
const MARK = `UPDATE usage_mark SET removed_before = max(removed_before, ?),
  folded_id = min(folded_id, (SELECT coalesce(max(id), 0) FROM request_logs))`;

export interface RetentionDeps {
  readonly db: Sqlite;
  /** Rows are kept for so many days after their end; `undefined`: for ever. */
  readonly days: number | undefined;
  /** What else is to be swept with it. */
  readonly also?: () => Promise<unknown>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Why a sweep ended early; the next one goes on. */
  readonly onFault: (reason: string) => void;
}

export interface Retention {
  /** Removes what is too old, as it is done every hour; the number of rows. Rejects with what SQLite throws. */
  sweep(): Promise<number>;
  /** Ends after the turn under way. */
  close(): void;
}

/** Sweeps a minute after the start and then hourly. */
export function createRetention(deps: RetentionDeps): Retention {
  return new Sweeper(deps);
}

class Sweeper implements Retention {
  readonly #deps: RetentionDeps;
  readonly #rollups: Rollups;
  readonly #selectDays;
  readonly #selectHours;
  readonly #deleteHour;
  readonly #removeSome: (from: number, to: number, before: string) => { removed: number; at: number | undefined };
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<number> | undefined;
  #closed = false;

  constructor(deps: RetentionDeps) {
    const { db } = deps;
    this.#deps = deps;
    this.#rollups = new Rollups(db);
    this.#selectDays = db.prepare("SELECT first_id, last_id FROM usage_days WHERE day <= ? ORDER BY day");
    this.#selectHours = db
      .prepare("SELECT span FROM usage_rollups WHERE dimension = 'all' AND span BETWEEN 'hour ' AND ?")
      .pluck();
    this.#deleteHour = db.prepare("DELETE FROM usage_rollups WHERE dimension IN ('all', 'key') AND span = ?");
    const select = db.prepare(`SELECT id, finished_at AS finished FROM request_logs WHERE id >= ?
      AND id <= min(?, (SELECT folded_id FROM usage_mark)) ORDER BY id LIMIT ${ROWS_A_TURN}`);
    const remove = db.prepare("DELETE FROM request_logs WHERE id = ?");
    const mark = db.prepare(MARK);
    this.#removeSome = db.transaction((from: number, to: number, before: string) => {
      const rows = select.all(from, to) as { id: number; finished: string }[];
      const old = rows.filter(({ finished }) => finished < before);
      for (const { id } of old) remove.run(id);
      if (old.length > 0) mark.run(before);
      return { removed: old.length, at: rows.length < ROWS_A_TURN ? undefined : rows.at(-1)?.id };
    }).immediate;
    this.#sweepIn(FIRST_SWEEP_MS);
  }

  sweep(): Promise<number> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #sweepIn(ms: number): void {
    this.#timer = setTimeout(async () => {
      try {
        await this.sweep();
        await this.#deps.also?.();
      } catch (cause) {
        this.#deps.onFault(cause instanceof Error ? cause.message : String(cause));
      }
      if (!this.#isOver()) this.#sweepIn(HOUR_MS);
    }, ms).unref();
  }

  async #sweep(): Promise<number> {
    const { days, now } = this.#deps;
    await this.#removeHours(new Date(now() - HOURS_KEPT_MS).toISOString().slice(0, 13));
    return days === undefined ? 0 : this.#removeRows(new Date(now() - days * DAY_MS).toISOString());
  }

  /** Day by day: where a clock has jumped, the ids of a day are far apart, but only rows that are still there are read. */
  async #removeRows(before: string): Promise<number> {
    let count = 0;
    if (this.#isOver()) return count;
    this.#rollups.foldAll();
    for (const { first_id, last_id } of this.#selectDays.all(before.slice(0, 10)) as Record<string, number>[]) {
      for (let from: number | undefined = first_id; from !== undefined && !this.#isOver(); ) {
        const { removed, at } = this.#removeSome(from, last_id ?? 0, before);
        count += removed;
        from = at === undefined ? undefined : at + 1;
        await nextTurn();
      }
    }
    return count;
  }

  async #removeHours(before: string): Promise<void> {
    if (this.#isOver()) return;
    for (const span of this.#selectHours.all(`hour ${before}`)) {
      if (this.#isOver()) return;
      this.#deleteHour.run(span);
      await nextTurn();
    }
  }

  #isOver(): boolean {
    return this.#closed || !this.#deps.db.open;
  }
}
