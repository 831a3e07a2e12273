// Whom a call tries, in what order, how long it waits and when it gives up; on a simulated clock, against real health.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { type AttemptsDeps, type Seeking, tryTargets } from "../../src/broker/attempts.ts";
import { Health } from "../../src/broker/health.ts";
import { InFlight } from "../../src/broker/in-flight.ts";
import { Speeds } from "../../src/broker/speeds.ts";
import { Sticky } from "../../src/broker/sticky.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { MAX_ATTEMPTS } from "../../src/core/fallback.ts";
import type { Plan } from "../../src/core/plan.ts";
import { ProviderFailure } from "../../src/core/provider.ts";
import { route } from "../../src/core/route.ts";
import type { RouteAttempt } from "../../src/generated/types.ts";
import { asking, backend, catalogue, GROQ, model, OPENAI, price, provider } from "../support/routing.ts";

const POOL = provider("pool", true, "bearer", ["pool-0", "pool-1"]);
const ONE = model("one", [backend(OPENAI, "one", price(1, 1))], { contextWindow: 8000 });
const TWO = model("two", [backend(OPENAI, "two", price(1, 1)), backend(GROQ, "two", price(2, 2))]);
const KEYS = model("keys", [backend(POOL, "keys", price(1, 1))]);
const LARGE = model("large", [backend(GROQ, "large", price(9, 9))], { contextWindow: 200_000 });
const SAME = model("same", [backend(GROQ, "same", price(3, 3))], { contextWindow: 8000 });
const ALL = catalogue([ONE, TWO, KEYS, LARGE, SAME], [OPENAI, GROQ, POOL]);

type Outcome = ProviderFailure | Error | "ok";
const failed = (status: number, retryAfterMs?: number) =>
  new ProviderFailure("status", `status ${status}`, {
    status,
    retryAfterMs,
    upstream: { message: "no", type: "error" },
  });
const tooLong = new ProviderFailure("status", "", { status: 400, upstream: { message: "prompt is too long" } });
const improper = new ProviderFailure("status", "", { status: 400, upstream: { message: "", code: "content_filter" } });

let now: number;
let slept: number[];
let deps: AttemptsDeps;
let abort: AbortController;
/** Key labels of the calls made, with the models' names behind the backend. */
let tried: string[];
let told: RouteAttempt[];

beforeEach(() => {
  now = 1_000_000;
  slept = [];
  tried = [];
  told = [];
  abort = new AbortController();
  const clock = { now: () => now };
  deps = {
    backoff: { initialMs: 100, maxMs: 1000, maxElapsedMs: 40_000, multiplier: 1.5, randomization: 0 },
    inFlight: new InFlight(),
    health: new Health({ ...clock, speeds: new Speeds(clock) }),
    sticky: new Sticky(clock),
    ...clock,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      slept.push(ms);
      now += ms;
      if (signal.aborted) throw signal.reason;
    },
  };
});

function planOf(name: string, models: string[] = []): Plan {
  return route(ALL, asking(name, { models, strategy: "priority" }), deps.health);
}

/** Plays one outcome a call; the last one stays. */
function run(plan: Plan | string, outcomes: readonly Outcome[], more: Partial<Seeking> = {}): Promise<string> {
  let at = 0;
  const call = { signal: abort.signal, deadline: undefined, sticky: undefined, ...more };
  return tryTargets(
    deps,
    typeof plan === "string" ? planOf(plan) : plan,
    call,
    async ({ backend: { modelId }, key }) => {
      tried.push(`${key.label}/${modelId}`);
      assert.equal(deps.inFlight.of(key.label), 1);
      const outcome = outcomes[Math.min(at++, outcomes.length - 1)]!;
      if (outcome !== "ok") throw outcome;
      return `${key.label}/${modelId}`;
    },
    (made) => told.push(made),
  );
}

const fails =
  (kind: string, facts: Record<string, unknown> = {}) =>
  (error: BrokerError) => {
    assert.equal(error.kind, kind);
    for (const [name, value] of Object.entries(facts)) assert.equal(error.facts[name], value, name);
    return true;
  };

