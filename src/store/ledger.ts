// The ledger on SQLite. Rows are written in groups, so that a durable row costs a few microseconds under load and one small
// commit when idle. Whoever settles waits for its commit.

import { BrokerError } from "../core/errors.ts";
import type { CallEnd, CallStart, HoldId, IpTotals, Ledger } from "../core/ledger.ts";
import { Addresses } from "./addresses.ts";
import { CallJournal, leftJournals } from "./call-journal.ts";
import { interrupted, isOfRow, NO_NUMBERS } from "./ends.ts";
import { Group } from "./group.ts";
import { RequestLog } from "./request-log.ts";
import { Rollups } from "./rollups.ts";
import { cantOpen, type Sqlite, stored } from "./sqlite.ts";

/** While the database refuses writes it is tried again this often. */
const RETRY_MS = 1000;

interface Write {
  readonly id: HoldId;
  readonly start: CallStart;
  readonly end: CallEnd;
  /** Told in the step in which the row was written. */
  readonly onDisk: (() => void) | undefined;
}

export interface LedgerDeps {
  readonly db: Sqlite;
  /** Of the journals. */
  readonly folder: string;
  /** Of this process; what processes that are not alive have left is cleared up. */
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  readonly now: () => number;
  readonly onFault?: (reason: string) => void;
  /** The journal is written anew when it has grown by this much; 16 MiB unless given. */
  readonly journalBytes?: number;
}

/**
 * Marks the calls of dead processes as interrupted before it takes new ones. Throws `config_invalid` with one line when the
 * database can't serve, and the file system's errors.
 */
export function createLedger(deps: LedgerDeps): Ledger {
  try {
    return new SqliteLedger(deps);
  } catch (cause) {
    throw isOfSqlite(cause) ? cantOpen(deps.db.name, cause) : cause;
  }
}

function isOfSqlite(cause: unknown): boolean {
  return String((cause as { code?: unknown }).code).startsWith("SQLITE_");
}

