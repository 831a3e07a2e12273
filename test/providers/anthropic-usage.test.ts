// Anthropic's usage in the one normal form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tokenParts } from "../../src/core/usage.ts";
import { type AnthropicStreamOptions, anthropicEvents, anthropicSse, anthropicText } from "../support/bytes.ts";
import { answered, streamed } from "./anthropic-house.ts";

describe("usage", () => {
  const cases: { name: string; options: AnthropicStreamOptions; parts: object }[] = [
    {
      name: "cached tokens are part of the prompt, later zeros take nothing back",
      options: {
        usage: {
          input_tokens: 10,
          cache_read_input_tokens: 1_000,
          cache_creation_input_tokens: 300,
          cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 100 },
          output_tokens: 1,
        },
        lastUsage: {
          input_tokens: 0,
          cache_read_input_tokens: 0,
          cache_creation_input_tokens: null,
          output_tokens: 50,
          output_tokens_details: { thinking_tokens: 20 },
        },
      },
      parts: { inputUncached: 10, cacheRead: 1_000, cacheWrite: 200, cacheWrite1h: 100, outputText: 30, reasoning: 20 },
    },
    {
      name: "later counts replace earlier ones",
      options: { usage: { input_tokens: 10, output_tokens: 1 }, lastUsage: { input_tokens: 25, output_tokens: 7 } },
      parts: { inputUncached: 25, outputText: 7 },
    },
    {
      name: "the parts of what was written stand for their sum",
      options: {
        usage: { input_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 } },
      },
      parts: { inputUncached: 1, cacheWrite: 2, cacheWrite1h: 3, outputText: 5 },
    },
  ];
  for (const { name, options, parts } of cases) {
    test(name, async () => {
      const { usage } = (await streamed([anthropicText("x")], options)).completion;
      assert.ok(usage);
      const split = tokenParts(usage);
      assert.deepEqual(Object.fromEntries(Object.entries(split).filter(([, count]) => count > 0)), parts);
      const { inputUncached, cacheRead, cacheWrite, cacheWrite1h, audioInput } = split;
      assert.equal(inputUncached + cacheRead + cacheWrite + cacheWrite1h + audioInput, usage.prompt_tokens);
      assert.equal(split.outputText + split.reasoning + split.audioOutput, usage.completion_tokens);
      assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    });
  }

  test("of an answer that is cut has the input as it was told at its beginning", async () => {
    const options = { usage: { input_tokens: 10, cache_read_input_tokens: 1_000, output_tokens: 1 } };
    const { completion, failure } = await answered(
      anthropicSse(anthropicEvents([anthropicText("Hel", "lo")], options).slice(0, 4)),
    );
    assert.equal(failure?.kind, "cut");
    assert.ok(completion.usage);
    assert.deepEqual([completion.usage.prompt_tokens, tokenParts(completion.usage).cacheRead], [1_010, 1_000]);
  });
});
