// Opens requests.db and brings it to the newest schema. Migrations go forward only, each in a transaction of its own; a
// database of a newer broker is refused. WAL with synchronous=NORMAL survives kill -9; FULL survives power loss too.

import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { BrokerError } from "../core/errors.ts";

export type Sqlite = Database.Database;

/** Waiting for another process' lock holds up everything; what could not be written is kept and tried again. */
const BUSY_MS = 250;
/** 16 MB: the pages that every commit touches are written back to the database less often. */
const CHECKPOINT_PAGES = 4000;
const DAMAGED: ReadonlySet<unknown> = new Set(["SQLITE_CORRUPT", "SQLITE_NOTADB"]);
const MIGRATIONS = join(import.meta.dirname, "migrations");

/** `path` may be `:memory:`. Throws `config_invalid` with one line when the file can't serve. */
export function openSqlite(path: string, synchronous: "NORMAL" | "FULL" = "NORMAL"): Sqlite {
  let db: Sqlite | undefined;
  try {
    if (path !== ":memory:") makePrivate(path);
    db = new Database(path, { timeout: 5000 });
    db.pragma("journal_mode = WAL");
    db.pragma(`synchronous = ${synchronous}`);
    db.pragma("foreign_keys = ON");
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    migrate(db, path);
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    return db;
  } catch (cause) {
    db?.close();
    throw cantOpen(path, cause);
  }
}

/** Why the file can't serve, in one line. It is left as it is. */
export function cantOpen(path: string, cause: unknown): BrokerError {
  if (cause instanceof BrokerError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = DAMAGED.has((cause as { code?: unknown }).code)
    ? "Put a backup in its place, move it away, or set DATA_DIR to another folder"
    : "Set DATA_DIR to a folder that can be written";
  return new BrokerError("config_invalid", `The request log ${path} can't be opened: ${reason}. ${advice}.`);
}

/** What `action` returns; whatever SQLite throws becomes `storage_unavailable`. */
export function stored<Value>(action: () => Value): Value {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof BrokerError) throw cause;
    const error = new BrokerError("storage_unavailable");
    error.cause = cause;
    throw error;
  }
}

/** Before SQLite opens it, because the files beside it (WAL, shared memory) get the mode that it has then. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

function migrate(db: Sqlite, path: string): void {
  const files = readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  if (versionOf(db) > files.length) {
    throw new BrokerError(
      "config_invalid",
      `The request log ${path} has schema ${versionOf(db)}, this broker knows ${files.length}: start the newer broker, or set DATA_DIR to another folder.`,
    );
  }
  files.forEach((name, index) => {
    db.transaction(() => {
      if (versionOf(db) > index) return; // done, perhaps just now by another process
      db.exec(readFileSync(join(MIGRATIONS, name), "utf8"));
      db.pragma(`user_version = ${index + 1}`);
    }).immediate();
  });
}

function versionOf(db: Sqlite): number {
  return db.pragma("user_version", { simple: true }) as number;
}
