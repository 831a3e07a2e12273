// Ledgers on real files, and a witness: another connection that sees only what is committed.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import Database from "better-sqlite3";
import { BrokerError } from "../../src/core/errors.ts";
import { createLedger, type LedgerDeps } from "../../src/store/ledger.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { tempDir } from "../support/temp.ts";

export type Row = Record<string, unknown>;

/** `[request_id, status]` */
export type Outcome = readonly [string, string];

/** Another broker on the file at `path`, closed after the test. */
export function open(t: TestContext, path: string, more: Partial<LedgerDeps> = {}) {
  const db = openSqlite(path);
  const faults: string[] = [];
  const ledger = createLedger({
    db,
    folder: dirname(path),
    pid: 100,
    isAlive: () => false,
    now: () => 9_000,
    onFault: (reason) => faults.push(reason),
    ...more,
  });
  t.after(() => ledger.close());
  return { db, ledger, faults };
}

export function place(t: TestContext) {
  const folder = tempDir(t);
  const path = join(folder, "requests.db");
  openSqlite(path).close();
  const witness = new Database(path);
  t.after(() => witness.close());
  return {
    folder,
    path,
    witness,
    rows: () => witness.prepare("SELECT * FROM request_logs ORDER BY id").all() as Row[],
    outcomes: () =>
      witness.prepare("SELECT request_id, status FROM request_logs ORDER BY id").raw().all() as unknown as Outcome[],
    journals: () => readdirSync(folder).filter((name) => name.includes("journal")),
    /** Request ids in the journal of a process. */
    journal: (pid = 100) =>
      readFileSync(join(folder, `calls-${pid}.journal`), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => (line === "" ? "" : (JSON.parse(line).requestId as string))),
    /** Commits since the log was last moved into the database: frames of the WAL that end a transaction. */
    commits: () => countCommits(readFileSync(`${path}-wal`)),
  };
}

export function setup(t: TestContext, more: Partial<LedgerDeps> = {}) {
  const here = place(t);
  return { ...here, ...open(t, here.path, more) };
}

function countCommits(wal: Buffer): number {
  if (wal.length === 0) return 0;
  const page = wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + 24 + page <= wal.length; at += 24 + page) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break; // left over from before a reset
    if (wal.readUInt32BE(at + 4) !== 0) commits++;
  }
  return commits;
}

export const unavailable = (error: unknown): boolean =>
  error instanceof BrokerError && error.kind === "storage_unavailable";

/** A process that can be killed. `blocks`: its files can't get longer than this many blocks of 512 or 1024 bytes. */
export function crashChild(t: TestContext, path: string, mode: string, blocks?: number) {
  const args = [process.execPath, join(import.meta.dirname, "crash-child.ts"), path, mode];
  const [command = "", ...rest] =
    blocks === undefined ? args : ["sh", "-c", `ulimit -f ${blocks}; exec "$0" "$@"`, ...args];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  return {
    child,
    pid: child.pid ?? 0,
    line: async () => String((await once(child.stdout, "data"))[0]).trimEnd(),
    isAlive: (pid: number) => pid === child.pid && isRunning(child),
    kill: async () => {
      child.kill("SIGKILL");
      if (isRunning(child)) await once(child, "close");
    },
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