describe("one call", () => {
  const rows: readonly [
    why: string,
    plan: string,
    outcomes: readonly Outcome[],
    tried: readonly string[],
    slept: readonly number[],
  ][] = [
    ["the first that answers", "two", ["ok"], ["openai-0/two"], []],
    ["the next after a failure", "two", [failed(500), "ok"], ["openai-0/two", "groq-0/two"], []],
    ["another key at once after 429", "keys", [failed(429), "ok"], ["pool-0/keys", "pool-1/keys"], []],
    ["another key at once after 401", "keys", [failed(401), "ok"], ["pool-0/keys", "pool-1/keys"], []],
    [
      "round again after a wait that grows",
      "one",
      [failed(500), failed(502), failed(503), "ok"],
      Array(4).fill("openai-0/one"),
      [100, 150, 225],
    ],
    [
      "what asked for less time is tried first again",
      "keys",
      [failed(429, 7000), failed(429, 2000), "ok"],
      ["pool-0/keys", "pool-1/keys", "pool-1/keys"],
      [2000],
    ],
    ["after the provider's own time", "one", [failed(429, 12_000), "ok"], Array(2).fill("openai-0/one"), [12_000]],
    ["after a second where 429 tells none", "one", [failed(429), "ok"], Array(2).fill("openai-0/one"), [1000]],
    [
      "without a target that is out",
      "two",
      [failed(403), failed(500), "ok"],
      ["openai-0/two", "groq-0/two", "groq-0/two"],
      [100],
    ],
    [
      "a target that its own failures opened, as a probe after five seconds",
      "one",
      [...Array(5).fill(failed(500)), "ok"],
      Array(6).fill("openai-0/one"),
      [100, 150, 225, 337.5, 5000],
    ],
  ];
  for (const [why, plan, outcomes, expected, waits] of rows) {
    test(`tries ${why}`, async () => {
      assert.equal(await run(plan, outcomes), expected.at(-1));
      assert.deepEqual(tried, expected);
      assert.deepEqual(slept, waits);
      assert.deepEqual(
        told.map(({ key, model_id }) => `${key}/${model_id}`),
        expected,
      );
      assert.equal(told.at(-1)?.outcome, "ok");
      for (const label of ["openai-0", "groq-0", "pool-0", "pool-1"]) assert.equal(deps.inFlight.of(label), 0);
    });
  }

  test("starts with the key that is least busy", async () => {
    deps.inFlight.enter("pool-0");
    assert.equal(await run("keys", ["ok"]), "pool-1/keys");
  });

  test("tells how each attempt ended", async () => {
    await run("two", [failed(429), new ProviderFailure("timeout", ""), failed(503), failed(401), "ok"]).catch(() => {});
    assert.deepEqual(
      told.map(({ outcome, status }) => [outcome, status]),
      [
        ["rate_limited", 429],
        ["timeout", undefined],
        ["failed", 503],
        ["key_refused", 401],
        ["ok", undefined],
      ],
    );
    assert.deepEqual(
      told.map(({ model: name, provider: from }) => `${name} ${from}`),
      ["two openai", "two groq", "two groq", "two groq", "two openai"],
    );
  });

  test("makes sixteen upstream calls at most", async () => {
    deps = { ...deps, backoff: { ...deps.backoff, maxElapsedMs: 1e9 } };
    await assert.rejects(run("two", [failed(500)]), fails("provider_failed"));
    assert.equal(tried.length, MAX_ATTEMPTS);
  });

  test("not even within one round over many keys", async () => {
    const labels = Array.from({ length: 40 }, (_, index) => `many-${index}`);
    const many = model("many", [backend(provider("many", true, "bearer", labels), "many", price(1, 1))]);
    const plan = route(catalogue([many]), asking("many"), deps.health);
    await assert.rejects(run(plan, [failed(401)]), fails("provider_credentials_exhausted"));
    assert.equal(tried.length, MAX_ATTEMPTS);
  });
});