class SqliteLedger implements Ledger {
  fault: string | undefined;
  readonly #deps: LedgerDeps;
  readonly #log: RequestLog;
  readonly #addresses: Addresses;
  readonly #insert: (writes: readonly Write[]) => void;
  readonly #journal: CallJournal;
  /** Settled, but not on disk yet. */
  readonly #settling = new Set<HoldId>();
  /** Rows whose commit failed; tried again. Bounded: no new call begins meanwhile. */
  #unwritten: Write[] = [];
  readonly #rows = new Group<Write>((writes) => this.#store(writes));

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#log = new RequestLog(deps.db);
    this.#addresses = new Addresses(deps.db);
    const rollups = new Rollups(deps.db);
    this.#insert = deps.db.transaction((writes: readonly Write[]) => {
      let last = 0;
      for (const { start, end } of writes) last = this.#log.insert(start, end);
      if (last > 0) rollups.foldTo(last);
    }).immediate;
    this.#recover();
    rollups.foldAll();
    this.#journal = new CallJournal(deps.folder, deps.pid, deps.journalBytes);
  }

  async hold(start: CallStart): Promise<HoldId> {
    if (this.fault !== undefined) throw new BrokerError("storage_unavailable");
    try {
      return await this.#journal.begin(start);
    } catch (cause) {
      this.#fail(cause);
      throw new BrokerError("storage_unavailable");
    }
  }

  async settle(
    id: HoldId,
    start: CallStart,
    end: CallEnd,
    onDisk?: () => void,
  ): Promise<"settled" | "already_settled"> {
    if (!this.#journal.open.has(id) || this.#settling.has(id)) return "already_settled";
    this.#settling.add(id);
    await this.#rows.add({ id, start, end, onDisk });
    return "settled";
  }

  get unwritten(): number {
    return this.#unwritten.length;
  }

  get lagMs(): number {
    const [oldest] = this.#unwritten;
    return oldest ? Math.max(0, this.#deps.now() - oldest.end.finishedAt) : 0;
  }

  byIp(limit: number): IpTotals[] {
    const open = Map.groupBy(this.#journal.open.values(), ({ ip }) => ip);
    const logged = stored(() => this.#addresses.list(limit)).map((totals) => ({
      ...totals,
      inFlight: open.get(totals.ip)?.length ?? 0,
    }));
    for (const { ip } of logged) open.delete(ip);
    // Addresses whose first call is under way have no row yet; when the list is full, others may have one beyond it.
    const fresh = [...open].slice(0, limit - logged.length).map(([ip, calls]) => firstCalls(ip, calls));
    return [...fresh, ...logged];
  }

  async close(): Promise<void> {
    if (!this.#deps.db.open) return;
    this.#rows.flush();
    this.#retry();
    this.#journal.close();
    this.#deps.db.close();
    this.fault ??= "closed";
  }

  #store(writes: readonly Write[]): void {
    if (this.fault === undefined) {
      try {
        this.#commit(writes);
      } catch (cause) {
        this.#fail(cause);
      }
    }
    if (this.fault !== undefined) {
      this.#unwritten.push(...writes);
      throw new BrokerError("storage_unavailable");
    }
    tell(writes);
  }

  /** Told once, however many calls meet it. */
  #fail(cause: unknown): void {
    if (this.fault !== undefined) return;
    this.fault = cause instanceof Error ? cause.message : String(cause);
    this.#deps.onFault?.(this.fault);
    this.#retryLater();
  }

  /** Until its row is on disk a call stays in the journal. */
  #commit(writes: readonly Write[]): void {
    try {
      this.#insert(writes);
    } catch (cause) {
      if (!isOfRow(cause)) throw cause;
      for (const write of writes) this.#insertOne(write);
    }
    for (const { id } of writes) {
      this.#journal.end(id);
      this.#settling.delete(id);
    }
  }

  /** A row that the database can't hold must not keep all others from it: it is written without its numbers, and told. */
  #insertOne(write: Write): void {
    try {
      this.#insert([write]);
    } catch (cause) {
      if (!isOfRow(cause)) throw cause;
      this.#insert([{ ...write, end: { ...write.end, ...NO_NUMBERS } }]);
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.#deps.onFault?.(`the numbers of ${write.start.requestId} could not be kept (${reason})`);
    }
  }

  /** One timer at a time, however many calls end meanwhile: each try may wait for a lock, and holds up all else. */
  #retryLater(): void {
    setTimeout(() => {
      if (this.#deps.db.open && !this.#retry()) this.#retryLater();
    }, RETRY_MS).unref();
  }

  /** Writes what is left over, or an empty transaction, to learn whether database and journal serve again. */
  #retry(): boolean {
    if (this.fault === undefined) return true;
    const writes = this.#unwritten;
    try {
      this.#commit(writes);
    } catch {
      return false;
    }
    this.#unwritten = [];
    tell(writes);
    try {
      this.#journal.check();
    } catch {
      return false;
    }
    this.fault = undefined;
    return true;
  }

  /** Whatever a line of a journal says, the others get their rows and the broker starts. */
  #insertInterrupted(start: CallStart): void {
    const end = interrupted(start, this.#deps.now());
    for (const each of [end, { ...end, ...NO_NUMBERS }]) {
      try {
        this.#log.insert(start, each);
        return;
      } catch (cause) {
        if (!isOfRow(cause)) throw cause;
      }
    }
    this.#deps.onFault?.("a damaged line of a journal was passed over");
  }

  #recover(): void {
    const { db, folder, pid, isAlive } = this.#deps;
    const left = leftJournals(folder, (other) => other === pid || !isAlive(other));
    const starts = left.flatMap((journal) => journal.starts);
    // Looked up and written at once: of two processes that start together the second finds the rows of the first.
    const interrupt = db.transaction(() => {
      for (const start of this.#log.withoutRow(starts)) this.#insertInterrupted(start);
    }).immediate;
    if (starts.length > 0) interrupt();
    for (const journal of left) journal.remove();
  }
}

/** Apart from the commit: whatever is thrown here must not make a row that is written look as if it were not. */
function tell(writes: readonly Write[]): void {
  for (const { onDisk } of writes) onDisk?.();
}

function firstCalls(ip: string, calls: readonly CallStart[]): IpTotals {
  const firstSeen = calls[0]?.startedAt ?? 0;
  const lastSeen = calls.at(-1)?.startedAt ?? 0;
  return { ip, requests: 0, errors: 0, firstSeen, lastSeen, inFlight: calls.length, recent: [] };
}
