// Anthropic's requests as chat params: golden translations, and faults told by their place.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { sentOf } from "../../src/core/messages/sent.ts";
import { toChat } from "../../src/core/messages/to-chat.ts";
import type { ChatCompletionsCreateParams, MessageParam, MessagesCreateParams } from "../../src/generated/types.ts";

const BASE: MessagesCreateParams = { model: "m", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] };
const PNG = { type: "base64", media_type: "image/png", data: "iVBO" };

function translated(more: Partial<MessagesCreateParams>, reasons = false): ChatCompletionsCreateParams {
  return toChat({ ...BASE, ...more }, reasons);
}

/** As it would be sent upstream. */
function members(more: Partial<MessagesCreateParams>, reasons = false): Record<string, unknown> {
  const { model: _, messages: __, max_tokens: ___, ...rest } = JSON.parse(JSON.stringify(translated(more, reasons)));
  return rest;
}

function conversation(...messages: MessageParam[]): unknown {
  return JSON.parse(JSON.stringify(translated({ messages }).messages));
}

const user = (...content: { type: string; [member: string]: unknown }[]): MessageParam => ({ role: "user", content });
const assistant = (...content: { type: string; [member: string]: unknown }[]): MessageParam => ({
  role: "assistant",
  content,
});

describe("a conversation", () => {
  const cases: readonly (readonly [name: string, messages: MessageParam[], expected: object[]])[] = [
    ["text", [{ role: "user", content: "Hi" }], [{ role: "user", content: "Hi" }]],
    [
      "blocks of text are one text, without cache marks and empty ones",
      [
        user(
          { type: "text", text: "a", cache_control: { type: "ephemeral" } },
          { type: "text", text: "" },
          { type: "text", text: "b" },
        ),
      ],
      [{ role: "user", content: "a\n\nb" }],
    ],
    [
      "images",
      [
        user(
          { type: "text", text: "What?" },
          { type: "image", source: PNG },
          { type: "image", source: { type: "url", url: "https://x/y.png" } },
        ),
      ],
      [
        {
          role: "user",
          content: [
            { type: "text", text: "What?" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } },
            { type: "image_url", image_url: { url: "https://x/y.png" } },
          ],
        },
      ],
    ],
    [
      "documents: files as files, text as text",
      [
        user(
          { type: "document", title: "a.pdf", source: { type: "base64", media_type: "application/pdf", data: "JVBE" } },
          { type: "document", title: "Notes", source: { type: "text", media_type: "text/plain", data: "hello" } },
          { type: "document", source: { type: "content", content: [{ type: "text", text: "inner" }] } },
          { type: "document", source: { type: "file", file_id: "file_1" } },
        ),
      ],
      [
        {
          role: "user",
          content: [
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
            { type: "text", text: "Notes" },
            { type: "text", text: "hello" },
            { type: "text", text: "inner" },
            { type: "file", file: { file_id: "file_1" } },
          ],
        },
      ],
    ],
    [
      "parallel tools: results are messages of their own, before what the user says",
      [
        assistant(
          { type: "text", text: "Let me see." },
          { type: "tool_use", id: "t1", name: "weather", input: { city: "Oslo" } },
          { type: "tool_use", id: "t2", name: "time", input: {} },
        ),
        user(
          { type: "tool_result", tool_use_id: "t1", content: "rain" },
          { type: "tool_result", tool_use_id: "t2", is_error: true, content: [{ type: "text", text: "no clock" }] },
          { type: "text", text: "And?" },
        ),
      ],
      [
        {
          role: "assistant",
          content: "Let me see.",
          tool_calls: [
            { id: "t1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
            { id: "t2", type: "function", function: { name: "time", arguments: "{}" } },
          ],
        },
        { role: "tool", tool_call_id: "t1", content: "rain" },
        { role: "tool", tool_call_id: "t2", content: "Error: no clock" },
        { role: "user", content: "And?" },
      ],
    ],
    [
      "a result that is a picture is shown by the user; one of nothing is empty",
      [
        user(
          { type: "tool_result", tool_use_id: "t1", content: [{ type: "image", source: PNG }] },
          { type: "tool_result", tool_use_id: "t2" },
        ),
      ],
      [
        { role: "tool", tool_call_id: "t1", content: "The result is shown in the next message." },
        { role: "tool", tool_call_id: "t2", content: "" },
        { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } }] },
      ],
    ],
    [
      "thinking: signed and hidden thoughts are their vendor's own, unsigned ones go back",
      [
        assistant(
          { type: "thinking", thinking: "secret", signature: "sig" },
          { type: "redacted_thinking", data: "x" },
          { type: "server_tool_use", id: "s", name: "web_search", input: {} },
          { type: "text", text: "a" },
        ),
        assistant(
          { type: "thinking", thinking: "hm", signature: "" },
          { type: "tool_use", id: "t", name: "f", input: {} },
        ),
      ],
      [
        { role: "assistant", content: "a" },
        {
          role: "assistant",
          content: null,
          reasoning_content: "hm",
          tool_calls: [{ id: "t", type: "function", function: { name: "f", arguments: "{}" } }],
        },
      ],
    ],
    [
      "a kind that is not known stays, for the vendor to refuse",
      [user({ type: "hologram", data: 1 })],
      [{ role: "user", content: [{ type: "hologram", data: 1 }] }],
    ],
    [
      "instructions in the middle",
      [{ role: "system", content: "Be brief" }],
      [{ role: "system", content: "Be brief" }],
    ],
    [
      "search results",
      [user({ type: "search_result", title: "T", source: "https://x", content: [{ type: "text", text: "found" }] })],
      [{ role: "user", content: "T (https://x)\nfound" }],
    ],
  ];
  for (const [name, messages, expected] of cases) {
    test(name, () => assert.deepEqual(conversation(...messages), expected));
  }

  test("begins with the system prompt, whatever its form", () => {
    const expected = [
      { role: "system", content: "Be kind.\n\nBe brief." },
      { role: "user", content: "Hi" },
    ];
    assert.deepEqual(translated({ system: "Be kind.\n\nBe brief." }).messages, expected);
    const blocks = [
      { type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } },
      { type: "text", text: "Be brief." },
    ];
    assert.deepEqual(translated({ system: blocks }).messages, expected);
    for (const system of ["", [], null]) assert.equal(translated({ system }).messages.length, 1);
  });
});

