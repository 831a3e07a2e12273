// What a plan holds beyond the order of an id: suffixes, lists of models, strategies, what is dropped and why, what cools
// down, what is refused.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { seededChance } from "../../src/core/chance.ts";
import type { BrokerError } from "../../src/core/errors.ts";
import { explain } from "../../src/core/explain.ts";
import type { Backend, Catalogue, ProviderKey } from "../../src/core/model.ts";
import { fromUsd } from "../../src/core/money.ts";
import type { Ask, Outlook, Plan, Speed } from "../../src/core/plan.ts";
import { route } from "../../src/core/route.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import {
  ABSENT,
  asking,
  backend,
  catalogue,
  EMBEDDED,
  GROQ,
  LOCAL,
  model,
  NOW,
  names,
  needing,
  OPENAI,
  price,
  provider,
  WELL,
} from "../support/routing.ts";

const TOOLS = new Set(["tool_calling"] as const);
const POOL = provider("pool", true, "bearer", ["pool-0", "pool-1"]);
const DEMO = model("tiny", [backend(EMBEDDED, "tiny", { free: true })], { tier: "free", demo: true });
const BIG = model(
  "big",
  [
    backend(OPENAI, "big-1", { ...price(10, 30), priority: 1 }),
    backend(GROQ, "big-2", { ...price(8, 20), priority: 2 }),
    backend(POOL, "big-3", { ...price(9, 40), priority: 3 }),
  ],
  { tier: "premium", quality: 90, aliases: ["large"], capabilities: new Set(["tool_calling", "vision"]) },
);
const SMALL = model("small", [backend(GROQ, "small-1", price(0.1, 0.2))], { capabilities: TOOLS, contextWindow: 1000 });
const PLAINEST = model("plain", [backend(OPENAI, "plain-1", price(1, 1))]);
const UNPRICED = model("unpriced", [backend(OPENAI, "u-1")], { quality: 1 });
const GONE = model("gone", [backend(ABSENT, "gone-1", price(1, 1))]);
const ODD = model("org/name:8b", [backend(OPENAI, "odd", price(1, 1))], { aliases: ["small:floor"] });
const ALL = catalogue([DEMO, BIG, SMALL, PLAINEST, UNPRICED, GONE, ODD], [OPENAI, GROQ, POOL, ABSENT, LOCAL, EMBEDDED]);

const plan = (name: string, more: Partial<Ask> = {}, outlook = WELL, from: Catalogue = ALL): Plan =>
  route(from, asking(name, more), outlook);
const kept = (...args: Parameters<typeof plan>): string[] => names(plan(...args).candidates);
/** `model>backend: reason` */
const dropped = (...args: Parameters<typeof plan>): string[] =>
  plan(...args).dropped.map((each) => `${names([each])[0]}: ${each.reason}`);

/** Milliseconds from now by label of key, or by `provider/model_id`. */
function cooling(ms: Readonly<Record<string, number>>, speeds: Readonly<Record<string, Speed>> = {}): Outlook {
  const until = ({ provider: { name }, modelId }: Backend, { label }: ProviderKey): number | undefined => {
    const left = ms[`${name}/${modelId}`] ?? ms[label];
    return left === undefined ? undefined : NOW + left;
  };
  return { now: () => NOW, coolingUntil: until, speed: (each) => speeds[each.modelId] };
}

