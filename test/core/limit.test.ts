// The minute window against a naive list of what was taken when.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MinuteWindow } from "../../src/core/limit.ts";
import { seeded } from "../support/random.ts";

describe("a minute window", () => {
  test("never lets 60 seconds hold more than the limit, and lets in what fits", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seeded(seed);
      const window = new MinuteWindow();
      const taken: { at: number; amount: number }[] = [];
      const limit = 1 + Math.floor(random() * 20);
      let now = Math.floor(random() * 1e9);
      for (let step = 0; step < 400; step++) {
        now += Math.floor(random() ** 4 * 90_000);
        const amount = 1 + Math.floor(random() * 3);
        const wait = window.waitMs(amount, limit, now);
        const within = taken.filter(({ at }) => at > now - 60_000).reduce((sum, each) => sum + each.amount, 0);
        if (wait > 0) {
          assert.ok(amount > limit || within + amount > limit || stillCounted(taken, now) + amount > limit);
          continue;
        }
        assert.ok(within === 0 || within + amount <= limit, `${within} + ${amount} in a minute of ${limit}`);
        window.take(amount, now);
        taken.push({ at: now, amount });
      }
    }
  });

  test("tells the wait after which the amount fits", () => {
    const window = new MinuteWindow();
    window.take(3, 1_000);
    window.take(2, 30_500);
    assert.equal(window.waitMs(1, 6, 31_000), 0);
    const wait = window.waitMs(2, 6, 31_000);
    assert.ok(wait > 29_000 && wait <= 31_000, `${wait}`);
    assert.ok(window.waitMs(2, 6, 31_000 + wait - 1) > 0);
    assert.equal(window.waitMs(2, 6, 31_000 + wait), 0);
  });

  test("lets an amount above the limit in when nothing else is counted", () => {
    const window = new MinuteWindow();
    assert.equal(window.waitMs(100, 10, 5_000), 0);
    window.take(100, 5_000);
    assert.ok(window.waitMs(1, 10, 6_000) > 0);
    assert.equal(window.waitMs(1, 10, 5_000 + 62_000), 0);
  });

  test("corrects what was taken while it is counted, and nothing after", () => {
    const window = new MinuteWindow();
    const second = window.take(10, 1_000);
    window.correct(second, -4, 2_000);
    assert.equal(window.total, 6);
    window.correct(second, -6, 200_000);
    assert.equal(window.waitMs(1, 1, 200_000), 0);
    assert.equal(window.total, 0);
  });

  test("takes no harm from a clock that goes back", () => {
    const window = new MinuteWindow();
    window.take(1, 100_000);
    window.take(1, 50_000);
    assert.equal(window.total, 2);
    assert.equal(window.resetMs(162_000), 0);
  });
});

/** In the window's own steps of a second. */
function stillCounted(taken: readonly { at: number; amount: number }[], now: number): number {
  const second = Math.floor(now / 1000);
  return taken.filter(({ at }) => Math.floor(at / 1000) > second - 61).reduce((sum, each) => sum + each.amount, 0);
}
