// What is remembered of targets, for how long, and that it is bounded.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { Health } from "../../src/broker/health.ts";
import { Speeds } from "../../src/broker/speeds.ts";
import type { Backend, ProviderKey } from "../../src/core/model.ts";
import { ProviderFailure } from "../../src/core/provider.ts";
import { backend, LOCAL, price, provider } from "../support/routing.ts";

const POOL = provider("pool", true, "bearer", ["pool-0", "pool-1"]);
const A = backend(POOL, "a", price(1, 1));
const B = backend(POOL, "b", price(1, 1));
const [KEY, OTHER] = POOL.keys as [ProviderKey, ProviderKey];
const failed = (status: number, retryAfterMs?: number) =>
  new ProviderFailure("status", "", { status, retryAfterMs, upstream: { message: "no", type: "error" } });

let now: number;
let health: Health;
beforeEach(() => {
  now = 1_000_000;
  health = new Health({ now: () => now, speeds: new Speeds({ now: () => now }) });
});

function call(of: Backend, key: ProviderKey, failure?: ProviderFailure | "neutral"): void {
  const pass = health.enter(of, key);
  assert.ok(pass, "it may be called");
  health.leave(pass, of, key, failure);
}

describe("a target", () => {
  test("that is well is not looked up, and leaves no trace", () => {
    for (let count = 0; count < 3; count++) call(A, KEY);
    call(A, KEY, "neutral");
    call(A, KEY, new ProviderFailure("aborted", ""));
    call(A, KEY, failed(400));
    assert.deepEqual(health.states(), []);
    assert.equal(health.coolingUntil(A, KEY), undefined);
  });

  test("that limits the rate cools down with that key, for that model", () => {
    call(A, KEY, failed(429, 3000));
    assert.equal(health.coolingUntil(A, KEY), now + 3000);
    assert.ok(health.isLimited(A, KEY));
    assert.equal(health.enter(A, KEY), undefined);
    assert.equal(health.coolingUntil(A, OTHER), undefined);
    assert.equal(health.coolingUntil(B, KEY), undefined);
    assert.deepEqual(health.states(), [{ label: "pool/a#pool-0", state: 2 }]);
    now += 3000;
    assert.equal(health.coolingUntil(A, KEY), undefined);
    call(A, KEY);
    assert.deepEqual(health.states(), [], "forgotten once it is well again");
  });

  for (const status of [401, 402]) {
    test(`whose key is refused by ${status} is out with all targets of that key, until the next reload`, () => {
      call(A, KEY, failed(status));
      for (const each of [A, B]) {
        assert.equal(health.coolingUntil(each, KEY), Number.POSITIVE_INFINITY);
        assert.equal(health.enter(each, KEY), undefined);
      }
      assert.equal(health.coolingUntil(A, OTHER), undefined);
      assert.deepEqual(health.states(), [{ label: "pool-0", state: 2 }]);
      health.reset();
      assert.equal(health.coolingUntil(B, KEY), undefined);
    });
  }

  test("that is forbidden by 403 is out alone", () => {
    call(A, KEY, failed(403));
    assert.equal(health.coolingUntil(A, KEY), Number.POSITIVE_INFINITY);
    assert.equal(health.coolingUntil(B, KEY), undefined);
    health.reset();
    assert.equal(health.coolingUntil(A, KEY), undefined);
  });

  test("that is on probation is well as soon as its answer begins", () => {
    for (let count = 0; count < 5; count++) call(A, KEY, failed(500));
    assert.deepEqual(health.states(), [{ label: "pool/a#pool-0", state: 2 }]);
    now += 5000;
    assert.deepEqual(health.states(), [{ label: "pool/a#pool-0", state: 1 }]);
    const probe = health.enter(A, KEY)!;
    assert.equal(health.enter(A, KEY), undefined);
    assert.ok(health.coolingUntil(A, KEY)! > now, "whoever waits looks again soon");
    health.begun(probe);
    assert.ok(health.enter(A, KEY), "others need not wait for the end of the answer");
    health.leave(probe, A, KEY, new ProviderFailure("cut", ""));
    assert.equal(health.coolingUntil(A, KEY), undefined, "one failure of five");
  });

  test("whose probe ended after a reload does not disturb the next", () => {
    for (let count = 0; count < 5; count++) call(A, KEY, failed(500));
    now += 5000;
    const old = health.enter(A, KEY)!;
    health.reset();
    for (let count = 0; count < 5; count++) call(A, KEY, failed(500));
    now += 5000;
    const probe = health.enter(A, KEY)!;
    health.leave(old, A, KEY, undefined);
    assert.equal(health.enter(A, KEY), undefined);
    health.leave(probe, A, KEY, undefined);
    assert.ok(health.enter(A, KEY));
  });
});

test("names that callers make up can't fill the memory", () => {
  const [key] = LOCAL.keys as [ProviderKey];
  for (let count = 0; count < 10_050; count++) call(backend(LOCAL, `m${count}`), key, failed(500));
  assert.equal(health.states().length, 200, "metrics stay small");
  for (let count = 0; count < 4; count++) call(backend(LOCAL, "m0"), key, failed(500));
  assert.equal(health.coolingUntil(backend(LOCAL, "m0"), key), undefined, "the oldest was forgotten");
  for (let count = 0; count < 4; count++) call(backend(LOCAL, "m10049"), key, failed(500));
  assert.ok(health.coolingUntil(backend(LOCAL, "m10049"), key));
});

describe("speeds", () => {
  let speeds: Speeds;
  beforeEach(() => (speeds = new Speeds({ now: () => now })));

  test("are moving averages, the newest weighing 0.3", () => {
    assert.equal(speeds.of(A), undefined);
    speeds.note(A, { firstTokenMs: 100, tokens: 100, ms: 1000 });
    assert.deepEqual(speeds.of(A), { firstTokenMs: 100, tokensPerSecond: 100 });
    speeds.note(A, { firstTokenMs: 200, tokens: 100, ms: 500 });
    assert.deepEqual(speeds.of(A), { firstTokenMs: 130, tokensPerSecond: 130 });
    assert.equal(speeds.of(B), undefined);
  });

  test("of short answers tell the first token only", () => {
    speeds.note(A, { firstTokenMs: 80, tokens: 3, ms: 900 });
    assert.deepEqual(speeds.of(A), { firstTokenMs: 80, tokensPerSecond: 50 });
    speeds.note(A, { firstTokenMs: 80, tokens: 500, ms: 0 });
    assert.equal(speeds.of(A)?.tokensPerSecond, 50);
    speeds.note(A, { firstTokenMs: 80, tokens: 40, ms: 1000 });
    assert.equal(speeds.of(A)?.tokensPerSecond, 40);
  });

  test("are forgotten after ten minutes, so that they are measured again", () => {
    speeds.note(A, { firstTokenMs: 900, tokens: 100, ms: 1000 });
    now += 600_000;
    assert.ok(speeds.of(A));
    now += 1;
    assert.equal(speeds.of(A), undefined);
    speeds.note(A, { firstTokenMs: 100, tokens: 100, ms: 1000 });
    assert.equal(speeds.of(A)?.firstTokenMs, 100, "the old value does not count any more");
  });
});
