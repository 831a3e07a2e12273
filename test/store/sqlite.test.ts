// Opening requests.db: migrations from nothing and only forward, WAL, for its owner's eyes alone.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import Database from "better-sqlite3";
import { BrokerError } from "../../src/core/errors.ts";
import { createBilling } from "../../src/store/billing.ts";
import { RequestLog } from "../../src/store/request-log.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { end, start } from "../support/entries.ts";
import { tempDir, tempFile } from "../support/temp.ts";
import { crashChild, open } from "./open-ledger.ts";
import { ANY, assertSums } from "./sums.ts";

const MIGRATIONS = join(import.meta.dirname, "../../src/store/migrations");
const NEWEST = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql")).length;

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const isFault =
  (message: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof BrokerError, String(error));
    assert.equal(error.kind, "config_invalid");
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"), "one line");
    return true;
  };

describe("a new request log", () => {
  test("is made with its folders, migrated, in WAL mode", (t) => {
    const path = join(tempDir(t), "deep/deeper/requests.db");
    const db = openSqlite(path);
    t.after(() => db.close());
    assert.equal(db.pragma("user_version", { simple: true }), NEWEST);
    assert.equal(db.pragma("journal_mode", { simple: true }), "wal");
    assert.equal(db.pragma("synchronous", { simple: true }), 1);
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
    assert.ok(tables.includes("request_logs"));
    assert.equal(modeOf(join(path, "..")), 0o700);
  });

  test("is readable by its owner alone, and so are the files beside it", (t) => {
    const folder = tempDir(t);
    chmodSync(folder, 0o755);
    const db = openSqlite(join(folder, "requests.db"));
    t.after(() => db.close());
    db.exec("CREATE TABLE t (x)");
    for (const name of ["requests.db", "requests.db-wal", "requests.db-shm"]) {
      assert.equal(modeOf(join(folder, name)).toString(8), "600", name);
    }
  });

  test("may wait for the disk at every commit", (t) => {
    const db = openSqlite(join(tempDir(t), "requests.db"), "FULL");
    t.after(() => db.close());
    assert.equal(db.pragma("synchronous", { simple: true }), 2);
  });

  test("may live in memory", () => {
    const db = openSqlite(":memory:");
    assert.equal(db.pragma("user_version", { simple: true }), NEWEST);
    db.close();
  });

  test("may be opened by several processes at once", { timeout: 20_000 }, async (t) => {
    const path = join(tempDir(t), "requests.db");
    const child = join(import.meta.dirname, "crash-child.ts");
    const codes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const [code] = await once(spawn(process.execPath, [child, path, "open"], { stdio: "inherit" }), "close");
        return code;
      }),
    );
    assert.deepEqual(codes, [0, 0, 0, 0]);
  });
});