describe("a name", () => {
  const cases: readonly [asked: string, expected: readonly string[], strategy: string][] = [
    ["big", ["big>openai/big-1", "big>groq/big-2", "big>pool/big-3"], "as configured"],
    ["big:floor", ["big>groq/big-2", "big>openai/big-1", "big>pool/big-3"], "cheapest"],
    ["large:floor", ["big>groq/big-2", "big>openai/big-1", "big>pool/big-3"], "cheapest"],
    ["org/name:8b", ["org/name:8b>openai/odd"], "as configured"],
    ["org/name:8b:floor", ["org/name:8b>openai/odd"], "cheapest"],
    ["small:floor", ["org/name:8b>openai/odd"], "as configured"],
    ["groq/big-2:nitro", ["big>groq/big-2"], "as configured"],
    ["ollama/llama3:8b:floor", ["ollama/llama3:8b>ollama/llama3:8b"], "as configured"],
  ];
  for (const [asked, expected, strategy] of cases) {
    test(`${asked} means ${expected}`, () => {
      assert.deepEqual(kept(asked), expected);
      assert.equal(plan(asked).strategy, strategy);
    });
  }

  test("with :nitro goes by measured speed", () => {
    const speeds = {
      "big-1": { firstTokenMs: 100, tokensPerSecond: 50 },
      "big-2": { firstTokenMs: 900, tokensPerSecond: 500 },
    };
    const expected = ["big>groq/big-2", "big>openai/big-1", "big>pool/big-3"];
    assert.deepEqual(kept("big:nitro", {}, cooling({}, speeds)), expected);
  });

  test("that a suffix leaves unknown is told without it", () => {
    assert.throws(() => plan("nope:floor"), { kind: "model_not_found", message: 'No model is called "nope"' });
    assert.throws(() => plan(":floor"), { kind: "model_not_found" });
    assert.throws(() => plan("big:floor:floor"), { kind: "model_not_found" });
  });

  test("with a suffix that a provider's own model carries is that model", () => {
    const own = catalogue([model("x", [backend(OPENAI, "y:floor", price(1, 1)), backend(GROQ, "z", price(0, 0))])]);
    assert.deepEqual(kept("openai/y:floor", {}, WELL, own), ["x>openai/y:floor"]);
  });

  test("auto:floor is the cheapest of all, whatever auto does", () => {
    assert.equal(kept("auto:floor", { strategy: "best" })[0], "small>groq/small-1");
    assert.equal(kept("auto", { strategy: "best" })[0], "big>openai/big-1");
  });
});

describe("a list of models", () => {
  test("follows the model, each meant as if it stood alone, and none twice", () => {
    const found = plan("small", { models: ["big:floor", "large", "small", "openai/big-1", "org/name:8b"] });
    assert.deepEqual(names(found.candidates), [
      "small>groq/small-1",
      "big>groq/big-2",
      "big>openai/big-1",
      "big>pool/big-3",
      "org/name:8b>openai/odd",
    ]);
    assert.equal(found.strategy, "models");
    assert.equal(found.open, true);
  });

  test("takes what can't do it from the further models, never from the first", () => {
    const needs = needing({ capabilities: TOOLS, promptTokens: 900, maxTokens: 200 });
    const found = plan("plain", { models: ["small", "org/name:8b", "big"], needs });
    assert.deepEqual(names(found.candidates).slice(0, 2), ["plain>openai/plain-1", "big>openai/big-1"]);
    assert.deepEqual(
      found.dropped.map(({ reason }) => reason),
      ["takes 1000 tokens, the request needs about 1100", "lacks tool_calling"],
    );
  });

  test("with an unknown name is refused with its place", () => {
    assert.throws(
      () => plan("big", { models: ["small", "nope"] }),
      (error: BrokerError) => {
        assert.equal(error.kind, "model_not_found");
        assert.equal(error.facts.param, "/models/1");
        return true;
      },
    );
  });

  test("tells a backend as dropped only where no name keeps it", () => {
    const needs = needing({ capabilities: new Set(["vision"]) });
    const found = plan("plain", { models: ["auto"], needs });
    const all = [...names(found.candidates), ...names(found.dropped)];
    assert.equal(new Set(all).size, all.length);
    assert.equal(all[0], "plain>openai/plain-1");
  });

  test("only openness lets another model answer: a list or auto, not an id", () => {
    assert.deepEqual(
      ["big", "openai/big-1", "big:floor", "auto", "autobest"].map((name) => plan(name).open),
      [false, false, false, true, true],
    );
  });
});

