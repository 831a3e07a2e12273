// Which backends may serve a request, and in what order: by id, alias, provider/model_id, auto, autocheapest, autobest.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import type { Catalogue, Model } from "../../src/core/model.ts";
import type { Needs } from "../../src/core/needs.ts";
import type { Strategy } from "../../src/core/plan.ts";
import { route } from "../../src/core/route.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { seeded } from "../support/random.ts";
import {
  ABSENT,
  asking,
  backend,
  catalogue,
  EMBEDDED,
  GROQ,
  model,
  names,
  needing,
  OPENAI,
  PLAIN,
  price,
  provider,
  WELL,
} from "../support/routing.ts";

const DEMO = model("tiny", [backend(EMBEDDED, "tiny", { free: true })], { tier: "free", demo: true });
const BIG = model(
  "big",
  [backend(OPENAI, "big-1", price(10, 30)), backend(GROQ, "big-2", { ...price(12, 30), priority: 2 })],
  {
    tier: "premium",
    quality: 90,
    aliases: ["large"],
    capabilities: new Set(["tool_calling", "vision"]),
  },
);
const SMALL = model("small", [backend(GROQ, "small-1", price(0.1, 0.2))], {
  tier: "economy",
  capabilities: new Set(["tool_calling"]),
  contextWindow: 1000,
});
const MIXED = model("mixed", [
  backend(ABSENT, "m-1", price(1, 1)),
  backend(OPENAI, "m-2", { ...price(2, 2), priority: 2 }),
]);
const GONE = model("gone", [backend(ABSENT, "gone-1", price(1, 1)), backend(ABSENT, "gone-2", price(1, 1))]);
const ALL = catalogue([DEMO, BIG, SMALL, MIXED, GONE]);

/** Candidates in order; where there are none, why. */
function routed(model: string, needs: Needs = PLAIN, from: Catalogue = ALL, strategy: Strategy = "cheapest"): string[] {
  const plan = route(from, asking(model, { needs, strategy }), WELL);
  if (plan.refusal) throw plan.refusal;
  return names(plan.candidates);
}