describe("a request log that is there", () => {
  test("keeps its rows and gets its mode back", (t) => {
    const path = join(tempDir(t), "requests.db");
    const first = openSqlite(path);
    new RequestLog(first).insert(start(), end());
    first.close();
    chmodSync(path, 0o644);
    const second = openSqlite(path);
    t.after(() => second.close());
    assert.equal(second.prepare("SELECT count(*) FROM request_logs").pluck().get(), 1);
    assert.equal(modeOf(path), 0o600);
  });

  test("of a newer broker is refused and left alone", (t) => {
    const path = join(tempDir(t), "requests.db");
    const newer = new Database(path);
    newer.pragma(`user_version = ${NEWEST + 1}`);
    newer.close();
    const before = readFileSync(path);
    assert.throws(
      () => openSqlite(path),
      isFault(RegExp(`has schema ${NEWEST + 1}, this broker knows ${NEWEST}: .*DATA_DIR`)),
    );
    assert.ok(before.equals(readFileSync(path)) || before.length === readFileSync(path).length);
    const after = new Database(path);
    t.after(() => after.close());
    assert.equal(after.prepare("SELECT count(*) FROM sqlite_master").pluck().get(), 0);
  });

  test("that is no database is refused with one line, and left alone", (t) => {
    const text = "this is a text of more than sixteen letters\n".repeat(100);
    const path = tempFile(t, "requests.db", text);
    assert.throws(() => openSqlite(path), isFault(/can't be opened: .*not a database.*a backup.*DATA_DIR/));
    assert.equal(readFileSync(path, "utf8"), text);
  });

  /** What is overwritten, by page; the first holds the schema. */
  const damages: Record<string, (file: Buffer) => Buffer> = {
    "whose schema is overwritten": (file) => file.fill(0xa5, 100, 4096),
    "whose tables are overwritten": (file) => file.fill(0xa5, 4096),
    "that lost its end": (file) => file.subarray(0, 4096 * 2),
  };
  for (const [name, damage] of Object.entries(damages)) {
    test(`${name} is refused with one line, and left alone`, (t) => {
      const path = join(tempDir(t), "requests.db");
      earlier(path, NEWEST, 2000);
      const damaged = damage(readFileSync(path));
      writeFileSync(path, damaged);
      assert.throws(() => open(t, path), isFault(/can't be opened: .*malformed.*a backup.*DATA_DIR/));
      assert.ok(damaged.equals(readFileSync(path)));
    });
  }

  test("that is a folder, or under a file, is refused with one line", (t) => {
    const folder = tempDir(t);
    mkdirSync(join(folder, "requests.db"));
    assert.throws(() => openSqlite(join(folder, "requests.db")), isFault(/can't be opened/));
    writeFileSync(join(folder, "file"), "");
    assert.throws(() => openSqlite(join(folder, "file/requests.db")), isFault(/can't be opened/));
  });
});

describe("a request log of an earlier broker", () => {
  const versions = Array.from({ length: NEWEST }, (_, version) => version);

  for (const version of versions) {
    test(`with schema ${version} keeps its rows, sums them up, and serves`, async (t) => {
      const path = join(tempDir(t), "requests.db");
      const before = earlier(path, version);
      const { ledger, db } = open(t, path);
      assert.equal(db.pragma("user_version", { simple: true }), NEWEST);
      const columns = Object.keys(before[0] ?? {}).join();
      if (before.length > 0) assert.deepEqual(db.prepare(`SELECT ${columns} FROM request_logs`).all(), before);
      await ledger.settle(await ledger.hold(start()), start(), end());
      assertSums(db);
      const { total } = await createBilling(db).usage("ip", ANY, 10);
      assert.equal(total.requests, before.length + 1);
    });
  }

  test("is migrated once by processes that start together", { timeout: 20_000 }, async (t) => {
    const path = join(tempDir(t), "requests.db");
    const before = earlier(path, 1);
    const children = Array.from({ length: 4 }, () => crashChild(t, path, "recover"));
    for (const { line } of children) assert.equal(await line(), "ready");
    const ends = children.map(({ child }) => once(child, "close"));
    for (const { child } of children) child.stdin.end("go");
    assert.deepEqual(await Promise.all(ends), Array(4).fill([0, null]));
    const { db } = open(t, path);
    assert.equal(db.prepare("SELECT count(*) FROM request_logs").pluck().get(), before.length);
    assertSums(db);
  });

  test("more rows than are summed up at once are summed up too", (t) => {
    const path = join(tempDir(t), "requests.db");
    earlier(path, 1, 45_000);
    const { db } = open(t, path);
    assert.equal(db.prepare("SELECT folded_id FROM usage_mark").pluck().get(), 45_000);
    assertSums(db);
  });
});

/** A database as the first so many migrations made it, with rows where there is a table for them. */
function earlier(path: string, version: number, count = 300): Record<string, unknown>[] {
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
  for (const name of files.sort().slice(0, version)) db.exec(readFileSync(join(MIGRATIONS, name), "utf8"));
  db.pragma(`user_version = ${version}`);
  if (version > 0) {
    db.exec(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${count})
      INSERT INTO request_logs (started_at, finished_at, duration_ms, ip, key_id, method, model, model_served, provider,
        stream, input_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, audio_input_tokens,
        output_tokens, reasoning_tokens, audio_output_tokens, cost_nano_usd, usage_source, attempts, status, request_id)
      SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + n * 997, 'unixepoch'),
        strftime('%Y-%m-%dT%H:%M:%fZ', 1700000003 + n * 997, 'unixepoch'), 3000, '10.0.0.' || n % 7,
        CASE WHEN n % 3 THEN 'key_' || n % 5 END, 'chat.completions.create', 'auto',
        CASE WHEN n % 11 THEN 'model-' || n % 4 END, CASE WHEN n % 11 THEN 'provider-' || n % 2 END,
        0, n, 1, 2, 3, 4, 5, 6, 7, n * 1000, 'provider', 1,
        CASE n % 10 WHEN 0 THEN 'error' WHEN 1 THEN 'cancelled' WHEN 2 THEN 'interrupted' ELSE 'ok' END, 'req_' || n
      FROM n`);
  }
  const rows = version > 0 ? (db.prepare("SELECT * FROM request_logs").all() as Record<string, unknown>[]) : [];
  db.close();
  return rows;
}

describe("the table request_logs", () => {
  test("has the columns of the ledger row, and refuses what is no status or source", (t) => {
    const db = openSqlite(":memory:");
    t.after(() => db.close());
    const columns = db.prepare("SELECT name FROM pragma_table_info('request_logs')").pluck().all();
    for (const column of [
      ...[
        "id",
        "started_at",
        "finished_at",
        "duration_ms",
        "ttft_ms",
        "ip",
        "key_id",
        "method",
        "model",
        "model_served",
      ],
      ...[
        "provider",
        "model_id",
        "provider_key",
        "stream",
        "input_tokens",
        "cached_input_tokens",
        "cache_write_tokens",
      ],
      ...["audio_input_tokens", "output_tokens", "reasoning_tokens", "audio_output_tokens", "cost_nano_usd"],
      ...["usage_source", "attempts", "status", "error_kind", "request_id", "parent_id", "audio_seconds", "characters"],
    ]) {
      assert.ok(columns.includes(column), column);
    }
    const sql = db.prepare("SELECT sql FROM sqlite_master WHERE name = 'request_logs'").pluck().get() as string;
    assert.match(sql, /STRICT/);
  });
});
