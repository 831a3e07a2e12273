// Servers that almost speak OpenAI's dialect: what is put right, what is garbled, where errors hide; and usage.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionFold } from "../../src/core/completion.ts";
import { ProviderFailure } from "../../src/core/provider.ts";
import { tokenParts } from "../../src/core/usage.ts";
import type { ChatCompletionsCreateParams, Usage } from "../../src/generated/types.ts";
import { createHttp } from "../../src/providers/http.ts";
import { completionChunks } from "../../src/providers/openai/whole.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { createUpstream, type Piece, sse } from "../support/upstream.ts";
import { type Collected, collect } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createOpenAiProvider);

async function streamed(pieces: Piece[], params: Partial<ChatCompletionsCreateParams> = {}): Promise<Collected> {
  upstream.script(sse(...pieces));
  return collect(provider.stream(createCall(createTarget({ url: `${upstream.url}/v1` }), params)));
}

const GOOD = openAiSse(openAiTextChunks(["Hello", " there"]));

describe("servers that almost speak the dialect", () => {
  test("a completion in answer to a request for a stream becomes chunks", async () => {
    upstream.script({ json: openAiCompletion("Hello") });
    const { completion, failure, chunks } = await collect(
      provider.stream(createCall(createTarget({ url: upstream.url }))),
    );
    assert.equal(failure, undefined);
    assert.equal(chunks.length, 2);
    assert.deepEqual(completion, {
      ...openAiCompletion("Hello"),
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    });
  });

  test("an error inside a choice is an error of the answer", async () => {
    const error = { code: 503, message: "Provider returned error" };
    const choices = [{ index: 0, message: { role: "assistant", content: "Hel" }, finish_reason: "error", error }];
    const call = () => createCall(createTarget({ url: upstream.url }));
    upstream.script({ json: { ...openAiCompletion("Hel"), choices } });
    await assert.rejects(
      async () => provider.complete?.(call()),
      (failure) => failure instanceof ProviderFailure && failure.kind === "status" && failure.status === 503,
    );
    upstream.script({ json: { ...openAiCompletion("Hel"), choices } });
    const whole = await collect(provider.stream(call()));
    assert.deepEqual([whole.failure?.kind, whole.failure?.status], ["status", 503]);
    const chunk = { index: 0, delta: { content: "" }, finish_reason: "error", error };
    const { failure } = await streamed([openAiSse([{ ...openAiTextChunks(["Hel"])[0], choices: [chunk] }])]);
    assert.deepEqual([failure?.kind, failure?.status], ["status", 503]);
  });

  test("chunks of a completion fold to the completion, tool calls and all", () => {
    const call = (id: string) => ({ id, type: "function", function: { name: `f_${id}`, arguments: '{"a":1}' } });
    const completion = {
      id: "1",
      object: "chat.completion" as const,
      created: 1,
      model: "m",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant" as const,
            content: null,
            reasoning_content: "hm",
            tool_calls: [call("a"), call("b")],
          },
          finish_reason: "tool_calls",
        },
        { index: 1, message: { role: "assistant" as const, content: "x" }, finish_reason: "stop" },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    };
    const fold = new CompletionFold();
    for (const chunk of completionChunks(completion)) fold.add(chunk);
    assert.deepEqual(fold.completion(), completion);
  });

  test("chunks without choices get none, choices without delta or index get theirs", async () => {
    const { chunks, failure } = await streamed([
      'data: {"id":"1","usage":null}\n\n',
      'data: {"choices":null}\n\n',
      'data: {"choices":[{"finish_reason":"stop"}]}\n\n',
      "data: [DONE]\n\n",
    ]);
    assert.equal(failure, undefined);
    assert.deepEqual(
      chunks.map(({ choices }) => choices),
      [[], [], [{ finish_reason: "stop", index: 0, delta: {} }]],
    );
  });

  test("tool calls: parallel, empty arguments, whole arguments, without an index", async () => {
    const chunk = (...tool_calls: object[]) => ({ id: "1", choices: [{ index: 0, delta: { tool_calls } }] });
    const stop = { id: "1", choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] };
    const call = (id: string, args: string) => ({
      id,
      type: "function",
      function: { name: `f_${id}`, arguments: args },
    });
    const indexed = await streamed([
      openAiSse([
        chunk({ index: 0, ...call("a", "") }),
        chunk({ index: 1, ...call("b", '{"whole":1}') }),
        chunk({ index: 0, function: { arguments: '{"x"' } }),
        chunk({ index: 0, function: { arguments: ":2}" } }),
        chunk({ index: 2, ...call("c", "") }),
        stop,
      ]),
    ]);
    const wanted = [call("a", '{"x":2}'), call("b", '{"whole":1}'), call("c", "")];
    assert.deepEqual(indexed.completion.choices[0]?.message.tool_calls, wanted);

    const plain = await streamed([
      openAiSse([
        chunk(call("a", '{"x"')),
        chunk({ index: -1, function: { arguments: ":2}" } }),
        chunk(call("b", '{"whole":1}'), call("c", "")),
        stop,
      ]),
    ]);
    assert.deepEqual(plain.completion.choices[0]?.message.tool_calls, wanted);
  });

  for (const [name, frame] of [
    ["a list", "[]"],
    ["a text", '"x"'],
    ["choices that are none", '{"choices":{}}'],
    ["a choice that is none", '{"choices":[null]}'],
    ["an index out of all bounds", '{"choices":[{"index":1000000000,"delta":{}}]}'],
  ]) {
    test(`garbled: ${name}`, async () => {
      assert.equal((await streamed([`data: ${frame}\n\n`, GOOD])).failure?.kind, "garbled");
    });
  }

  for (const [name, frame, status] of [
    ["a text", '{"error":"boom"}', 502],
    ["a status as text", '{"error":{"message":"x","code":"503"}}', 503],
    ["a status beside it", '{"status":429,"error":{"message":"x","code":"rate_limit"}}', 429],
    ["an odd number", '{"error":{"message":"x","code":7}}', 502],
    ["vLLM's", '{"object":"error","message":"x","code":400}', 400],
    [
      "with choices",
      '{"choices":[{"index":0,"delta":{},"finish_reason":"error"}],"error":{"code":502,"message":"x"}}',
      502,
    ],
  ] as const) {
    test(`an error in a frame: ${name}`, async () => {
      const { failure } = await streamed([`data: ${frame}\n\n`]);
      assert.deepEqual([failure?.kind, failure?.status], ["status", status]);
    });
  }
});

