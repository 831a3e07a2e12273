// One normal form of usage from every dialect: random counts, sane or not, sent by a real server, come out as parts that are
// never negative and sum to what the provider said in all.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ChatProvider } from "../../src/core/provider.ts";
import { inputTokens, outputTokens, tokenParts } from "../../src/core/usage.ts";
import type { Dialect } from "../../src/generated/types.ts";
import { createAnthropicProvider } from "../../src/providers/anthropic.ts";
import type { Http } from "../../src/providers/http.ts";
import { createOllamaProvider } from "../../src/providers/ollama.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import {
  anthropicEvents,
  anthropicSse,
  anthropicText,
  ndjson,
  ollamaLines,
  openAiSse,
  openAiTextChunks,
} from "../support/bytes.ts";
import { seeded } from "../support/random.ts";
import { createCall, createTarget } from "../support/target.ts";
import { sse, type UpstreamAnswer } from "../support/upstream.ts";
import { collect } from "./collect.ts";
import { openHouse } from "./house.ts";

const ROUNDS = 60;

interface Said {
  readonly answer: UpstreamAnswer;
  /** Tokens in all, as the provider's own words mean them. */
  readonly input: number;
  readonly output: number;
}

type Say = (random: () => number) => Said;

const count = (random: () => number): number => (random() < 0.2 ? 0 : Math.floor(random() ** 3 * 100_000));

/** OpenAI's details are parts of the totals; faulty servers tell more than the whole. */
const openAi: Say = (random) => {
  const [input, output] = [count(random) + 1, count(random) + 1];
  const usage = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: count(random),
      cache_write_tokens: count(random),
      audio_tokens: random() < 0.3 ? null : count(random),
    },
    completion_tokens_details: { reasoning_tokens: count(random), audio_tokens: count(random) },
  };
  return { answer: sse(openAiSse(openAiTextChunks(["Hi"], { usage }))), input, output };
};

/** Anthropic's cached tokens come on top of its input. */
const anthropic: Say = (random) => {
  const [fresh, read, short, long, output] = [1 + count(random), ...Array.from({ length: 4 }, () => count(random))];
  const usage = {
    input_tokens: fresh,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: short! + long!,
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
    output_tokens: 1,
  };
  const lastUsage = { output_tokens: output! + 1, output_tokens_details: { thinking_tokens: count(random) } };
  const events = anthropicEvents([anthropicText("Hi")], { usage, lastUsage });
  return { answer: sse(anthropicSse(events)), input: fresh! + read! + short! + long!, output: output! + 1 };
};

const ollama: Say = (random) => {
  const [input, output] = [count(random) + 1, count(random) + 1];
  const lines = ollamaLines([{ content: "Hi" }], { prompt_eval_count: input, eval_count: output });
  const headers = { "content-type": "application/x-ndjson" };
  return { answer: { headers, pieces: [ndjson(lines)] }, input, output };
};

const DIALECTS: readonly [Dialect, (http: Http) => ChatProvider, Say][] = [
  ["openai", createOpenAiProvider, openAi],
  ["anthropic", createAnthropicProvider, anthropic],
  ["ollama", createOllamaProvider, ollama],
];

describe("usage is split without loss and without overlap", () => {
  for (const [dialect, create, say] of DIALECTS) {
    test(`of ${dialect}`, async () => {
      const { upstream, provider } = await openHouse(create);
      const random = seeded(17);
      const target = createTarget({ url: upstream.url, dialect });
      for (let round = 0; round < ROUNDS; round++) {
        const { answer, input, output } = say(random);
        upstream.script(answer);
        const { completion, failure } = await collect(provider.stream(createCall(target)));
        assert.equal(failure, undefined);
        assert.ok(completion.usage);
        const parts = tokenParts(completion.usage);
        for (const [name, tokens] of Object.entries(parts)) {
          assert.ok(Number.isSafeInteger(tokens) && tokens >= 0, `${name} ${tokens}`);
        }
        assert.deepEqual([inputTokens(parts), outputTokens(parts)], [input, output], JSON.stringify(completion.usage));
      }
    });
  }
});