const ROUTES: readonly [name: string, asked: string, needs: Needs, expected: readonly string[]][] = [
  ["an id: its backends by priority", "big", PLAIN, ["big>openai/big-1", "big>groq/big-2"]],
  ["an alias", "large", PLAIN, ["big>openai/big-1", "big>groq/big-2"]],
  ["backends without a key are left out", "mixed", PLAIN, ["mixed>openai/m-2"]],
  ["the demo model by name", "tiny", PLAIN, ["tiny>embedded/tiny"]],
  [
    "a named model is not second-guessed",
    "small",
    needing({ capabilities: new Set(["vision"]), promptTokens: 9e9 }),
    ["small>groq/small-1"],
  ],
  ["provider/model_id: that backend alone", "groq/big-2", PLAIN, ["big>groq/big-2"]],
  [
    "provider/model_id of a free provider needs no configuration",
    "ollama/llama3:8b",
    PLAIN,
    ["ollama/llama3:8b>ollama/llama3:8b"],
  ],
  ["model ids may have slashes", "ollama/a/b", PLAIN, ["ollama/a/b>ollama/a/b"]],
  [
    "cheapest first, the demo model not among them",
    "autocheapest",
    PLAIN,
    ["small>groq/small-1", "mixed>openai/m-2", "big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "best: tier first",
    "autobest",
    PLAIN,
    ["big>openai/big-1", "big>groq/big-2", "mixed>openai/m-2", "small>groq/small-1"],
  ],
  [
    "auto is the configured strategy",
    "auto",
    PLAIN,
    ["small>groq/small-1", "mixed>openai/m-2", "big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "only models that can call tools",
    "autocheapest",
    needing({ capabilities: new Set(["tool_calling"]) }),
    ["small>groq/small-1", "big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "every capability counts",
    "auto",
    needing({ capabilities: new Set(["tool_calling", "vision"]) }),
    ["big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "only models with room for the prompt",
    "autocheapest",
    needing({ promptTokens: 1001 }),
    ["mixed>openai/m-2", "big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "and for the answer",
    "autocheapest",
    needing({ promptTokens: 900, maxTokens: 101 }),
    ["mixed>openai/m-2", "big>openai/big-1", "big>groq/big-2"],
  ],
  [
    "room to the last token",
    "autocheapest",
    needing({ promptTokens: 900, maxTokens: 100 }),
    ["small>groq/small-1", "mixed>openai/m-2", "big>openai/big-1", "big>groq/big-2"],
  ],
];

describe("route", () => {
  for (const [name, asked, needs, expected] of ROUTES) {
    test(`${asked}: ${name}`, () => assert.deepEqual(routed(asked, needs), expected));
  }

  test("auto follows ROUTING_STRATEGY=best", () => {
    assert.equal(routed("auto", PLAIN, ALL, "best")[0], "big>openai/big-1");
  });

  test("a configured name wins over the words auto and provider/model_id", () => {
    const own = model("auto", [backend(OPENAI, "own")], { aliases: ["groq/big-2"] });
    const with_own = catalogue([BIG, own]);
    assert.deepEqual(routed("auto", PLAIN, with_own), ["auto>openai/own"]);
    assert.deepEqual(routed("groq/big-2", PLAIN, with_own), ["auto>openai/own"]);
  });

  test("the demo model serves auto where nothing else can be called", () => {
    const poor = catalogue([DEMO, GONE]);
    for (const asked of ["auto", "autocheapest", "autobest"])
      assert.deepEqual(routed(asked, PLAIN, poor), ["tiny>embedded/tiny"]);
  });

  test("the demo model does not stand in where others can be called but are not able", () => {
    assert.throws(() => routed("auto", needing({ capabilities: new Set(["audio"]) })), { kind: "capability_missing" });
  });

  test("a context window that is not known fits everything", () => {
    const unknown = catalogue([model("u", [backend(OPENAI, "u")], { contextWindow: 0 })]);
    assert.deepEqual(routed("auto", needing({ promptTokens: 1e9 }), unknown), ["u>openai/u"]);
  });
});

describe("the cheapest", () => {
  const cheapest = (models: readonly Model[], needs: Needs = PLAIN): string[] => [
    ...new Set(
      route(catalogue(models), asking("autocheapest", { needs, strategy: "best" }), WELL).candidates.map(
        (each) => each.model.id,
      ),
    ),
  ];
  const chatty = model("chatty", [backend(OPENAI, "a", price(0, 4))]);
  const greedy = model("greedy", [backend(OPENAI, "b", price(2, 0))]);

  test("depends on the request: a long prompt, or a long answer", () => {
    assert.deepEqual(cheapest([chatty, greedy], needing({ promptTokens: 10_000, maxTokens: 10 })), [
      "chatty",
      "greedy",
    ]);
    assert.deepEqual(cheapest([chatty, greedy], needing({ promptTokens: 10, maxTokens: 10_000 })), [
      "greedy",
      "chatty",
    ]);
  });

  test("takes 500 tokens of answer where none is said", () => {
    assert.deepEqual(cheapest([greedy, chatty], needing({ promptTokens: 999 })), ["greedy", "chatty"]);
    assert.deepEqual(cheapest([greedy, chatty], needing({ promptTokens: 1001 })), ["chatty", "greedy"]);
  });

  test("counts the price of the backend that would be called, not of one without a key", () => {
    const dear = model("dear", [backend(ABSENT, "x", price(0, 0)), backend(OPENAI, "y", price(100, 100))]);
    assert.deepEqual(cheapest([dear, chatty]), ["chatty", "dear"]);
  });

  test("puts models without a price last, and ties by priority, then id", () => {
    const a = model("a", [backend(OPENAI, "a", { ...price(1, 1), priority: 2 })]);
    const b = model("b", [backend(OPENAI, "b", price(1, 1))]);
    const c = model("c", [backend(OPENAI, "c", price(1, 1))]);
    const unpriced = [model("y", [backend(OPENAI, "y")]), model("x", [backend(OPENAI, "x")])];
    assert.deepEqual(cheapest([...unpriced, a, c, b]), ["b", "c", "a", "x", "y"]);
  });
});

describe("the best", () => {
  test("is by tier, then quality, then priority, then id", () => {
    const of = (id: string, tier: Model["tier"], quality: number, priority = 1): Model =>
      model(id, [backend(OPENAI, id, { priority })], { tier, quality });
    const models = [
      of("f", "free", 99),
      of("e", "economy", 50),
      of("p2", "premium", 80),
      of("p3", "premium", 80, 2),
      of("s", "standard", 99),
      of("p1", "premium", 90),
      of("p0", "premium", 80),
    ];
    const order = route(catalogue(models), asking("autobest"), WELL).candidates.map((each) => each.model.id);
    assert.deepEqual(order, ["p1", "p0", "p2", "p3", "s", "e", "f"]);
  });
});

describe("the order", () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    model(`m${index}`, [backend(OPENAI, `m${index}`, index % 3 ? price(index % 5, 1) : {})], { quality: index % 4 }),
  );

  test("is the same however the catalogue is shuffled", () => {
    const random = seeded(3);
    for (const asked of ["autocheapest", "autobest"]) {
      const first = routed(asked, PLAIN, catalogue(many));
      assert.equal(first.length, 8, "auto tries at most 8 models");
      for (let round = 0; round < 50; round++) {
        const shuffled = [...many].sort(() => random() - 0.5);
        assert.deepEqual(routed(asked, PLAIN, catalogue(shuffled)), first);
      }
    }
  });

  test("leaves the catalogue as it was", () => {
    const before = ALL.models.map((each) => each.id);
    routed("autocheapest");
    routed("autobest");
    assert.deepEqual(
      ALL.models.map((each) => each.id),
      before,
    );
  });
});

const NOTHING = catalogue([GONE]);
const ERRORS: readonly [
  asked: string,
  from: Catalogue,
  needs: Needs,
  kind: ErrorKind,
  message: RegExp,
  param?: string,
][] = [
  ["gpt9", ALL, PLAIN, "model_not_found", /No model is called "gpt9"/, "model"],
  ["", ALL, PLAIN, "model_not_found", /No model/, "model"],
  ["constructor", ALL, PLAIN, "model_not_found", /No model is called "constructor"/, "model"],
  ["__proto__", ALL, PLAIN, "model_not_found", /No model/, "model"],
  ["nobody/gpt", ALL, PLAIN, "model_not_found", /No model is called "nobody\/gpt"/, "model"],
  ["openai/", ALL, PLAIN, "model_not_found", /No model is called "openai\/"/, "model"],
  ["openaix", ALL, PLAIN, "model_not_found", /No model is called "openaix"/, "model"],
  ["/gpt", ALL, PLAIN, "model_not_found", /No model/, "model"],
  ["openai/gpt-9", ALL, PLAIN, "model_not_found", /"gpt-9" of openai is not configured/, "model"],
  ["gone", ALL, PLAIN, "no_usable_target", /"gone" can't be called: it needs ANTHROPIC_API_KEY$/, "model"],
  [
    "anthropic/gone-1",
    ALL,
    PLAIN,
    "no_usable_target",
    /anthropic can't be called: it needs ANTHROPIC_API_KEY/,
    "model",
  ],
  ["auto", NOTHING, PLAIN, "no_usable_target", /no provider has a key/],
  ["auto", ALL, needing({ capabilities: new Set(["audio", "vision"]) }), "capability_missing", /audio and vision/],
  ["auto", ALL, needing({ promptTokens: 200_000 }), "context_length_exceeded", /about 200000 tokens/, "messages"],
];

describe("where nothing can serve, the error says why:", () => {
  for (const [asked, from, needs, kind, message, param] of ERRORS) {
    test(`${JSON.stringify(asked)} is ${kind}`, () => {
      assert.throws(
        () => routed(asked, needs, from),
        (error) => {
          assert.ok(error instanceof BrokerError);
          assert.equal(error.kind, kind);
          assert.match(error.message, message);
          assert.equal(error.facts.param, param);
          return true;
        },
      );
    });
  }

  test("every missing variable once", () => {
    const two = model("two", [backend(ABSENT, "a"), backend(provider("mistral", false), "b"), backend(ABSENT, "c")]);
    assert.throws(() => routed("two", PLAIN, catalogue([two])), {
      message: 'The model "two" can\'t be called: it needs ANTHROPIC_API_KEY or MISTRAL_API_KEY',
      facts: { param: "model", missing: ["ANTHROPIC_API_KEY", "MISTRAL_API_KEY"] },
    });
  });

  test("a name without end is cut", () => {
    assert.throws(
      () => routed("x".repeat(100_000)),
      (error: Error) => error.message.length < 300,
    );
  });
});