describe("the strategy", () => {
  test("priority is by priority, then as configured", () => {
    const of = (id: string, priority: number) => model(id, [backend(OPENAI, id, { ...price(1, 1), priority })]);
    const from = catalogue([of("c", 2), of("b", 1), of("a", 2), of("d", 1)]);
    assert.deepEqual(
      plan("auto", { strategy: "priority" }, WELL, from).candidates.map((each) => each.model.id),
      ["b", "d", "c", "a"],
    );
  });

  test("cheapest knows tiers: a long prompt can turn the order round", () => {
    const tiers = [{ above: 1000, input_cost: 50, output_cost: 50 }];
    const from = catalogue([
      model("tiered", [backend(OPENAI, "t", { ...price(1, 1), tiers })]),
      model("flat", [backend(OPENAI, "f", price(2, 2))]),
    ]);
    const first = (promptTokens: number) =>
      plan("autocheapest", { needs: needing({ promptTokens }) }, WELL, from).candidates[0]?.model.id;
    assert.equal(first(1000), "tiered");
    assert.equal(first(1001), "flat");
  });

  const fast = (ms: number): Speed => ({ firstTokenMs: ms, tokensPerSecond: 100 });
  const speeds = { "big-1": fast(300), "small-1": fast(100), odd: fast(200) };

  test("fastest goes by measured speed, what nobody has measured by priority behind it", () => {
    const order = kept("auto", { strategy: "fastest" }, cooling({}, speeds));
    assert.deepEqual(order.slice(0, 3), ["small>groq/small-1", "org/name:8b>openai/odd", "big>openai/big-1"]);
    assert.equal(order.length, 7);
  });

  test("fastest tries something unmeasured first in one request of ten", () => {
    const chance = seededChance(7);
    const firsts = new Map<string, number>();
    for (let round = 0; round < 4000; round++) {
      const [first] = kept("auto", { strategy: "fastest", chance }, cooling({}, speeds));
      firsts.set(first!, (firsts.get(first!) ?? 0) + 1);
    }
    const explored = 4000 - firsts.get("small>groq/small-1")!;
    assert.ok(explored > 300 && explored < 500, `${explored} of 4000`);
    assert.equal(firsts.size, 5, "each of the four that nobody has measured, in time");
  });

  test("balanced goes by the inverse square of the price; free is a small price, not an infinite weight", () => {
    const of = (id: string, input: number) => model(id, [backend(OPENAI, id, price(input, input))]);
    const from = catalogue([of("one", 1), of("two", 2), of("four", 4), UNPRICED]);
    const chance = seededChance(11);
    const firsts: Record<string, number> = {};
    for (let round = 0; round < 6000; round++) {
      const order = plan("auto", { strategy: "balanced", chance }, WELL, from).candidates.map((each) => each.model.id);
      assert.equal(order.length, 4);
      assert.equal(order.at(-1), "unpriced");
      firsts[order[0]!] = (firsts[order[0]!] ?? 0) + 1;
    }
    // Weights 1, 1/4, 1/16.
    assert.ok(Math.abs(firsts.one! / 6000 - 16 / 21) < 0.03, `${firsts.one}`);
    assert.ok(Math.abs(firsts.two! / 6000 - 4 / 21) < 0.03, `${firsts.two}`);
    const gratis = catalogue([of("cheap", 0.02), model("free", [backend(LOCAL, "f", { free: true })])]);
    const free = Array.from({ length: 1000 }, () => kept("auto", { strategy: "balanced", chance }, WELL, gratis)[0]);
    const share = free.filter((each) => each === "free>ollama/f").length / 1000;
    assert.ok(share > 0.7 && share < 0.9, `4 of 5, not all: ${share}`);
  });

  test("gives the same plan under the same seed, and another under another", () => {
    const order = (seed: number) => kept("auto", { strategy: "balanced", chance: seededChance(seed) }).join();
    for (const seed of [0, 1, -5, 2 ** 31, Number.MAX_SAFE_INTEGER]) assert.equal(order(seed), order(seed));
    assert.ok(new Set(Array.from({ length: 50 }, (_, seed) => order(seed))).size > 1);
    assert.notEqual(seededChance(1)(), seededChance(1 + 2 ** 32)(), "the high bits of a seed count");
  });
});

