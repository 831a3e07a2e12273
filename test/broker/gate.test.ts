// The gate: everything is checked before anything is taken, in one step, and everything taken comes back.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BudgetStanding } from "../../src/broker/account.ts";
import { type Admission, Gate, type GateDeps } from "../../src/broker/gate.ts";
import type { Payer } from "../../src/broker/limiter.ts";
import type { Budget, Scope } from "../../src/core/budget.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { Key, KeyLimits } from "../../src/core/key.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { seeded } from "../support/random.ts";

const USD = 1e9;
const usd = (amount: number): NanoUsd => Math.round(amount * USD) as NanoUsd;
const NOW = Date.parse("2026-11-21T10:00:00Z");

const budget = (amount: number, more: Partial<Budget> = {}): Budget => ({
  limit: usd(amount),
  period: "day",
  reset: "calendar",
  alert: undefined,
  ...more,
});

function keyed(budgets: readonly Budget[] = [], limits: Partial<KeyLimits> = {}, id = "key_1"): Payer {
  const key = {
    id,
    models: undefined,
    tools: undefined,
    budgets,
    limits: { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined, ...limits },
  } as Partial<Key> as Key;
  return { principal: { name: id, keyId: id, key, scopes: new Set(["public", "inference"]) }, ip: "10.0.0.1" };
}

/** A ledger in memory: what was settled counts from its time on. */
class House {
  ticks = 1_000_000;
  now = NOW;
  rows: { key: string; ip: string; cost: number; at: number }[] = [];
  version = 0;
  readonly alerts: { scope: Scope; standing: BudgetStanding }[] = [];
  readonly refusals: string[] = [];
  reads = 0;
  readonly gate: Gate;

  constructor(deps: Partial<GateDeps> = {}) {
    const house = this;
    this.gate = new Gate({
      spending: {
        spent: (scope, from) => {
          house.reads++;
          const of = (row: (typeof house.rows)[number]) =>
            scope.kind === "global" || (scope.kind === "key" ? row.key === scope.id : row.ip === scope.id);
          return house.rows
            .filter((row) => of(row) && row.at >= from)
            .reduce((sum, row) => sum + row.cost, 0) as NanoUsd;
        },
        get version() {
          return house.version;
        },
      },
      globalBudget: undefined,
      ipBudget: undefined,
      ipRequestsPerMinute: undefined,
      now: () => house.now,
      ticks: () => house.ticks,
      onAlert: (scope, standing) => house.alerts.push({ scope, standing }),
      onRefusal: (limit) => house.refusals.push(limit),
      ...deps,
    });
  }

  admit(payer: Payer, worst = 0, least = worst, tokens = 10): Admission {
    return this.gate.admit(payer, { tokens, worst: usd(worst), least: usd(least) });
  }

  settle(payer: Payer, admission: Admission, cost: number, tokens = 10): void {
    const { keyId = "" } = payer.principal;
    this.rows.push({ key: keyId, ip: payer.ip, cost: usd(cost), at: this.now });
    admission.settle(usd(cost), tokens);
  }
}

function refused(attempt: () => unknown): BrokerError {
  try {
    attempt();
  } catch (error) {
    assert.ok(error instanceof BrokerError, String(error));
    return error;
  }
  assert.fail("it was admitted");
}

