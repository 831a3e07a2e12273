// What a call costs: worked by hand, rounded once, exact where floating point would not be.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NanoUsd } from "../../src/core/money.ts";
import { affordableOutput, cost, type Prices, pricesAt, pricesOf, worstCase } from "../../src/core/price.ts";
import { inputTokens, NO_TOKENS, outputTokens, type TokenParts, tokenParts } from "../../src/core/usage.ts";
import type { BackendConfig } from "../../src/generated/types.ts";
import { seeded } from "../support/random.ts";

const prices = (config: Partial<BackendConfig>): Prices => {
  const found = pricesOf({ provider: "openai", model_id: "m", ...config });
  assert.ok(found);
  return found;
};
const parts = (more: Partial<TokenParts>): TokenParts => ({ ...NO_TOKENS, ...more });

const GPT4O = prices({ input_cost: 2.5, output_cost: 10, cached_input_cost: 1.25 });
const GPT4O_AUDIO = prices({ input_cost: 2.5, output_cost: 10, audio_input_cost: 40, audio_output_cost: 80 });
const SONNET = prices({
  input_cost: 3,
  output_cost: 15,
  cached_input_cost: 0.3,
  cache_write_cost: 3.75,
  cache_write_1h_cost: 6,
});

const WORKED: readonly [name: string, prices: Prices, tokens: Partial<TokenParts>, nanoUsd: number][] = [
  ["gpt-4o, 1000 in and 500 out: 0.0025 + 0.005 USD", GPT4O, { inputUncached: 1000, outputText: 500 }, 7_500_000],
  ["gpt-4o, 400 of 1000 cached", GPT4O, { inputUncached: 600, cacheRead: 400, outputText: 100 }, 3_000_000],
  ["gpt-4o, reasoning at the output price", GPT4O, { outputText: 60, reasoning: 40 }, 1_000_000],
  [
    "gpt-4o-audio: 100 text and 50 audio in, 20 text and 30 audio out",
    GPT4O_AUDIO,
    { inputUncached: 100, audioInput: 50, outputText: 20, audioOutput: 30 },
    250_000 + 2_000_000 + 200_000 + 2_400_000,
  ],
  [
    "Claude Sonnet: read, written for 5 minutes and for an hour",
    SONNET,
    { inputUncached: 10, cacheRead: 1000, cacheWrite: 100, cacheWrite1h: 100, outputText: 10 },
    30_000 + 300_000 + 375_000 + 600_000 + 150_000,
  ],
  [
    "one token of a cheap model is not nothing",
    prices({ input_cost: 0.05, output_cost: 0.08 }),
    { inputUncached: 1 },
    50,
  ],
  ["nothing", GPT4O, {}, 0],
];

describe("cost", () => {
  for (const [name, table, tokens, nanoUsd] of WORKED)
    test(name, () => assert.equal(cost(parts(tokens), table), nanoUsd));

  test("is rounded once: parts that are each under half a nano-USD still count", () => {
    const table = prices({ input_cost: 0.0004, output_cost: 0.0004 });
    assert.equal(cost(parts({ inputUncached: 1, outputText: 1 }), table), 1);
    assert.equal(cost(parts({ inputUncached: 1 }), table), 0);
  });

  test("agrees with a vendor's usage from end to end", () => {
    const usage = {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 128, audio_tokens: 0 },
    };
    assert.equal(cost(tokenParts(usage), GPT4O), 86 * 2500 + 1920 * 1250 + 300 * 10_000);
  });

  test("is exact up to the millions of tokens and the hundreds of dollars of a real request", () => {
    const random = seeded(7);
    const integer = (below: number): number => Math.floor(random() * below);
    for (let round = 0; round < 5000; round++) {
      const config = {
        input_cost: integer(2e8) / 1e6,
        output_cost: integer(6e8) / 1e6,
        cached_input_cost: integer(2e7) / 1e6,
      };
      const tokens = parts({
        inputUncached: integer(2e6),
        cacheRead: integer(2e6),
        outputText: integer(1e6),
        reasoning: integer(1e6),
      });
      const table = prices(config);
      const pico = (Object.keys(tokens) as (keyof TokenParts)[]).reduce(
        (sum, part) => sum + BigInt(tokens[part]) * BigInt(table[part] ?? 0),
        0n,
      );
      assert.equal(BigInt(cost(tokens, table)), (pico + 500n) / 1000n, JSON.stringify({ config, tokens }));
    }
  });
});