describe("targets that cool down", () => {
  test("go last, by their earliest end, with the time told", () => {
    const outlook = cooling({ "openai-0": 9000, "groq/big-2": 2100 });
    const found = plan("big", {}, outlook);
    assert.deepEqual(names(found.candidates), ["big>pool/big-3", "big>groq/big-2", "big>openai/big-1"]);
    assert.deepEqual(
      found.candidates.map(({ reason }) => reason),
      ["by priority", "cooling down for 3 s", "cooling down for 9 s"],
    );
    assert.equal(found.refusal, undefined);
  });

  test("count as ready while one key of theirs is", () => {
    assert.equal(kept("big", {}, cooling({ "openai-0": 5, "groq-0": 5, "pool-0": 5 }))[0], "big>pool/big-3");
    const both = cooling({ "openai-0": 50, "groq-0": 20, "pool-0": 90, "pool-1": 30 });
    assert.deepEqual(kept("big", {}, both), ["big>groq/big-2", "big>pool/big-3", "big>openai/big-1"]);
  });

  test("of all models of a list stand behind everything that is ready", () => {
    const found = kept("small", { models: ["big", "plain"] }, cooling({ "openai-0": 10, "groq-0": 20 }));
    assert.deepEqual(found, [
      "big>pool/big-3",
      "big>openai/big-1",
      "plain>openai/plain-1",
      "small>groq/small-1",
      "big>groq/big-2",
    ]);
  });

  test("whose every key is out are dropped; where all are, the broker's credentials are to blame", () => {
    const out = cooling({ "openai-0": Number.POSITIVE_INFINITY });
    assert.deepEqual(dropped("big", {}, out), ["big>openai/big-1: key is out"]);
    assert.equal(plan("plain", {}, out).refusal?.kind, "provider_credentials_exhausted");
  });

  test("do not push auto beyond its number of models", () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      model(`m${index}`, [backend(index < 5 ? OPENAI : GROQ, `m${index}`, price(1, 1))]),
    );
    const found = plan("auto", {}, cooling({ "groq-0": 500 }), catalogue(many));
    assert.equal(found.candidates.length, 8);
    assert.deepEqual(
      found.candidates.slice(0, 5).map((each) => each.backend.provider.name),
      Array(5).fill("openai"),
    );
    assert.equal(found.dropped.length, 12);
    assert.equal(found.dropped[0]?.reason, "auto tries 8 models at most");
  });
});

describe("what is dropped says why:", () => {
  const cap = (usd: number): Partial<Ask> => ({ maxCost: fromUsd(usd), needs: needing({ promptTokens: 1000 }) });
  const cases: readonly [name: string, asked: string, more: Partial<Ask>, expected: readonly string[]][] = [
    ["a missing provider key", "gone", {}, ["gone>anthropic/gone-1: needs ANTHROPIC_API_KEY"]],
    [
      "a key bound to one backend",
      "big",
      { allowed: ["groq/*"] },
      ["big>openai/big-1: not allowed for this key", "big>pool/big-3: not allowed for this key"],
    ],
    ["a key bound to an alias uses the model by any name", "big", { allowed: ["large"] }, []],
    [
      "max_cost below the prompt and one token",
      "big",
      cap(0.009),
      [
        "big>openai/big-1: costs at least $0.01003, max_cost is $0.009",
        "big>pool/big-3: costs at least $0.00904, max_cost is $0.009",
      ],
    ],
    [
      "max_cost to the last nano-USD",
      "big",
      cap(0.00904),
      ["big>openai/big-1: costs at least $0.01003, max_cost is $0.00904"],
    ],
    ["max_cost can't be kept without a price", "unpriced", cap(1), ["unpriced>openai/u-1: price not known"]],
    [
      "unknown prices where they are denied",
      "unpriced",
      { unknownPrice: "deny" },
      ["unpriced>openai/u-1: price not known"],
    ],
    ["unknown prices where they are flagged", "unpriced", {}, []],
    [
      "the demo model beside a real one",
      "auto",
      { allowed: ["tiny", "plain"] },
      [
        "tiny>embedded/tiny: answers only where nothing else can be called",
        ...["big>openai/big-1", "big>groq/big-2", "big>pool/big-3", "small>groq/small-1", "unpriced>openai/u-1"].map(
          (each) => `${each}: not allowed for this key`,
        ),
        ...["gone>anthropic/gone-1", "org/name:8b>openai/odd"].map((each) => `${each}: not allowed for this key`),
      ],
    ],
  ];
  for (const [name, asked, more, expected] of cases) {
    test(name, () => assert.deepEqual(dropped(asked, more), expected));
  }

  test("every backend that was considered is in one of the lists", () => {
    const count = ALL.models.flatMap((each) => each.backends).length;
    for (const more of [{}, { allowed: ["b*"] }, cap(0.000001), { needs: needing({ capabilities: TOOLS }) }]) {
      const found = plan("auto", more);
      assert.equal(found.candidates.length + found.dropped.length, count);
    }
  });

  test("a demo model serves a key that may use nothing else", () => {
    assert.deepEqual(kept("auto", { allowed: ["tiny"] }), ["tiny>embedded/tiny"]);
  });

  test("the cost goes from the prompt alone to the longest answer", () => {
    const { cost } = plan("small", { needs: needing({ promptTokens: 100, maxTokens: 50, choices: 2 }) }).candidates[0]!;
    assert.deepEqual(cost, { min: 10_000, max: 10_000 + 2 * 50 * 200 });
    assert.equal(plan("unpriced").candidates[0]?.cost, undefined);
  });
});