describe("budgets", () => {
  test("of 50 calls on a budget for one exactly one is admitted", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    const outcomes = Array.from({ length: 50 }, () => {
      try {
        return house.admit(payer, 0.9);
      } catch (error) {
        assert.equal((error as BrokerError).kind, "budget_exceeded");
        return undefined;
      }
    });
    assert.equal(outcomes.filter(Boolean).length, 1);
    assert.equal(house.gate.taken.held, usd(0.9));
  });

  test("what was held and not spent is there again, what was spent is not", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    house.settle(payer, house.admit(payer, 0.9), 0.2);
    house.settle(payer, house.admit(payer, 0.8), 0.8);
    assert.equal(refused(() => house.admit(payer, 0.001)).status, 402);
    assert.equal(house.gate.taken.held, 0);
  });

  test("an answer whose length is open gets what is left, down to the least", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    assert.equal(house.admit(payer, 5, 0.1).granted, usd(1));
    refused(() => house.admit(payer, 5, 0.1));
  });

  test("a further attempt gets as much more as the tightest budget leaves, and all of it comes back", () => {
    const house = new House({ globalBudget: budget(100) });
    const payer = keyed([budget(1)]);
    const admission = house.admit(payer, 0.4);
    assert.equal(admission.more(usd(0.4)), usd(0.4));
    assert.equal(admission.more(usd(0.4)), usd(0.2));
    assert.equal(admission.more(usd(0.4)), 0);
    refused(() => house.admit(payer, 0.001));
    house.settle(payer, admission, 0.7);
    assert.equal(admission.more(usd(0.1)), 0, "it has ended");
    assert.equal(house.gate.taken.held, 0);
    assert.equal(house.admit(payer, 0.3).granted, usd(0.3));
    assert.equal(new House().admit(keyed(), 5).more(usd(1)), 0, "there is no bound to begin with");
  });

  test("all that apply must hold: key, address, everyone", () => {
    for (const tight of ["key", "ip", "global"]) {
      const amount = (name: string) => budget(name === tight ? 1 : 100);
      const house = new House({ ipBudget: amount("ip"), globalBudget: amount("global") });
      const payer = keyed([amount("key")]);
      const error = refused(() => house.admit(payer, 2));
      assert.equal((error.facts.budget as { scope: string }).scope, tight);
      assert.equal(house.gate.taken.held, 0, "nothing is held by a call that was refused");
      assert.deepEqual(house.refusals, ["budget"]);
    }
  });

  test("a new day is a new budget, and a total one is not", () => {
    const house = new House();
    const daily = keyed([budget(1)]);
    const total = keyed([budget(1, { period: "total" })], {}, "key_2");
    for (const payer of [daily, total]) house.settle(payer, house.admit(payer, 1), 1);
    house.now += 24 * 3_600_000;
    house.admit(daily, 1);
    assert.equal(refused(() => house.admit(total, 1)).facts.resets_at, undefined);
  });

  test("a clock that goes back does not refuse what was spent later", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    house.settle(payer, house.admit(payer, 1), 1);
    house.now -= 24 * 3_600_000;
    assert.equal(refused(() => house.admit(payer, 1)).kind, "budget_exceeded");
  });

  test("what another process spent counts as soon as its rows have been there for a moment", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    house.settle(payer, house.admit(payer, 0.5), 0.1);
    house.rows.push({ key: "key_1", ip: "", cost: usd(0.9), at: house.now });
    house.version++;
    house.now += 10;
    refused(() => house.admit(payer, 0.5));
  });

  test("sums are read once a period, not once a call", () => {
    const house = new House();
    const payer = keyed([budget(100)]);
    for (let call = 0; call < 100; call++) house.settle(payer, house.admit(payer, 0.1), 0.1);
    assert.equal(house.reads, 1);
    assert.equal(house.gate.standings(payer.principal.key as Key)[0]?.spent, usd(10));
  });

  test("a budget that is taken away and given back has counted meanwhile", () => {
    const house = new House();
    const payer = keyed([budget(1)]);
    house.settle(payer, house.admit(payer, 0.1), 0.1);
    const free = keyed([]);
    const unbound = house.admit(free);
    assert.equal(unbound.granted, Number.POSITIVE_INFINITY);
    house.settle(free, unbound, 0.9);
    refused(() => house.admit(payer, 0.1));
  });

  test("reaching the soft limit is told once a period", async () => {
    const house = new House();
    const payer = keyed([budget(1, { alert: 0.5 })]);
    for (const cost of [0.4, 0.2, 0.1]) house.settle(payer, house.admit(payer, 0.1), cost);
    await Promise.resolve();
    assert.equal(house.alerts.length, 1);
    house.now += 24 * 3_600_000;
    house.settle(payer, house.admit(payer, 0.1), 0.6);
    await Promise.resolve();
    assert.equal(house.alerts.length, 2);
  });
});