describe("tiers", () => {
  const tiered = prices({
    input_cost: 1,
    output_cost: 10,
    cached_input_cost: 0.1,
    tiers: [
      { above: 200_000, input_cost: 2, output_cost: 15 },
      { above: 1_000_000, input_cost: 4, output_cost: 20, cached_input_cost: 1 },
    ],
  });
  const TIERS: readonly [tokens: Partial<TokenParts>, nanoUsd: number][] = [
    [{ inputUncached: 200_000, outputText: 10 }, 200_000_000 + 100_000],
    [{ inputUncached: 200_001, outputText: 10 }, 400_002_000 + 150_000],
    [{ inputUncached: 100_000, cacheRead: 100_001 }, 200_000_000 + 10_000_100],
    [{ inputUncached: 1_000_001, cacheRead: 10 }, 4_000_004_000 + 10_000],
  ];
  for (const [tokens, nanoUsd] of TIERS) {
    test(`${JSON.stringify(tokens)}: all input counts, and the whole call has the tier's prices`, () => {
      assert.equal(cost(parts(tokens), tiered), nanoUsd);
    });
  }

  test("what is not given in a tier stays as it is below", () => {
    assert.equal(pricesAt(tiered, 300_000).cacheRead, 100_000);
  });
});

describe("the worst case", () => {
  test("is never less than what any split of the tokens costs", () => {
    const random = seeded(3);
    for (let round = 0; round < 500; round++) {
      const some = (most: number) => Math.floor(random() * most);
      const tokens = {
        ...{ inputUncached: some(1000), cacheRead: some(1000), cacheWrite: some(100), cacheWrite1h: some(100) },
        ...{ audioInput: some(50), outputText: some(500), reasoning: some(500), audioOutput: some(50) },
      };
      for (const table of [GPT4O, GPT4O_AUDIO, SONNET]) {
        const worst = worstCase(table, inputTokens(tokens), outputTokens(tokens));
        assert.ok(cost(tokens, table) <= worst);
      }
    }
  });

  test("and what an amount pays for are one rule from both ends", () => {
    const random = seeded(4);
    for (let round = 0; round < 500; round++) {
      const amount = Math.floor(random() * 1e9) as NanoUsd;
      const input = Math.floor(random() * 10_000);
      const output = affordableOutput(SONNET, input, amount);
      if (output > 0) assert.ok(worstCase(SONNET, input, output) <= amount);
      if (worstCase(SONNET, input, 0) <= amount) assert.ok(worstCase(SONNET, input, output + 1) > amount);
      else assert.equal(output, 0);
    }
    assert.equal(affordableOutput(prices({ free: true }), 10, 0 as NanoUsd), Number.POSITIVE_INFINITY);
  });
});

describe("pricesOf", () => {
  test("are not known where the configuration names none", () => {
    assert.equal(pricesOf({ provider: "openai", model_id: "m" }), undefined);
    assert.equal(pricesOf({ provider: "openai", model_id: "m", cached_input_cost: 1 }), undefined);
  });

  test("of a free backend are zero, whatever stands beside", () => {
    const free = prices({ free: true, input_cost: 5, audio_output_cost: 9 });
    const { tiers, ...parts } = free;
    assert.deepEqual(new Set(Object.values(parts)), new Set([0]));
    assert.deepEqual(tiers, []);
  });

  test("fall back from the special to the general", () => {
    const { cacheRead, cacheWrite, cacheWrite1h, audioInput, reasoning, audioOutput } = prices({
      input_cost: 1,
      output_cost: 2,
    });
    assert.deepEqual([cacheRead, cacheWrite, cacheWrite1h, audioInput], [1e6, 1e6, 1e6, 1e6]);
    assert.deepEqual([reasoning, audioOutput], [2e6, 2e6]);
    assert.equal(prices({ input_cost: 1, output_cost: 2, cache_write_cost: 1.25 }).cacheWrite1h, 1_250_000);
  });

  test("of one side alone are not known: the other would be given away", () => {
    assert.equal(pricesOf({ provider: "openai", model_id: "m", input_cost: 1 }), undefined);
    assert.equal(pricesOf({ provider: "openai", model_id: "m", output_cost: 1 }), undefined);
  });

  test("may be zero for one part only", () => {
    const table = prices({ input_cost: 1, output_cost: 2, cached_input_cost: 0 });
    assert.equal(table.cacheRead, 0);
    assert.equal(table.inputUncached, 1e6);
  });
});
