// A database that can't serve: what was settled is kept and written once when it can again, sums included; a call that
// begins meanwhile is refused; nobody crashes.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { CallEnd } from "../../src/core/ledger.ts";
import { createBilling } from "../../src/store/billing.ts";
import { end, start } from "../support/entries.ts";
import { setup, unavailable } from "./open-ledger.ts";
import { ANY, assertSums } from "./sums.ts";

function house(t: TestContext) {
  const here = setup(t);
  here.db.pragma("busy_timeout = 20");
  const settle = async (requestId: string, ended: CallEnd = end()): Promise<string> => {
    const begun = start({ requestId });
    return here.ledger.settle(await here.ledger.hold(begun), begun, ended);
  };
  const recovered = async (): Promise<void> => {
    while (here.ledger.fault !== undefined) await sleep(20);
  };
  return { ...here, settle, recovered };
}

/** A process that has the write lock until it is told to let it go. */
async function locker(t: TestContext, path: string) {
  const script = `import Database from "better-sqlite3";
    const db = new Database(process.argv[1]);
    db.exec("BEGIN IMMEDIATE");
    process.stdout.write("locked");
    process.stdin.once("data", () => { db.exec("COMMIT"); process.exit(); });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, path], {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return async () => {
    const closed = once(child, "close");
    child.stdin.write("go");
    await closed;
  };
}

describe("a database that another process has locked", () => {
  test("gets the rows and their sums once, when it is free", { timeout: 30_000 }, async (t) => {
    const { settle, recovered, path, ledger, db, faults, rows } = house(t);
    for (let n = 0; n < 250; n++) await settle(`before-${n}`);
    const holds = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => [await ledger.hold(start({ requestId: `kept-${n}` })), n] as const),
    );
    const release = await locker(t, path);
    const settled = holds.map(([hold, n]) => ledger.settle(hold, start({ requestId: `kept-${n}` }), end()));
    await Promise.all(settled.map((each) => assert.rejects(each, unavailable)));
    await assert.rejects(ledger.hold(start()), unavailable);
    const { total } = await createBilling(db).usage("ip", ANY, 1);
    assert.equal(total.requests, 250, "reports are read all the while");
    await release();
    await recovered();
    assert.equal(await settle("after"), "settled");
    assert.equal(rows().length, 271);
    assert.equal(new Set(rows().map(({ request_id }) => request_id)).size, 271);
    assert.equal((await createBilling(db).usage("ip", ANY, 1)).total.requests, 271);
    assertSums(db);
    assert.equal(faults.length, 1);
  });
});

describe("a full disk", () => {
  test("refuses calls, keeps what was settled, and serves again when there is room", { timeout: 30_000 }, async (t) => {
    const { settle, recovered, ledger, db, faults, rows } = house(t);
    db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 4}`);
    let settled = 0;
    await assert.rejects(async () => {
      for (; settled < 500; settled++) await settle(`r${settled}`);
    }, unavailable);
    assert.match(faults.join(), /^database or disk is full$/);
    assert.ok(settled > 10);
    await assert.rejects(ledger.hold(start()), unavailable);
    assert.equal(rows().length, settled);
    db.pragma("max_page_count = 1000000");
    await recovered();
    assert.equal(rows().length, settled + 1, "the row that was refused is there, once");
    for (let n = 0; n < 300; n++) await settle(`after-${n}`);
    assert.equal((await createBilling(db).usage("ip", ANY, 1)).total.requests, settled + 301);
    assertSums(db);
  });
});

describe("a database that is damaged while it is used", () => {
  test("is told, refuses calls, and crashes nobody", async (t) => {
    const { settle, ledger, db, path, faults } = house(t);
    for (let n = 0; n < 400; n++) await settle(`r${n}`);
    db.pragma("wal_checkpoint(TRUNCATE)");
    const file = openSync(path, "r+");
    t.after(() => closeSync(file));
    writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xa5), 0, undefined, 4096);
    db.pragma("shrink_memory"); // what it has read is forgotten
    await assert.rejects(settle("damaged"), unavailable);
    assert.match(ledger.fault ?? "", /malformed/);
    assert.equal(faults.length, 1);
    await assert.rejects(ledger.hold(start()), unavailable);
    assert.throws(() => ledger.byIp(10), unavailable);
    await assert.rejects(createBilling(db).usage("ip", ANY, 1), unavailable);
    await ledger.close();
  });
});

describe("a clock that jumps", () => {
  test("forth and back by years leaves rows, sums and reports right", async (t) => {
    const { settle, db, rows } = house(t);
    const now = 1_700_000_001_500;
    const jumps = [0, 3 * 365, -3 * 365, 1, -1, 40, -40, 0];
    for (const [round, days] of jumps.entries()) {
      for (let n = 0; n < 50; n++) await settle(`${round}-${n}`, end({ finishedAt: now + days * 86_400_000 }));
    }
    assert.equal(rows().length, 400);
    assert.ok(rows().every(({ duration_ms }) => Number(duration_ms) >= 0));
    assertSums(db);
    const { data } = await createBilling(db).usage("day", ANY, 1000);
    assert.deepEqual(
      data.map(({ value, totals }) => [value, totals.requests]),
      [
        ["2023-11-14", 250], // the start, where the end would be before it
        ["2023-11-15", 50],
        ["2023-12-24", 50],
        ["2026-11-13", 50],
      ],
    );
  });
});