test("usage: the parts sum to the totals", async () => {
  const usages: NonNullable<Usage>[] = [
    { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 },
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 60, audio_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5 },
    },
    { prompt_tokens: 5, completion_tokens: 0, total_tokens: 5, prompt_tokens_details: { cached_tokens: 50 } },
  ];
  for (const usage of usages) {
    const { completion } = await streamed([openAiSse(openAiTextChunks(["x"], { usage }))]);
    assert.ok(completion.usage);
    const parts = tokenParts(completion.usage);
    const { inputUncached, cacheRead, cacheWrite, cacheWrite1h, audioInput } = parts;
    assert.equal(inputUncached + cacheRead + cacheWrite + cacheWrite1h + audioInput, usage.prompt_tokens);
    assert.equal(parts.outputText + parts.reasoning + parts.audioOutput, usage.completion_tokens);
  }
});

describe("types that are none of the dialect", () => {
  for (const tool_calls of [{}, [null], ["x"], 7]) {
    test(`tool_calls ${JSON.stringify(tool_calls)} is the provider's fault, not a bug of ours`, async () => {
      const upstream = await createUpstream();
      const provider = createOpenAiProvider(createHttp());
      const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model: "m" };
      upstream.script(sse(openAiSse([{ ...chunk, choices: [{ index: 0, delta: { tool_calls } }] }], { done: false })));
      const call = createCall(createTarget({ url: `${upstream.url}/v1` }));
      await assert.rejects(
        async () => {
          for await (const _ of provider.stream(call));
        },
        (error: unknown) => error instanceof ProviderFailure,
      );
      await provider.close();
      await upstream.close();
    });
  }
});