describe("params", () => {
  const f = { name: "f", description: "F", input_schema: { type: "object", properties: {} } };
  const chatTool = {
    type: "function",
    function: { name: "f", description: "F", parameters: { type: "object", properties: {} } },
  };
  const cases: readonly (readonly [name: string, params: Partial<MessagesCreateParams>, expected: object])[] = [
    ["sampling", { temperature: 0.5, top_p: 0.9, top_k: 5 }, { temperature: 0.5, top_p: 0.9, top_k: 5 }],
    ["nulls", { temperature: null, top_k: null, tools: null, tool_choice: null, thinking: null, metadata: null }, {}],
    ["stops", { stop_sequences: ["a", "b"] }, { stop: ["a", "b"] }],
    ["no stops", { stop_sequences: [] }, {}],
    ["a user, no longer than OpenAI takes it", { metadata: { user_id: "u".repeat(80) } }, { user: "u".repeat(64) }],
    [
      "the broker's own",
      { models: ["b"], max_cost: 1, _meta: { explain: true } },
      { models: ["b"], max_cost: 1, _meta: { explain: true } },
    ],
    ["a tool", { tools: [f] }, { tools: [chatTool] }],
    ["a tool of its default type", { tools: [{ ...f, type: "custom", cache_control: {} }] }, { tools: [chatTool] }],
    [
      "tools that Anthropic alone knows",
      { tools: [{ type: "bash_20250124", name: "bash" }], tool_choice: { type: "any" } },
      {},
    ],
    ["choice auto", { tools: [f], tool_choice: { type: "auto" } }, { tools: [chatTool], tool_choice: "auto" }],
    ["choice any", { tools: [f], tool_choice: { type: "any" } }, { tools: [chatTool], tool_choice: "required" }],
    ["choice none", { tools: [f], tool_choice: { type: "none" } }, { tools: [chatTool], tool_choice: "none" }],
    [
      "choice of a tool, one at a time",
      { tools: [f], tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true } },
      { tools: [chatTool], parallel_tool_calls: false, tool_choice: { type: "function", function: { name: "f" } } },
    ],
    [
      "a schema for the answer",
      { output_config: { format: { type: "json_schema", schema: { type: "object" } } } },
      {
        response_format: {
          type: "json_schema",
          json_schema: { name: "answer", schema: { type: "object" }, strict: true },
        },
      },
    ],
  ];
  for (const [name, params, expected] of cases) test(name, () => assert.deepEqual(members(params), expected));

  for (const [thinking, more, effort] of [
    [{ type: "enabled", budget_tokens: 1024 }, {}, "low"],
    [{ type: "enabled", budget_tokens: 8000 }, {}, "medium"],
    [{ type: "enabled", budget_tokens: 32000 }, {}, "high"],
    [{ type: "adaptive" }, {}, undefined],
    [{ type: "adaptive" }, { output_config: { effort: "xhigh" } }, "xhigh"],
    [{ type: "adaptive" }, { output_config: { effort: "utmost" } }, undefined],
    [{ type: "disabled" }, {}, undefined],
  ] as const) {
    test(`thinking ${JSON.stringify({ thinking, ...more })}: effort ${effort}, where the model knows efforts`, () => {
      assert.equal(members({ thinking, ...more }, true).reasoning_effort, effort);
      assert.equal(members({ thinking, ...more }, false).reasoning_effort, undefined);
    });
  }

  test("carry the request, in copies too, and never in JSON", () => {
    const params = { ...BASE, thinking: { type: "adaptive" } };
    const chat = toChat(params, false);
    assert.equal(sentOf({ ...chat, stream: true }), params);
    assert.equal(JSON.stringify(chat).includes("adaptive"), false);
    assert.equal(sentOf(JSON.parse(JSON.stringify(chat))), undefined);
  });
});