describe("a call gives up", () => {
  const rows: readonly [string, string, readonly Outcome[], string, Record<string, unknown>, number][] = [
    ["at once on the caller's own fault", "two", [failed(422)], "provider_rejected", {}, 1],
    ["when every key is refused", "keys", [failed(401)], "provider_credentials_exhausted", {}, 2],
    [
      "when the provider's time is too long",
      "one",
      [failed(429, 90_000)],
      "provider_rate_limited",
      { retry_after_ms: 90_000 },
      1,
    ],
    [
      "and tells the earliest time",
      "keys",
      [failed(429, 90_000), failed(429, 50_000)],
      "provider_rate_limited",
      { retry_after_ms: 50_000 },
      2,
    ],
    [
      "with the failure that says more than a refused key",
      "two",
      [failed(500), failed(401), failed(401)],
      "provider_failed",
      {},
      3,
    ],
    [
      "when the stream had begun",
      "two",
      [Object.assign(new BrokerError("stream_cut"), { cause: failed(500) })],
      "stream_cut",
      {},
      1,
    ],
    ["on a bug", "two", [new TypeError("boom")], "", {}, 1],
  ];
  for (const [why, plan, outcomes, kind, facts, calls] of rows) {
    test(why, async () => {
      await assert.rejects(run(plan, outcomes), (error: Error) => {
        if (kind === "") assert.ok(error instanceof TypeError);
        else fails(kind, facts)(error as BrokerError);
        return true;
      });
      assert.equal(tried.length, calls);
    });
  }

  test("rather than wait beyond the caller's deadline", async () => {
    await assert.rejects(run("one", [failed(429, 5000)], { deadline: now + 4999 }), fails("provider_rate_limited"));
    assert.deepEqual(slept, []);
    now += 5000;
    await run("one", [failed(429, 5000), "ok"], { deadline: now + 5000 });
    assert.deepEqual(slept, [5000]);
  });

  test("when the waits have used up their time", async () => {
    deps = { ...deps, backoff: { ...deps.backoff, maxElapsedMs: 300 } };
    await assert.rejects(run("one", [failed(500)]), fails("provider_failed"));
    assert.deepEqual(slept, [100, 150]);
  });

  test("when nothing more can be paid for", async () => {
    let left = 2;
    await assert.rejects(run("two", [failed(500)], { mayTry: () => left-- > 0 }), fails("provider_failed"));
    await assert.rejects(run("two", ["ok"], { mayTry: () => false }), fails("max_cost_exceeded"));
  });

  test("with the plan's refusal where there is one", async () => {
    const plan = route(ALL, asking("one", { allowed: [] }), deps.health);
    await assert.rejects(run(plan, ["ok"]), fails("model_not_allowed"));
    assert.equal(tried.length, 0);
  });
});

describe("when everything cools down", () => {
  test("a call waits for the earliest and tries it, its own backoff untouched", async () => {
    await run("one", [failed(429, 3000), "ok"]).catch(() => {});
    await assert.rejects(run("one", [failed(429, 60_000)]), fails("provider_rate_limited"));
    slept = [];
    now += 25_000;
    assert.equal(await run("one", [failed(500), "ok"]), "openai-0/one");
    assert.deepEqual(slept, [35_000, 100]);
  });

  test("a call that can't wait says 429 where a rate limit is the reason, with the time", async () => {
    await assert.rejects(run("one", [failed(429, 60_000)]));
    now += 10_000;
    tried = [];
    await assert.rejects(
      run("one", ["ok"]),
      fails("provider_rate_limited", { retry_after_ms: 50_000, provider: "openai" }),
    );
    assert.deepEqual(tried, []);
  });

  test("and 503 where failures are", async () => {
    deps = { ...deps, backoff: { ...deps.backoff, maxElapsedMs: 1000 } };
    for (let count = 0; count < 5; count++) await assert.rejects(run("one", [failed(500), new TypeError()]));
    tried = [];
    const error = await run("one", ["ok"]).catch((cause: BrokerError) => cause);
    assert.ok(error instanceof BrokerError);
    fails("targets_cooling")(error);
    assert.ok(Number(error.facts.retry_after_ms) > 4000);
    assert.equal(error.status, 503);
    assert.deepEqual(tried, []);
  });

  test("ready targets serve without a wait", async () => {
    await run("two", [failed(429, 60_000), "ok"]);
    tried = [];
    await run("two", ["ok"]);
    assert.deepEqual(tried, ["groq-0/two"]);
    assert.deepEqual(slept, []);
  });
});

test("a stream that breaks off after it had begun counts against its target", async () => {
  const cut = Object.assign(new BrokerError("stream_cut"), { cause: new ProviderFailure("cut", "") });
  for (let count = 0; count < 5; count++) await assert.rejects(run("one", [cut]), fails("stream_cut"));
  assert.deepEqual(deps.health.states(), [{ label: "openai/one#openai-0", state: 2 }]);
  assert.equal(told[0]?.outcome, "cut");
});

