// What budgets read: exact from a whole hour (an address: from a whole day), with the rows of this and of other processes,
// and a version that tells when others wrote.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { periodStart, type Scope } from "../../src/core/budget.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { createSpending } from "../../src/store/spending.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { end, IPS, KEYS, randomCall, start } from "../support/entries.ts";
import { pick, seeded } from "../support/random.ts";
import { setup, unavailable } from "./open-ledger.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("spent", () => {
  test("is the sum of the rows that ended since, for any key, address, and all", async (t) => {
    const { ledger, db } = setup(t);
    const spending = createSpending(db);
    const random = seeded(5);
    for (let round = 0; round < 12; round++) {
      const calls = Array.from({ length: 1 + Math.floor(random() * 90) }, (_, i) =>
        randomCall(random, `${round}-${i}`),
      );
      await Promise.all(calls.map(async ([begun, ended]) => ledger.settle(await ledger.hold(begun), begun, ended)));
      for (let n = 0; n < 30; n++) {
        const from = Date.UTC(2026, 9, 20) + Math.floor(random() * 90 * 24) * HOUR;
        const kind = pick(random, ["key", "ip", "global"] as const);
        const id =
          kind === "key"
            ? pick(
                random,
                KEYS.filter((key) => key !== undefined),
              )
            : pick(random, IPS);
        const scope: Scope = kind === "global" ? { kind } : { kind, id };
        const since = kind === "ip" ? Math.floor(from / DAY) * DAY : from;
        const column = kind === "key" ? "key_id" : kind === "ip" ? "ip" : "?";
        const expected = db
          .prepare(`SELECT coalesce(sum(cost_nano_usd), 0) FROM request_logs WHERE ${column} = ? AND finished_at >= ?`)
          .pluck()
          .get(...(kind === "global" ? [1, 1] : [id]), new Date(since).toISOString());
        assert.equal(
          spending.spent(scope, from),
          expected,
          `${JSON.stringify(scope)} since ${new Date(from).toISOString()}`,
        );
      }
    }
  });

  test("of nothing is 0", (t) => {
    const spending = createSpending(setup(t).db);
    for (const scope of [{ kind: "key", id: "k" }, { kind: "ip", id: "i" }, { kind: "global" }] as const) {
      assert.equal(spending.spent(scope, 0), 0);
    }
  });

  test("stays right while the clock jumps forth and back", async (t) => {
    const { ledger, db } = setup(t);
    const spending = createSpending(db);
    const now = Date.UTC(2026, 10, 21, 8, 30);
    const times = [now, now + 400 * DAY, now - 400 * DAY, now - 40 * DAY, now, now - HOUR];
    for (const finishedAt of times) {
      const begun = start({ keyId: "k", startedAt: finishedAt - 5 });
      await ledger.settle(await ledger.hold(begun), begun, end({ finishedAt, costNanoUsd: 10 as NanoUsd }));
    }
    const spent = (period: "day" | "month" | "total", reset: "calendar" | "rolling"): number =>
      spending.spent({ kind: "key", id: "k" }, periodStart({ period, reset }, now));
    assert.deepEqual([spent("total", "calendar"), spent("month", "calendar"), spent("month", "rolling")], [60, 40, 40]);
    assert.equal(spent("day", "calendar"), 40, "what ended later than now counts");
    assert.equal(spending.spent({ kind: "key", id: "k" }, Date.UTC(2026, 10, 21, 8)), 30);
  });
});

describe("the version", () => {
  test("moves when another process writes, and stays when this one does or nobody", async (t) => {
    const { ledger, db, path } = setup(t);
    const spending = createSpending(db);
    const before = spending.version;
    await ledger.settle(await ledger.hold(start()), start(), end());
    assert.equal(spending.version, before);
    const other = openSqlite(path);
    t.after(() => other.close());
    other.exec("UPDATE usage_mark SET removed_before = '2026'");
    assert.notEqual(spending.version, before);
    const after = spending.version;
    assert.equal(spending.version, after);
  });
});

test("a database that can't be read is said to be so", (t) => {
  const { db } = setup(t);
  const spending = createSpending(db);
  db.exec("DROP TABLE usage_rollups");
  assert.throws(() => spending.spent({ kind: "global" }, 0), unavailable);
});
