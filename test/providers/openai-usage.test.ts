// Usage of vendors that count otherwise than OpenAI does: thinking beside the completion, and counts that come in parts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Usage } from "../../src/generated/types.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { sse, type UpstreamAnswer } from "../support/upstream.ts";
import { collect } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createOpenAiProvider);

const WAYS: Readonly<Record<string, (usage: object) => Promise<Usage | undefined>>> = {
  async "in one piece"(usage) {
    upstream.script({ json: { ...openAiCompletion("Hi"), usage } });
    return (await provider.complete?.(createCall(createTarget({ url: upstream.url }))))?.usage;
  },
  async streamed(usage) {
    return streamed(sse(openAiSse(openAiTextChunks(["Hi"], { usage: usage as NonNullable<Usage> }))));
  },
  async "a whole answer to a request for a stream"(usage) {
    return streamed({ json: { ...openAiCompletion("Hi"), usage } });
  },
};

async function streamed(answer: UpstreamAnswer): Promise<Usage | undefined> {
  upstream.script(answer);
  const { completion } = await collect(provider.stream(createCall(createTarget({ url: upstream.url }))));
  return completion?.usage;
}

/** Output of the answer in all, and the thinking in it, as told and as it is. */
const TOLD: readonly [what: string, usage: object, output: number, reasoning: number | undefined][] = [
  [
    "thinking inside the completion, as OpenAI counts",
    {
      ...{ prompt_tokens: 32, completion_tokens: 103, total_tokens: 135 },
      completion_tokens_details: { reasoning_tokens: 94 },
    },
    103,
    94,
  ],
  [
    "thinking beside the completion, as xAI counts",
    {
      ...{ prompt_tokens: 32, completion_tokens: 9, total_tokens: 135 },
      prompt_tokens_details: { cached_tokens: 6 },
      completion_tokens_details: { reasoning_tokens: 94 },
    },
    103,
    94,
  ],
  [
    "thinking in the total alone, as Gemini counts",
    { prompt_tokens: 9, completion_tokens: 3, total_tokens: 105 },
    96,
    93,
  ],
  [
    "a total that what was cached explains",
    {
      ...{ prompt_tokens: 10, completion_tokens: 3, total_tokens: 113 },
      prompt_tokens_details: { cached_tokens: 100 },
    },
    3,
    undefined,
  ],
  ["a total that is too small", { prompt_tokens: 10, completion_tokens: 3, total_tokens: 0 }, 3, undefined],
  ["no total", { prompt_tokens: 10, completion_tokens: 3 }, 3, undefined],
  ["a total that is none", { prompt_tokens: 10, completion_tokens: 3, total_tokens: "15" }, 3, undefined],
];

for (const [way, told] of Object.entries(WAYS)) {
  describe(`usage, ${way}`, () => {
    for (const [what, usage, output, reasoning] of TOLD)
      test(what, async () => {
        const { completion_tokens, completion_tokens_details } = (await told(usage)) ?? {};
        assert.deepEqual([completion_tokens, completion_tokens_details?.reasoning_tokens], [output, reasoning]);
      });
  });
}