describe("a block that is not whole is told by its place", () => {
  const cases: readonly (readonly [param: string, params: Partial<MessagesCreateParams>])[] = [
    ["/messages/0/content/0/text", { messages: [user({ type: "text" })] }],
    ["/messages/0/content/0/source", { messages: [user({ type: "image" })] }],
    [
      "/messages/0/content/0/source/data",
      { messages: [user({ type: "image", source: { type: "base64", media_type: "image/png" } })] },
    ],
    ["/messages/0/content/0/tool_use_id", { messages: [user({ type: "tool_result" })] }],
    ["/messages/0/content/0/content", { messages: [user({ type: "tool_result", tool_use_id: "t", content: 1 })] }],
    ["/messages/0/content/0/content/0", { messages: [user({ type: "tool_result", tool_use_id: "t", content: [1] })] }],
    [
      "/messages/0/content/0/content/0/type",
      { messages: [user({ type: "tool_result", tool_use_id: "t", content: [{ type: { toString: 1 } }] })] },
    ],
    ["/messages/0/content/0/input", { messages: [assistant({ type: "tool_use", id: "t", name: "f", input: "{}" })] }],
    ["/messages/0/content/0/name", { messages: [assistant({ type: "tool_use", id: "t", input: {} })] }],
    ["/system/0/text", { system: [{ type: "text" }] }],
    ["/tool_choice/type", { tools: [{ name: "f", input_schema: {} }], tool_choice: { type: "some" } }],
    ["/tool_choice/name", { tools: [{ name: "f", input_schema: {} }], tool_choice: { type: "tool" } }],
  ];
  for (const [param, params] of cases) {
    test(param, () => {
      assert.throws(
        () => translated(params),
        (error) => error instanceof BrokerError && error.kind === "invalid_params" && error.facts.param === param,
      );
    });
  }
});
