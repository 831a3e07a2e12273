// When a target is left alone and for how long, and that nothing makes that time shorter: examples, and random lives on a
// simulated clock against a slow and simple model.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  Breaker,
  type Ended,
  type Entry,
  FAILURES,
  FIRST_COOLING_MS,
  FIRST_OPEN_MS,
  LONGEST_HINT_MS,
  LONGEST_MS,
} from "../../src/core/breaker.ts";
import { pick, seeded } from "../support/random.ts";

/** One whole call; asserts that it may be made. */
function call(breaker: Breaker, now: number, ended: Ended, hint?: number): Entry {
  const entry = breaker.enter(now);
  assert.ok(entry, `closed to calls at ${now}`);
  breaker.leave(entry, ended, now, hint);
  return entry;
}

function opened(now: number): Breaker {
  const breaker = new Breaker();
  for (let count = 0; count < FAILURES; count++) call(breaker, now, "failed");
  return breaker;
}

describe("a breaker", () => {
  test("opens after five failures in a row, not before", () => {
    const breaker = new Breaker();
    for (let count = 0; count < FAILURES - 1; count++) call(breaker, 10, "failed");
    assert.equal(breaker.state(10), "closed");
    call(breaker, 10, "ok");
    for (let count = 0; count < FAILURES; count++) call(breaker, 20, "failed");
    assert.equal(breaker.state(20), "open");
    assert.equal(breaker.readyAt(20), 20 + FIRST_OPEN_MS);
    assert.equal(breaker.enter(20 + FIRST_OPEN_MS - 1), undefined);
  });

  test("lets one probe through at a time", () => {
    const breaker = opened(0);
    assert.equal(breaker.state(FIRST_OPEN_MS), "half_open");
    assert.equal(breaker.enter(FIRST_OPEN_MS), "probe");
    assert.equal(breaker.enter(FIRST_OPEN_MS), undefined);
    assert.ok(breaker.readyAt(FIRST_OPEN_MS) > FIRST_OPEN_MS, "others are told to look again");
    breaker.leave("probe", "neutral", FIRST_OPEN_MS);
    assert.equal(breaker.enter(FIRST_OPEN_MS), "probe", "a probe that told nothing is given back");
  });

  test("closes by a probe's success and is as new", () => {
    const breaker = opened(0);
    assert.equal(call(breaker, FIRST_OPEN_MS, "ok"), "probe");
    assert.equal(breaker.state(FIRST_OPEN_MS), "closed");
    assert.ok(breaker.isPristine(FIRST_OPEN_MS));
    assert.equal(call(breaker, FIRST_OPEN_MS, "failed"), "call");
  });

  test("opens for twice as long each time a probe fails, up to a minute", () => {
    const breaker = opened(0);
    let now = FIRST_OPEN_MS;
    const waits: number[] = [];
    for (let count = 0; count < 6; count++) {
      assert.equal(call(breaker, now, "failed"), "probe");
      waits.push(breaker.readyAt(now) - now);
      now = breaker.readyAt(now);
    }
    assert.deepEqual(waits, [10_000, 20_000, 40_000, LONGEST_MS, LONGEST_MS, LONGEST_MS]);
  });

  test("is told nothing by calls that began before it opened", () => {
    const breaker = new Breaker();
    const late = [breaker.enter(0)!, breaker.enter(0)!];
    for (let count = 0; count < FAILURES; count++) call(breaker, 0, "failed");
    breaker.leave(late[0]!, "failed", 100);
    assert.equal(breaker.readyAt(100), FIRST_OPEN_MS);
    breaker.leave(late[1]!, "ok", 200);
    assert.equal(breaker.state(200), "open");
  });

  test("cools down for as long as the provider asks, the longest request of several counting", () => {
    const breaker = new Breaker();
    const [a, b, c] = [breaker.enter(0)!, breaker.enter(0)!, breaker.enter(0)!];
    breaker.leave(a, "limited", 0, 30_000);
    breaker.leave(b, "limited", 10, 2_000);
    breaker.leave(c, "ok", 20);
    assert.equal(breaker.readyAt(20), 30_000, "a success shortens nothing");
    assert.ok(breaker.isLimited(20));
    assert.equal(breaker.state(20), "cooling");
    assert.equal(breaker.state(30_000), "closed");
  });

  test("cools down for a second where the provider says nothing, twice as long each time in a row", () => {
    const breaker = new Breaker();
    let now = 0;
    const waits: number[] = [];
    for (let count = 0; count < 8; count++) {
      const [first, second] = [breaker.enter(now)!, breaker.enter(now)!];
      breaker.leave(first, "limited", now);
      const until = breaker.readyAt(now);
      breaker.leave(second, "limited", now);
      assert.equal(breaker.readyAt(now), until, "what began together counts once");
      waits.push(until - now);
      now = until;
    }
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, LONGEST_MS, LONGEST_MS]);
    call(breaker, now, "ok");
    call(breaker, now, "limited");
    assert.equal(breaker.readyAt(now), now + FIRST_COOLING_MS);
  });

  test("heeds a failure's own hint without counting as limited", () => {
    const breaker = new Breaker();
    call(breaker, 0, "failed", 7_000);
    assert.equal(breaker.readyAt(0), 7_000);
    assert.equal(breaker.isLimited(0), false);
  });

  test("is out for good once the key is refused", () => {
    const breaker = new Breaker();
    const other = breaker.enter(0)!;
    call(breaker, 0, "out");
    breaker.leave(other, "ok", 5);
    assert.equal(breaker.readyAt(1e12), Number.POSITIVE_INFINITY);
    assert.equal(breaker.state(1e12), "out");
    assert.equal(breaker.enter(1e12), undefined);
  });

  test("is not moved by callers' faults and cancelled calls", () => {
    const breaker = new Breaker();
    for (let count = 0; count < 20; count++) call(breaker, 0, "neutral");
    for (let count = 0; count < FAILURES - 1; count++) {
      call(breaker, 0, "failed");
      call(breaker, 0, "neutral");
    }
    assert.equal(breaker.state(0), "closed");
    call(breaker, 0, "failed");
    assert.equal(breaker.state(0), "open", "nor do they break a row");
  });

  test("believes no hint beyond a day, and none that is no time", () => {
    for (const [hint, wait] of [
      [Number.POSITIVE_INFINITY, LONGEST_HINT_MS],
      [1e15, LONGEST_HINT_MS],
      [0, FIRST_COOLING_MS],
      [-5, FIRST_COOLING_MS],
      [Number.NaN, FIRST_COOLING_MS],
    ] as const) {
      const breaker = new Breaker();
      call(breaker, 0, "limited", hint);
      assert.equal(breaker.readyAt(0), wait, String(hint));
    }
  });
});

