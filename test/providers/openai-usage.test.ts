// Usage of vendors that count otherwise than OpenAI does: thinking beside the completion, cache hits by other names, and
// counts that come in parts.

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

/** What was read from the cache, in every vendor's own words. */
const CACHED: readonly [what: string, usage: object, cached: number | undefined][] = [
  ["a cache hit as DeepSeek tells it", { prompt_cache_hit_tokens: 90, prompt_cache_miss_tokens: 10 }, 90],
  ["a cache hit as Moonshot tells it", { cached_tokens: 80 }, 80],
  ["a cache hit told twice: OpenAI's word", { cached_tokens: 80, prompt_tokens_details: { cached_tokens: 70 } }, 70],
  ["no cache hit", { prompt_cache_hit_tokens: 0, prompt_cache_miss_tokens: 100 }, undefined],
];

for (const [way, told] of Object.entries(WAYS)) {
  describe(`usage, ${way}`, () => {
    for (const [what, more, cached] of CACHED)
      test(what, async () => {
        const usage = await told({ prompt_tokens: 100, completion_tokens: 3, total_tokens: 103, ...more });
        assert.equal(usage?.prompt_tokens_details?.cached_tokens, cached);
        assert.equal(usage?.completion_tokens, 3);
      });
    for (const [what, usage, output, reasoning] of TOLD)
      test(what, async () => {
        const { completion_tokens, completion_tokens_details } = (await told(usage)) ?? {};
        assert.deepEqual([completion_tokens, completion_tokens_details?.reasoning_tokens], [output, reasoning]);
      });
  });
}

describe("usage of a stream that is told in parts", () => {
  const last = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
  const cached = { prompt_tokens_details: { cached_tokens: 80 } };
  const PARTS: readonly [what: string, parts: readonly object[], usage: object][] = [
    ["counts that grow: the last ones", [{ ...last, completion_tokens: 1, total_tokens: 101 }, last], last],
    [
      "zeros at the end take nothing back",
      [
        { ...last, ...cached },
        { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: null },
      ],
      { ...last, ...cached },
    ],
    [
      "input first, output last",
      [
        { prompt_tokens: 100, completion_tokens: 0, total_tokens: 100 },
        { prompt_tokens: 0, completion_tokens: 50, total_tokens: 50 },
      ],
      last,
    ],
    [
      "input first, output and the total last",
      [
        { prompt_tokens: 100, completion_tokens: 0, total_tokens: 100 },
        { prompt_tokens: 0, completion_tokens: 50, total_tokens: 150 },
      ],
      last,
    ],
    [
      "what was cached is told once",
      [{ ...last, ...cached, completion_tokens: 1, total_tokens: 101 }, last],
      { ...last, ...cached },
    ],
    [
      "what was cached is zero at the end",
      [
        { ...last, ...cached },
        { ...last, prompt_tokens_details: { cached_tokens: 0, audio_tokens: 2 } },
      ],
      { ...last, prompt_tokens_details: { cached_tokens: 80, audio_tokens: 2 } },
    ],
  ];
  for (const [what, parts, usage] of PARTS)
    test(what, async () => {
      const head = { id: "1", object: "chat.completion.chunk", created: 1, model: "m" };
      const chunks = [
        { ...head, choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] },
        ...parts.map((part) => ({ ...head, choices: [], usage: part })),
      ];
      assert.deepEqual(await streamed(sse(openAiSse(chunks as never))), usage);
    });
});
