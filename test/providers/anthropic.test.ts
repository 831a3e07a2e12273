// Anthropic's events as OpenAI chunks: golden translations and errors.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { messagesBody } from "../../src/providers/anthropic/request.ts";
import { anthropicEvents, anthropicSse, anthropicText, anthropicThinking, anthropicToolUse } from "../support/bytes.ts";
import { createCall, createTarget, SECRET } from "../support/target.ts";
import { sse } from "../support/upstream.ts";
import { answered, provider, streamed, upstream } from "./anthropic-house.ts";
import { collect, deltas } from "./collect.ts";

describe("a request", () => {
  for (const [base, path] of [
    ["", "/v1/messages"],
    ["/v1", "/v1/messages"],
    ["/proxy", "/proxy/v1/messages"],
  ]) {
    test(`goes to ${path} from ${base || "the bare host"}, with the key in its own header`, async () => {
      upstream.script(sse(anthropicSse(anthropicEvents([anthropicText("Hi")]))));
      const target = createTarget({ url: upstream.url + base, dialect: "anthropic" });
      assert.equal((await collect(provider.stream(createCall(target)))).failure, undefined);
      const request = upstream.requests.at(-1);
      assert.equal(request?.path, path);
      assert.equal(request?.headers["x-api-key"], SECRET);
      assert.equal(request?.headers["anthropic-version"], "2023-06-01");
      assert.equal(request?.headers.authorization, undefined);
      assert.equal(request?.json().model, "vendor-model");
    });
  }

  test("that can't be carried is not sent", async () => {
    const count = upstream.requests.length;
    const target = createTarget({ url: upstream.url, dialect: "anthropic" });
    const { failure } = await collect(provider.stream(createCall(target, { n: 2 })));
    assert.equal(failure?.status, 400);
    assert.equal(upstream.requests.length, count);
  });
});

describe("an answer", () => {
  test("of text", async () => {
    const { chunks, completion } = await streamed([anthropicText("Hel", "lo")]);
    assert.deepEqual(
      chunks.map(({ choices, usage }) => choices[0] ?? usage?.total_tokens),
      [
        { index: 0, delta: { role: "assistant", content: "" }, finish_reason: null },
        11,
        { index: 0, delta: { content: "Hel" }, finish_reason: null },
        { index: 0, delta: { content: "lo" }, finish_reason: null },
        { index: 0, delta: {}, finish_reason: "stop" },
        15,
      ],
    );
    for (const { id, model, object } of chunks) {
      assert.deepEqual([id, model, object], ["msg_1", "claude-test", "chat.completion.chunk"]);
    }
    assert.equal(completion.choices[0]?.message.content, "Hello");
  });

  test("with parallel tools: id, name and empty arguments first, a running index, {} for none", async () => {
    const collected = await streamed(
      [
        anthropicText("Let me see."),
        anthropicToolUse("toolu_1", "weather", '{"city"', ':"Oslo"}'),
        anthropicToolUse("toolu_2", "time"),
        anthropicToolUse("toolu_3", "sum", '{"a":[1,2]}'),
      ],
      { stopReason: "tool_use" },
    );
    assert.deepEqual(deltas(collected).slice(2), [
      { tool_calls: [{ index: 0, id: "toolu_1", type: "function", function: { name: "weather", arguments: "" } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':"Oslo"}' } }] },
      { tool_calls: [{ index: 1, id: "toolu_2", type: "function", function: { name: "time", arguments: "" } }] },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
      { tool_calls: [{ index: 2, id: "toolu_3", type: "function", function: { name: "sum", arguments: "" } }] },
      { tool_calls: [{ index: 2, function: { arguments: '{"a":[1,2]}' } }] },
    ]);
    assert.equal(collected.completion.choices[0]?.finish_reason, "tool_calls");
  });

  test("whose tool input came whole at the start of its block", async () => {
    const block = { start: { type: "tool_use", id: "t", name: "f", input: { a: 1 } }, deltas: [] };
    const { completion } = await streamed([block]);
    assert.equal(completion.choices[0]?.message.tool_calls?.[0]?.function?.arguments, '{"a":1}');
  });

  test("with thinking, that goes back with its signature", async () => {
    const { completion } = await streamed(
      [anthropicThinking("sig==", "Hm", "."), anthropicText("Hi"), anthropicToolUse("toolu_1", "f")],
      { stopReason: "tool_use" },
    );
    const message = completion.choices[0]?.message;
    assert.ok(message);
    assert.equal(message.reasoning_content, "Hm.");
    assert.equal(message.reasoning_signature, "sig==");
    const target = createTarget({ url: upstream.url, dialect: "anthropic" });
    const again = messagesBody({ model: "m", messages: [{ role: "user", content: "?" }, message] }, target);
    assert.deepEqual((again.messages as { content: unknown }[])[1]?.content, [
      { type: "thinking", thinking: "Hm.", signature: "sig==" },
      { type: "text", text: "Hi" },
      { type: "tool_use", id: "toolu_1", name: "f", input: {} },
    ]);
  });

  test("with two thoughts has no signature, because one text can't carry two", async () => {
    const { completion } = await streamed([
      anthropicThinking("a", "One."),
      anthropicThinking("b", "Two."),
      anthropicText("Hi"),
    ]);
    assert.equal(completion.choices[0]?.message.reasoning_content, "One.Two.");
    assert.equal(completion.choices[0]?.message.reasoning_signature, undefined);
  });

  test("with blocks that have no place in a chat completion", async () => {
    const { completion, failure } = await streamed([
      { start: { type: "redacted_thinking", data: "xxx" }, deltas: [] },
      {
        start: { type: "server_tool_use", id: "s", name: "web_search", input: {} },
        deltas: [{ type: "input_json_delta", partial_json: "{}" }],
      },
      { start: { type: "web_search_tool_result", tool_use_id: "s", content: [] }, deltas: [] },
      {
        start: { type: "text", text: "" },
        deltas: [
          { type: "citations_delta", citation: {} },
          { type: "text_delta", text: "Hi" },
        ],
      },
    ]);
    assert.equal(failure, undefined);
    assert.deepEqual(completion.choices[0]?.message, { role: "assistant", content: "Hi" });
  });

  for (const [reason, finish] of [
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["tool_use", "tool_calls"],
    ["refusal", "content_filter"],
    ["pause_turn", "stop"],
    ["something_new", "stop"],
  ] as const) {
    test(`that stopped for ${reason}: ${finish}`, async () => {
      const { completion } = await streamed([anthropicText("x")], { stopReason: reason });
      assert.equal(completion.choices[0]?.finish_reason, finish);
    });
  }

  for (const [type, status] of [
    ["invalid_request_error", 400],
    ["authentication_error", 401],
    ["rate_limit_error", 429],
    ["api_error", 500],
    ["overloaded_error", 529],
    ["something_new", 502],
  ] as const) {
    test(`that is an error of type ${type}: ${status}`, async () => {
      const { failure } = await answered(
        anthropicSse([{ type: "error", error: { type, message: "No" } } as { type: string }]),
      );
      assert.deepEqual(
        [failure?.kind, failure?.status, failure?.upstream],
        ["status", status, { type, message: "No" }],
      );
    });
  }
});
