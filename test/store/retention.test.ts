// Retention: rows that ended too long ago go, some a turn; no sum changes, and no row that comes later is lost.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createBilling } from "../../src/store/billing.ts";
import { createRetention } from "../../src/store/retention.ts";
import { createSpending } from "../../src/store/spending.ts";
import { end, IPS, randomCall, start } from "../support/entries.ts";
import { seeded } from "../support/random.ts";
import { open, setup } from "./open-ledger.ts";
import { ANY } from "./sums.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 11, 1, 12);

function house(t: TestContext, days: number | undefined, now = () => NOW) {
  const here = setup(t);
  const faults: string[] = [];
  const retention = createRetention({ db: here.db, days, now, onFault: (reason) => faults.push(reason) });
  t.after(() => retention.close());
  const call = async (finishedAt: number, requestId = "r"): Promise<void> => {
    const begun = start({ requestId, startedAt: finishedAt });
    await here.ledger.settle(await here.ledger.hold(begun), begun, end({ finishedAt }));
  };
  const fill = async (count: number, seed: number): Promise<void> => {
    const random = seeded(seed);
    for (let n = 0; n < count; n += 50) {
      const calls = Array.from({ length: 50 }, (_, i) => randomCall(random, `${seed}-${n + i}`));
      await Promise.all(calls.map(async ([a, b]) => here.ledger.settle(await here.ledger.hold(a), a, b)));
    }
  };
  const finished = (): unknown[] =>
    here.witness.prepare("SELECT finished_at FROM request_logs ORDER BY id").pluck().all();
  const report = async (): Promise<unknown> => {
    const billing = createBilling(here.db);
    const reports = (["ip", "key", "model", "provider", "day"] as const).flatMap((by) => [
      billing.usage(by, ANY, 1000),
      billing.usage(by, { ...ANY, from: "2026-11-03", to: "2026-12-15" }, 1000),
    ]);
    const seen = here.ledger.byIp(10).map(({ recent: _, ...totals }) => totals);
    return [await Promise.all(reports), billing.summary("2026-11-21"), seen];
  };
  return { ...here, retention, faults, call, fill, finished, report };
}

describe("a sweep", () => {
  test("removes exactly the rows that ended more than so many days ago, wherever they stand", async (t) => {
    const { retention, fill, finished } = house(t, 10);
    await fill(2500, 1);
    const before = new Date(NOW - 10 * DAY).toISOString();
    const stay = finished().filter((time) => String(time) >= before);
    const removed = await retention.sweep();
    assert.ok(removed > 500);
    assert.deepEqual(finished(), stay);
    assert.equal(await retention.sweep(), 0);
  });

  test("changes no sum, also for calls that come later", async (t) => {
    const { retention, fill, report, db } = house(t, 10);
    await fill(1000, 2);
    const before = await report();
    await retention.sweep();
    assert.deepEqual(await report(), before);
    const [day, hours] = [Date.UTC(2026, 10, 5), Date.UTC(2026, 10, 20, 7)];
    const spending = createSpending(db);
    const spent = (): number[] => [
      ...IPS.map((id) => spending.spent({ kind: "ip", id }, day)),
      spending.spent({ kind: "key", id: "key_a" }, hours),
      spending.spent({ kind: "global" }, 0),
    ];
    const then = spent();
    await retention.sweep();
    assert.deepEqual(spent(), then);
  });

  test("of all rows, the newest among them, lets the next ones count", async (t) => {
    const { retention, call, finished, db } = house(t, 10);
    for (let n = 0; n < 5; n++) await call(NOW - 20 * DAY, `old-${n}`);
    assert.equal(await retention.sweep(), 5);
    assert.deepEqual(finished(), []);
    for (let n = 0; n < 300; n++) await call(NOW, `new-${n}`);
    const { total } = await createBilling(db).usage("ip", ANY, 10);
    assert.equal(total.requests, 305);
    await call(NOW - 30 * DAY, "with an old clock");
    assert.equal(await retention.sweep(), 1);
    assert.equal((await createBilling(db).usage("ip", ANY, 10)).total.requests, 306);
  });

  test("gives others their turn, and ends with the database", async (t) => {
    const { retention, fill, finished, ledger } = house(t, 10);
    await fill(3000, 3);
    const all = finished().length;
    let turns = 0;
    const sweep = retention.sweep();
    assert.equal(retention.sweep(), sweep, "one at a time");
    while (finished().length === all) {
      await nextTurn();
      turns++;
    }
    assert.ok(turns > 0);
    await ledger.close();
    assert.ok((await sweep) < 2500);
  });

  test("is made a minute after the start and every hour; a locked database is told, and tried again", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { call, finished, db, witness, faults } = house(t, 10);
    db.pragma("busy_timeout = 10");
    await call(NOW - 20 * DAY);
    witness.exec("BEGIN IMMEDIATE");
    t.mock.timers.tick(60_000);
    while (faults.length === 0) await nextTurn();
    assert.match(faults[0] ?? "", /locked/);
    witness.exec("COMMIT");
    for (let n = 0; n < 5; n++) await nextTurn();
    t.mock.timers.tick(3_600_000);
    while (finished().length > 0) await nextTurn();
    assert.equal(faults.length, 1);
  });

  test("without a number of days removes no row, only hours that no budget asks for", async (t) => {
    const { retention, fill, finished, witness } = house(t, undefined);
    await fill(1000, 4);
    const before = finished();
    const hours = (): unknown =>
      witness.prepare("SELECT min(span) FROM usage_rollups WHERE span LIKE 'hour%'").pluck().get();
    assert.ok(String(hours()) < "hour 2026-10-31");
    assert.equal(await retention.sweep(), 0);
    assert.deepEqual(finished(), before);
    assert.ok(String(hours()) > "hour 2026-10-30T12");
    const kept = witness.prepare("SELECT count(DISTINCT dimension) FROM usage_rollups WHERE span LIKE 'hour%'").pluck();
    assert.equal(kept.get(), 2);
  });

  test("by two processes at once removes each row once", async (t) => {
    const { retention, fill, path, finished, report } = house(t, 10);
    await fill(2000, 5);
    const before = await report();
    const all = finished().length;
    const other = open(t, path, { isAlive: () => true, pid: 101 });
    const second = createRetention({ db: other.db, days: 10, now: () => NOW, onFault: assert.fail });
    t.after(() => second.close());
    const removed = await Promise.all([retention.sweep(), second.sweep()]);
    assert.equal(removed[0] + removed[1], all - finished().length);
    assert.deepEqual(await report(), before);
  });
});
