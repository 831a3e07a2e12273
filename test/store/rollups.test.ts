// The rollups: always the sums of the rows, whatever the rows, the clock, the number of writers and the moment of a crash;
// and never more than a bounded number of rows is not in them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { NanoUsd } from "../../src/core/money.ts";
import { createBilling } from "../../src/store/billing.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { end, randomCall, start } from "../support/entries.ts";
import { seeded } from "../support/random.ts";
import { crashChild, open, place, setup } from "./open-ledger.ts";
import { ANY, assertSums } from "./sums.ts";

const MOST_NOT_FOLDED = 256;

type Db = ReturnType<typeof openSqlite>;
const numberOf = (db: Db, sql: string): number => db.prepare(sql).pluck().get() as number;
const notFolded = (db: Db): number =>
  numberOf(db, "SELECT count(*) FROM request_logs WHERE id > (SELECT folded_id FROM usage_mark)");

/** Reports are the sums of all rows, those that are not in the rollups included; while others write, too. */
async function assertTotals(db: Db): Promise<void> {
  const billing = createBilling(db);
  db.exec("BEGIN");
  const usage = billing.usage("key", ANY, 1);
  const requests = numberOf(db, "SELECT count(*) FROM request_logs");
  const cost = numberOf(db, "SELECT coalesce(sum(cost_nano_usd), 0) FROM request_logs");
  db.exec("COMMIT");
  const { total } = await usage;
  assert.deepEqual([total.requests, total.cost_nano_usd], [requests, cost]);
}

describe("rollups", () => {
  for (const seed of [1, 2, 3]) {
    test(`are the sums of random rows in groups of random sizes (seed ${seed})`, async (t) => {
      const { ledger, db } = setup(t);
      const random = seeded(seed);
      for (let group = 0; group < 60; group++) {
        const size = 1 + Math.floor(random() ** 3 * 100);
        const calls = Array.from({ length: size }, (_, i) => randomCall(random, `${group}-${i}`));
        await Promise.all(calls.map(async ([begun, ended]) => ledger.settle(await ledger.hold(begun), begun, ended)));
        assert.ok(notFolded(db) < MOST_NOT_FOLDED, `${notFolded(db)} rows are not summed up`);
        if (group % 10 === 0) assertSums(db);
      }
      assertSums(db);
      assert.ok(numberOf(db, "SELECT folded_id FROM usage_mark") > 0);
      await assertTotals(db);
    });
  }

  test("have all rows after a start", async (t) => {
    const { ledger, path } = setup(t);
    await ledger.hold(start({ requestId: "under-way" }));
    await ledger.settle(await ledger.hold(start()), start(), end());
    await ledger.close();
    const { db } = open(t, path);
    assert.equal(notFolded(db), 0);
    assert.equal(numberOf(db, "SELECT errors FROM usage_addresses"), 1, "what was interrupted counts");
    assertSums(db);
  });

  test("take amounts beyond all sense, and go on", async (t) => {
    const { ledger, db, faults } = setup(t);
    for (let n = 0; n < 300; n++) {
      const ended = end({ costNanoUsd: 2e17 as NanoUsd });
      await ledger.settle(await ledger.hold(start()), start(), ended);
    }
    assert.deepEqual(faults, []);
    assert.equal(
      numberOf(db, "SELECT sum(requests) FROM usage_rollups WHERE span LIKE 'month%' AND dimension = 'all'"),
      256,
    );
    assert.equal(numberOf(db, "SELECT max(cost_nano_usd) FROM usage_rollups"), 9e18);
  });

  test("are the sums after kill -9 of writers that share the database", { timeout: 60_000 }, async (t) => {
    const { path } = place(t);
    const db = openSqlite(path);
    t.after(() => db.close());
    for (let round = 0; round < 3; round++) {
      const children = [0, 1, 2].map(() => crashChild(t, path, "busy"));
      await Promise.all(children.map(({ line }) => line()));
      await sleep(30 * round); // whatever they are at
      assertSums(db);
      await assertTotals(db);
      await Promise.all(children.map(({ kill }) => kill()));
      assertSums(db);
      await assertTotals(db);
      await open(t, path).ledger.close();
      assert.equal(notFolded(db), 0);
      assertSums(db);
      await assertTotals(db);
    }
    assert.ok(numberOf(db, "SELECT count(*) FROM request_logs WHERE attempts = 0") > 0, "some were interrupted");
    const twice = "SELECT count(*) - count(DISTINCT request_id) FROM request_logs";
    assert.equal(numberOf(db, twice), 0, "no call has two rows");
  });
});