describe("limits", () => {
  test("requests a minute, with what is left and when", () => {
    const house = new House();
    const payer = keyed([], { requestsPerMinute: 2 });
    assert.deepEqual(house.admit(payer).rates?.requests?.remaining, 1);
    house.admit(payer);
    const error = refused(() => house.admit(payer));
    assert.equal(error.status, 429);
    assert.equal(error.facts.limit, "requests");
    const wait = error.facts.retry_after_ms ?? 0;
    house.ticks += wait - 1;
    refused(() => house.admit(payer));
    house.ticks += 1;
    house.admit(payer);
  });

  test("tokens a minute, corrected by what the call really took", () => {
    const house = new House();
    const payer = keyed([], { tokensPerMinute: 100 });
    const first = house.admit(payer, 0, 0, 90);
    assert.equal(refused(() => house.admit(payer, 0, 0, 20)).facts.limit, "tokens");
    house.settle(payer, first, 0, 15);
    assert.equal(house.admit(payer, 0, 0, 85).rates?.tokens?.remaining, 0);
  });

  test("a request larger than the limit waits for an empty minute and then passes", () => {
    const house = new House();
    const payer = keyed([], { tokensPerMinute: 100 });
    house.admit(payer, 0, 0, 5000);
    refused(() => house.admit(payer, 0, 0, 1));
    house.ticks += 61_000;
    house.admit(payer, 0, 0, 5000);
  });

  test("calls at once", () => {
    const house = new House();
    const payer = keyed([], { concurrency: 1 });
    const first = house.admit(payer);
    assert.equal(refused(() => house.admit(payer)).facts.limit, "concurrency");
    house.settle(payer, first, 0);
    house.admit(payer);
  });

  test("of an address, for calls of any price; administrators are not counted", () => {
    const house = new House({ ipRequestsPerMinute: 2 });
    const payer = keyed();
    house.gate.pass(payer);
    house.admit(payer);
    assert.equal(refused(() => house.gate.pass(payer)).facts.limit, "address");
    assert.equal(refused(() => house.admit(payer)).facts.limit, "address");
    house.gate.pass({ ...payer, ip: "10.0.0.2" });
    house.gate.pass({ ...payer, principal: { ...payer.principal, scopes: new Set(["public", "inference", "admin"]) } });
  });

  test("of an address is that of its /64 where it is IPv6: who has one address has all of them", () => {
    const house = new House({ ipRequestsPerMinute: 2 });
    const from = (ip: string) => house.gate.pass({ ...keyed(), ip });
    from("2001:db8::1");
    from("2001:0DB8:0:0:ffff:1:2:3");
    for (const ip of ["2001:db8::2", "2001:db8:0:0:1::", "2001:db8::1.2.3.4", "2001:db8::9%eth0"])
      assert.equal(refused(() => from(ip)).facts.limit, "address", ip);
    for (const ip of ["2001:db8:0:1::1", "2001:db8:1::", "::1", "10.0.0.1", ""]) from(ip);
  });

  test("a refusal takes nothing, whichever limit it is", () => {
    const house = new House({ ipRequestsPerMinute: 10 });
    const broke = keyed([budget(1)], { requestsPerMinute: 10, tokensPerMinute: 1000, concurrency: 10 });
    for (let call = 0; call < 100; call++) refused(() => house.admit(broke, 2));
    const { rates } = house.admit(broke, 0.5);
    assert.equal(rates?.requests?.remaining, 9);
    assert.equal(rates?.tokens?.remaining, 990);
  });

  test("a call that was never made gives everything back", () => {
    const house = new House({ ipRequestsPerMinute: 10 });
    const payer = keyed([budget(1)], { requestsPerMinute: 10, tokensPerMinute: 1000, concurrency: 10 });
    house.admit(payer, 1).release();
    const { rates } = house.admit(payer, 1);
    assert.equal(rates?.requests?.remaining, 9);
    assert.equal(rates?.tokens?.remaining, 990);
  });
});

test("after 10,000 calls that end anyhow and anywhen, nothing is taken any more", () => {
  const random = seeded(7);
  const house = new House({ ipBudget: budget(1e6), globalBudget: budget(1e6), ipRequestsPerMinute: 1_000_000 });
  const payers = Array.from({ length: 20 }, (_, index) =>
    keyed([budget(50)], { requestsPerMinute: 500, tokensPerMinute: 100_000, concurrency: 20 }, `key_${index}`),
  );
  const open: { payer: Payer; admission: Admission }[] = [];
  const end = (): void => {
    const [call] = open.splice(Math.floor(random() * open.length), 1);
    if (!call) return;
    if (random() < 0.3) call.admission.release();
    else house.settle(call.payer, call.admission, random() * 0.01, Math.floor(random() * 200));
    if (random() < 0.1) call.admission.settle(usd(1), 1_000); // the second end of a call does not count
  };
  for (let call = 0; call < 10_000; call++) {
    house.ticks += Math.floor(random() * 50);
    const payer = payers[Math.floor(random() * payers.length)] as Payer;
    try {
      open.push({ payer, admission: house.admit(payer, random() * 0.02, 0, Math.floor(random() * 100)) });
    } catch (error) {
      assert.ok(error instanceof BrokerError);
    }
    if (random() < 0.6) end();
  }
  while (open.length > 0) end();
  assert.deepEqual(house.gate.taken, { running: 0, held: 0 });
  for (const payer of payers) {
    const [standing] = house.gate.standings(payer.principal.key as Key);
    const rows = house.rows.filter(({ key }) => key === payer.principal.keyId);
    assert.equal(
      standing?.spent,
      rows.reduce((sum, row) => sum + row.cost, 0),
      "spent is the sum of the rows",
    );
  }
});