describe("a cancelled call", () => {
  test("is no fault of the provider, whatever the attempt failed with", async () => {
    for (let count = 0; count < 10; count++) {
      abort = new AbortController();
      const attempt = async (): Promise<never> => {
        abort.abort(new BrokerError("cancelled", "gone"));
        throw count % 2 ? new ProviderFailure("aborted", "") : new ProviderFailure("cut", "");
      };
      const call = { signal: abort.signal, deadline: undefined, sticky: undefined };
      await assert.rejects(tryTargets(deps, planOf("one"), call, attempt), { kind: "cancelled", message: "gone" });
    }
    assert.deepEqual(deps.health.states(), []);
    assert.equal(deps.inFlight.of("openai-0"), 0);
  });

  test("gives the probe back", async () => {
    await assert.rejects(run("one", [...Array(5).fill(failed(500)), new TypeError()]), TypeError);
    now += 5000;
    assert.equal(await run("one", ["ok"]), "openai-0/one");
    assert.deepEqual(deps.health.states(), []);
  });

  test("ends its wait at once", async () => {
    const { sleep: _, ...real } = deps;
    deps = real;
    setImmediate(() => abort.abort(new BrokerError("deadline_exceeded")));
    await assert.rejects(run("one", [failed(429, 30_000)]), { kind: "deadline_exceeded" });
  });
});

describe("a model that can't take the request", () => {
  test("is the caller's error where no other may answer", async () => {
    await assert.rejects(run("two", [tooLong]), fails("provider_rejected"));
    assert.equal(tried.length, 1);
  });

  test("too long: gives way to one with a larger window", async () => {
    assert.equal(await run(planOf("one", ["same", "large"]), [tooLong, "ok"]), "groq-0/large");
    assert.deepEqual(tried, ["openai-0/one", "groq-0/large"]);
  });

  test("against policy: gives way to any other model, none of its own backends", async () => {
    assert.equal(await run(planOf("two", ["same"]), [improper, "ok"]), "groq-0/same");
    assert.deepEqual(deps.health.states(), []);
  });

  test("and no other can: the caller's error at last", async () => {
    await assert.rejects(run(planOf("one", ["same"]), [tooLong, tooLong]), fails("provider_rejected"));
    assert.deepEqual(slept, []);
    assert.equal(tried.length, 1);
  });
});

describe("a conversation", () => {
  const sticky = () => "k\nm";

  /** As where the same candidates are in another order with every call. */
  const changing = (): Plan => ({ ...planOf("two"), strategy: "balanced" });

  test("stays with the target that answered, wherever chance or speed would begin", async () => {
    await run(changing(), [failed(500), "ok"], { sticky });
    tried = [];
    await run(changing(), ["ok"], { sticky });
    await run(changing(), ["ok"], { sticky: () => "another" });
    assert.deepEqual(tried, ["groq-0/two", "openai-0/two"]);
  });

  test("goes elsewhere while its target cools down, and stays there", async () => {
    await run(changing(), ["ok"], { sticky });
    const pass = deps.health.enter(TWO.backends[0]!, OPENAI.keys[0]!)!;
    deps.health.leave(pass, TWO.backends[0]!, OPENAI.keys[0]!, failed(429, 10_000));
    tried = [];
    await run(changing(), ["ok"], { sticky });
    now += 10_000;
    await run(changing(), ["ok"], { sticky });
    assert.deepEqual(tried, ["groq-0/two", "groq-0/two"]);
  });

  test("does not put the backend that stood in before the one that the configuration puts first", async () => {
    await run("two", [failed(500), "ok"], { sticky });
    tried = [];
    await run("two", ["ok"], { sticky });
    assert.deepEqual(tried, ["openai-0/two"]);
  });

  test("is not looked at where there is no choice", async () => {
    await run("one", ["ok"], { sticky: () => assert.fail("asked for") });
  });

  test("keeps its key of a pool", async () => {
    deps.inFlight.enter("pool-0");
    await run("keys", ["ok"], { sticky });
    deps.inFlight.leave("pool-0");
    for (let count = 0; count < 3; count++) assert.equal(await run("keys", ["ok"], { sticky }), "pool-1/keys");
  });
});