describe("without a candidate the plan says what the last hurdle was:", () => {
  const cases: readonly [
    asked: string,
    more: Partial<Ask>,
    kind: ErrorKind,
    message: RegExp,
    param: string | undefined,
  ][] = [
    ["big", { allowed: ["small"] }, "model_not_allowed", /"big"/, "model"],
    ["auto", { allowed: [] }, "model_not_allowed", /"auto"/, "model"],
    ["gone", { models: ["anthropic/gone-1"] }, "no_usable_target", /None of the models.*ANTHROPIC_API_KEY/, "model"],
    ["gone", { allowed: ["gone"] }, "no_usable_target", /"gone" can't be called: it needs ANTHROPIC_API_KEY/, "model"],
    ["auto", { needs: needing({ capabilities: new Set(["audio"]) }) }, "capability_missing", /audio/, undefined],
    ["auto", { needs: needing({ promptTokens: 1e6 }) }, "context_length_exceeded", /1000000 tokens/, "messages"],
    ["unpriced", { unknownPrice: "deny" }, "price_unknown", /"unpriced"/, "model"],
    [
      "plain",
      { maxCost: fromUsd(0.000001) },
      "max_cost_exceeded",
      /at least \$0.000011, max_cost is \$0.000001/,
      "max_cost",
    ],
    ["auto", { maxCost: fromUsd(1e-9) }, "max_cost_exceeded", /at least \$0.0000012,/, "max_cost"],
  ];
  for (const [asked, more, kind, message, param] of cases) {
    test(`${asked} is ${kind}`, () => {
      const { refusal, candidates, dropped: others } = plan(asked, more);
      assert.equal(candidates.length, 0);
      assert.ok(others.length > 0);
      assert.equal(refusal?.kind, kind);
      assert.match(refusal?.message ?? "", message);
      assert.equal(refusal?.facts.param, param);
    });
  }
});

test("an explanation lists candidates, then what was dropped, in USD", () => {
  const found = plan("big", { maxCost: fromUsd(0.00012), needs: needing({ maxTokens: 1 }) });
  const told = explain(found, [
    { model: "big", provider: "groq", model_id: "big-2", key: "groq-0", outcome: "ok", ms: 5 },
  ]);
  assert.deepEqual(told.candidates, [
    {
      ...{ model: "big", provider: "groq", model_id: "big-2", kept: true, reason: "by priority" },
      cost: { min: 0.00008, max: 0.0001 },
    },
    {
      ...{ model: "big", provider: "openai", model_id: "big-1", kept: false },
      reason: "costs at least $0.00013, max_cost is $0.00012",
    },
    {
      ...{ model: "big", provider: "pool", model_id: "big-3", kept: false },
      reason: "costs at least $0.00013, max_cost is $0.00012",
    },
  ]);
  assert.equal(told.requested, "big");
  assert.equal(told.strategy, "as configured");
  assert.equal(told.prompt_tokens, 10);
  assert.equal(told.attempts?.length, 1);
  assert.ok(!("attempts" in explain(found)));
});
