// Usage in parts: whatever a provider reports, no part is negative, none overlaps, and the parts sum to the totals.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cost, type Prices, pricesOf } from "../../src/core/price.ts";
import { MAX_TOKENS, NO_TOKENS, type TokenParts, tokenParts, usageOf } from "../../src/core/usage.ts";
import type { Usage } from "../../src/generated/types.ts";
import { pick, seeded } from "../support/random.ts";

const usage = (value: object): NonNullable<Usage> =>
  ({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, ...value }) as NonNullable<Usage>;

const CASES: readonly [name: string, told: object, parts: Partial<TokenParts>][] = [
  ["nothing", {}, {}],
  ["plain", { prompt_tokens: 9, completion_tokens: 3 }, { inputUncached: 9, outputText: 3 }],
  [
    "OpenAI's: cached and reasoning are inside the totals",
    {
      prompt_tokens: 1000,
      completion_tokens: 100,
      prompt_tokens_details: { cached_tokens: 400, audio_tokens: 100 },
      completion_tokens_details: { reasoning_tokens: 40, audio_tokens: 10 },
    },
    { inputUncached: 500, cacheRead: 400, audioInput: 100, outputText: 50, reasoning: 40, audioOutput: 10 },
  ],
  [
    "Anthropic's, translated: written tokens of two lifetimes",
    {
      prompt_tokens: 100,
      prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 50, cache_write_1h_tokens: 20 },
    },
    { inputUncached: 40, cacheRead: 10, cacheWrite: 30, cacheWrite1h: 20 },
  ],
  [
    "more cached than there is",
    { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 50, audio_tokens: 5 } },
    { cacheRead: 10 },
  ],
  [
    "more reasoning than there is",
    { completion_tokens: 5, completion_tokens_details: { reasoning_tokens: 9 } },
    { reasoning: 5 },
  ],
  [
    "a lifetime larger than what was written",
    { prompt_tokens: 10, prompt_tokens_details: { cache_write_tokens: 3, cache_write_1h_tokens: 8 } },
    { inputUncached: 7, cacheWrite1h: 3 },
  ],
  [
    "a negative lifetime adds nothing to what was written",
    { prompt_tokens: 10, prompt_tokens_details: { cache_write_tokens: 3, cache_write_1h_tokens: -5 } },
    { inputUncached: 7, cacheWrite: 3 },
  ],
  [
    "null details",
    { prompt_tokens: 2, prompt_tokens_details: null, completion_tokens_details: null },
    { inputUncached: 2 },
  ],
  ["halves are cut", { prompt_tokens: 2.9, completion_tokens: 0.5 }, { inputUncached: 2 }],
  ["text is no number", { prompt_tokens: "12", completion_tokens: [] }, {}],
  [
    "an absurd number is bounded, so that the row can be written",
    { prompt_tokens: 1e300 },
    { inputUncached: MAX_TOKENS },
  ],
];

test("parts in OpenAI's shape again are the same parts, whatever they are", () => {
  const random = seeded(7);
  const some = (): number => (random() < 0.4 ? 0 : Math.floor(random() * 1000));
  for (let round = 0; round < 500; round++) {
    const parts = Object.fromEntries(Object.keys(NO_TOKENS).map((part) => [part, some()])) as unknown as TokenParts;
    assert.deepEqual(tokenParts(usageOf(parts)), parts);
  }
  assert.deepEqual(usageOf(NO_TOKENS), { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
  assert.deepEqual(usageOf({ ...NO_TOKENS, inputUncached: 3, cacheRead: 2, outputText: 1 }), {
    ...{ prompt_tokens: 5, completion_tokens: 1, total_tokens: 6, prompt_tokens_details: { cached_tokens: 2 } },
  });
});

describe("tokenParts", () => {
  for (const [name, told, parts] of CASES) {
    test(name, () => assert.deepEqual(tokenParts(usage(told)), { ...NO_TOKENS, ...parts }));
  }

  test("holds its sums for any garbage", () => {
    const random = seeded(20261121);
    const garbage = (): unknown =>
      pick<() => unknown>(random, [
        () => Math.floor(random() * 1000),
        () => random() * 1000 - 200,
        () => random() * 10 ** (random() * 320),
        () => pick(random, [null, undefined, Number.NaN, Infinity, -Infinity, -1, "7", {}, [], true, -0, 2 ** 53]),
      ])();
    const count = (value: unknown): number =>
      typeof value === "number" && value > 0 && Number.isFinite(value) ? Math.min(Math.floor(value), MAX_TOKENS) : 0;
    for (let round = 0; round < 20_000; round++) {
      const told = {
        prompt_tokens: garbage(),
        completion_tokens: garbage(),
        total_tokens: garbage(),
        prompt_tokens_details: pick(random, [
          garbage(),
          {
            cached_tokens: garbage(),
            cache_write_tokens: garbage(),
            cache_write_1h_tokens: garbage(),
            audio_tokens: garbage(),
          },
        ]),
        completion_tokens_details: pick(random, [garbage(), { reasoning_tokens: garbage(), audio_tokens: garbage() }]),
      };
      const parts = tokenParts(told as never);
      const shown = JSON.stringify(told);
      for (const [name, value] of Object.entries(parts)) {
        assert.ok(Number.isSafeInteger(value) && value >= 0, `${name} is ${value} of ${shown}`);
      }
      const { inputUncached, cacheRead, cacheWrite, cacheWrite1h, audioInput } = parts;
      assert.equal(
        inputUncached + cacheRead + cacheWrite + cacheWrite1h + audioInput,
        count(told.prompt_tokens),
        shown,
      );
      assert.equal(parts.outputText + parts.reasoning + parts.audioOutput, count(told.completion_tokens), shown);
      const written = (told.prompt_tokens_details as { cache_write_tokens?: unknown } | null)?.cache_write_tokens;
      assert.ok(cacheWrite + cacheWrite1h <= count(written), shown);
      const nano = cost(parts, DEAREST);
      assert.ok(Number.isInteger(nano) && nano >= 0 && nano < 2 ** 63, `a row can hold ${nano}`);
    }
  });
});

/** The largest price that the configuration takes, on every part. */
const DEAREST = pricesOf({
  provider: "p",
  model_id: "m",
  input_cost: 100_000,
  output_cost: 100_000,
}) as Prices;