/** The same rules over the whole history, each time from the start. */
class Model {
  readonly #ended: { entry: Entry; ended: Ended; at: number; hint: number | undefined }[] = [];
  open = { until: 0, times: 0 };
  cool = { until: 0, times: 0 };
  failures = 0;

  end(entry: Entry, ended: Ended, at: number, hint: number | undefined): void {
    this.#ended.push({ entry, ended, at, hint });
    this.open = { until: 0, times: 0 };
    this.cool = { until: 0, times: 0 };
    this.failures = 0;
    for (const each of this.#ended) this.#apply(each);
  }

  readyAt(): number {
    return Math.max(this.open.until, this.cool.until);
  }

  #apply({ entry, ended, at, hint }: { entry: Entry; ended: Ended; at: number; hint: number | undefined }): void {
    const counts = entry === "probe" || this.open.times === 0;
    if (ended === "ok") {
      if (counts) {
        this.failures = 0;
        this.open.times = 0;
      }
      if (at >= this.cool.until) this.cool.times = 0;
    }
    if (ended === "failed") {
      if (counts) this.failures++;
      if (counts && (this.failures === 5 || entry === "probe")) {
        this.open.until = at + ([5, 10, 20, 40][this.open.times] ?? 60) * 1000;
        this.open.times++;
        this.failures = 0;
      }
      if (hint) this.cool.until = Math.max(this.cool.until, at + hint);
    }
    if (ended === "limited") {
      if (hint) this.cool.until = Math.max(this.cool.until, at + hint);
      else if (at >= this.cool.until) {
        this.cool.until = at + ([1, 2, 4, 8, 16, 32][this.cool.times] ?? 60) * 1000;
        this.cool.times++;
      }
    }
  }
}

describe("in random lives", () => {
  const ENDS: readonly Ended[] = ["ok", "failed", "failed", "failed", "failed", "limited", "neutral"];
  for (let seed = 1; seed <= 60; seed++) {
    test(`of seed ${seed} there are never two probes, no end moves earlier, and all is as the model says`, () => {
      const random = seeded(seed);
      const breaker = new Breaker();
      const naive = new Model();
      const underWay: { entry: Entry }[] = [];
      let now = 1_000_000;
      let readyAt = 0;
      for (let step = 0; step < 400; step++) {
        now += Math.floor(random() ** 6 * 40_000);
        if (underWay.length < 8 && random() < 0.55) {
          const entry = breaker.enter(now);
          const probing = underWay.some((each) => each.entry === "probe");
          const expected = naive.readyAt() > now || probing ? undefined : naive.open.times > 0 ? "probe" : "call";
          assert.equal(entry, expected, `step ${step}`);
          if (entry) underWay.push({ entry });
        } else if (underWay.length > 0) {
          const [{ entry }] = underWay.splice(Math.floor(random() * underWay.length), 1) as [(typeof underWay)[0]];
          const ended = pick(random, ENDS);
          const hint = random() < 0.3 ? Math.ceil(random() * 90_000) : undefined;
          breaker.leave(entry, ended, now, hint);
          naive.end(entry, ended, now, hint);
        }
        assert.ok(underWay.filter(({ entry }) => entry === "probe").length <= 1);
        const probing = underWay.some(({ entry }) => entry === "probe");
        const told = breaker.readyAt(now);
        assert.ok(Number.isFinite(told));
        if (!probing) {
          assert.equal(told, naive.readyAt());
          assert.ok(told >= readyAt, "an end moved earlier");
          readyAt = told;
        }
      }
    });
  }
});
