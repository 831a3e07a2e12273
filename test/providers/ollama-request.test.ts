// A chat request in Ollama's form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderFailure } from "../../src/core/provider.ts";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../src/generated/types.ts";
import { chatBody } from "../../src/providers/ollama/request.ts";
import { ndjson, ollamaLines } from "../support/bytes.ts";
import { createCall, createTarget, SECRET } from "../support/target.ts";
import { collect } from "./collect.ts";
import { provider, streamed, upstream } from "./ollama-house.ts";

function body(params: Partial<ChatCompletionsCreateParams>): Record<string, unknown> {
  const target = createTarget({ url: "http://127.0.0.1", dialect: "ollama", modelId: "llama" });
  const all = { model: "our-model", messages: [{ role: "user" as const, content: "Hi" }], ...params };
  return JSON.parse(JSON.stringify(chatBody(all, target))) as Record<string, unknown>;
}

const call = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("a request", () => {
  test("goes to /api/chat, with a key only where there is one", async () => {
    await streamed([{ content: "Hi" }]);
    assert.equal(upstream.requests.at(-1)?.path, "/api/chat");
    assert.equal(upstream.requests.at(-1)?.headers.authorization, `Bearer ${SECRET}`);
    upstream.script({ pieces: [ndjson(ollamaLines([]))] });
    await collect(provider.stream(createCall(createTarget({ url: upstream.url, dialect: "ollama", secret: null }))));
    assert.equal(upstream.requests.at(-1)?.headers.authorization, undefined);
  });

  test("messages: text, images, thinking, tools and their results", () => {
    const { messages } = body({
      messages: [
        { role: "developer", content: "Be brief." },
        {
          role: "user",
          content: [
            { type: "text", text: "What is" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "text", text: "this?" },
          ],
        },
        {
          role: "assistant",
          content: null,
          reasoning_content: "Hm",
          tool_calls: [call("a", "look", '{"at":1}'), call("b", "see", "")],
        },
        { role: "tool", tool_call_id: "b", content: "two" },
        { role: "tool", tool_call_id: "a", content: [{ type: "text", text: "one" }] },
      ],
    });
    assert.deepEqual(messages, [
      { role: "system", content: "Be brief." },
      { role: "user", content: "What is\nthis?", images: ["AAAA"] },
      {
        role: "assistant",
        content: "",
        thinking: "Hm",
        tool_calls: [
          { id: "a", function: { name: "look", arguments: { at: 1 } } },
          { id: "b", function: { name: "see", arguments: {} } },
        ],
      },
      { role: "tool", tool_call_id: "b", tool_name: "see", content: "two" },
      { role: "tool", tool_call_id: "a", tool_name: "look", content: "one" },
    ]);
  });

  const tools = [{ type: "function", function: { name: "f" } }];
  const schema = { type: "object" };
  const cases: [string, Partial<ChatCompletionsCreateParams>, object][] = [
    [
      "options",
      {
        temperature: 0,
        top_p: 0.9,
        seed: 7,
        stop: "END",
        max_tokens: 5,
        presence_penalty: 1,
        top_k: 3,
        num_ctx: 8_192,
      },
      {
        options: {
          temperature: 0,
          top_p: 0.9,
          seed: 7,
          stop: ["END"],
          num_predict: 5,
          presence_penalty: 1,
          top_k: 3,
          num_ctx: 8_192,
        },
      },
    ],
    [
      "its own options",
      { options: { mirostat: 1 }, max_completion_tokens: 5, max_tokens: 6 },
      { options: { mirostat: 1, num_predict: 5 } },
    ],
    ["tools", { tools }, { options: {}, tools }],
    ["no tools", { tools, tool_choice: "none" }, { options: {} }],
    ["JSON", { response_format: { type: "json_object" } }, { options: {}, format: "json" }],
    [
      "a schema",
      { response_format: { type: "json_schema", json_schema: { name: "x", schema } } },
      { options: {}, format: schema },
    ],
    ["effort", { reasoning_effort: "xhigh" }, { options: {}, think: "high" }],
    ["no effort", { reasoning_effort: "none" }, { options: {}, think: false }],
    [
      "logprobs",
      { logprobs: true, top_logprobs: 2, keep_alive: "1h" },
      { options: {}, logprobs: true, top_logprobs: 2, keep_alive: "1h" },
    ],
  ];
  for (const [name, params, expected] of cases) {
    test(name, () => {
      const { model, messages: _, stream, ...rest } = body(params);
      assert.deepEqual([model, stream, rest], ["llama", true, expected]);
    });
  }

  const refused: [string, Partial<ChatCompletionsCreateParams>][] = [
    ["more than one choice", { n: 2 }],
    [
      "an image elsewhere",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "https://example.com/a" } }] }] },
    ],
    ["a file", { messages: [{ role: "user", content: [{ type: "file", file: {} }] }] }],
    ["bad arguments", { messages: [{ role: "assistant", tool_calls: [call("a", "f", "nope")] }] as ChatMessage[] }],
  ];
  for (const [name, params] of refused) {
    test(`refused: ${name}`, () => {
      assert.throws(
        () => body(params),
        (error: unknown) => error instanceof ProviderFailure && error.status === 400,
      );
    });
  }
});
