// Responses requests as chat requests: items to messages, tools, formats, and what has no words in chat.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { inputItems } from "../../src/core/responses/items.ts";
import { toChatParams } from "../../src/core/responses/request.ts";
import type { ChatMessage, ResponsesCreateParams } from "../../src/generated/types.ts";

type Params = Partial<ResponsesCreateParams>;

function translate(params: Params, stream = false) {
  const full = { model: "m", input: "Hello!", ...params } as ResponsesCreateParams;
  return toChatParams(full, [], inputItems(full.input, "0"), stream);
}

const URL = "data:image/png;base64,AAAA";
const call = (id: string, args = "{}") => ({ type: "function_call", call_id: id, name: "f", arguments: args });
const chatCall = (id: string, args = "{}") => ({ id, type: "function", function: { name: "f", arguments: args } });
const thought = { type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] };
const said = (text: string) => ({ role: "assistant", content: [{ type: "output_text", text, annotations: [] }] });

describe("input items become messages", () => {
  const cases: [string, NonNullable<ResponsesCreateParams["input"]>, unknown[]][] = [
    ["text", "Hello!", [{ role: "user", content: "Hello!" }]],
    [
      "messages of every role, short and full",
      [
        { role: "system", content: "Be brief." },
        { type: "message", role: "developer", content: [{ type: "input_text", text: "In Latin." }] },
        { role: "user", content: "Hello!" },
        { role: "assistant", content: "Salve!" },
      ],
      [
        { role: "system", content: "Be brief." },
        { role: "developer", content: "In Latin." },
        { role: "user", content: "Hello!" },
        { role: "assistant", content: "Salve!" },
      ],
    ],
    [
      "pictures, files and sound",
      [
        {
          role: "user",
          content: [
            { type: "input_text", text: "What?" },
            { type: "input_image", image_url: URL, detail: "low" },
            { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" },
            { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          ],
        },
      ],
      [
        {
          role: "user",
          content: [
            { type: "text", text: "What?" },
            { type: "image_url", image_url: { url: URL, detail: "low" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
            { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          ],
        },
      ],
    ],
    [
      "a thought, a text and parallel calls: one message",
      [
        { role: "user", content: "?" },
        { ...thought, encrypted_content: "proof" },
        said("One moment."),
        call("a"),
        call("b", ""),
        { type: "function_call_output", call_id: "a", output: "1" },
        {
          type: "function_call_output",
          call_id: "b",
          output: [
            { type: "input_text", text: "2" },
            { type: "input_image", image_url: URL },
          ],
        },
      ],
      [
        { role: "user", content: "?" },
        {
          role: "assistant",
          content: "One moment.",
          reasoning_content: "Hm.",
          reasoning_signature: "proof",
          tool_calls: [chatCall("a"), chatCall("b", "")],
        },
        { role: "tool", tool_call_id: "a", content: "1" },
        {
          role: "tool",
          tool_call_id: "b",
          content: [
            { type: "text", text: "2" },
            { type: "image_url", image_url: { url: URL } },
          ],
        },
      ],
    ],
    [
      "nothing stands between calls and their outputs, even a text that came after the calls",
      [call("a"), said("Wait."), thought, said("More."), { type: "function_call_output", call_id: "a", output: "1" }],
      [
        {
          role: "assistant",
          content: [
            { type: "text", text: "Wait." },
            { type: "text", text: "More." },
          ],
          reasoning_content: "Hm.",
          tool_calls: [chatCall("a")],
        },
        { role: "tool", tool_call_id: "a", content: "1" },
      ],
    ],
    [
      "two texts in a row stay two messages; a thought that led to nothing is none",
      [said("One."), thought, said("Two."), thought],
      [
        { role: "assistant", content: "One." },
        { role: "assistant", content: "Two.", reasoning_content: "Hm." },
      ],
    ],
    [
      "a refusal",
      [{ role: "assistant", content: [{ type: "refusal", refusal: "No." }] }],
      [{ role: "assistant", content: null, refusal: "No." }],
    ],
  ];
  for (const [name, input, expected] of cases) {
    test(name, () => assert.deepEqual(translate({ input }).messages, expected as ChatMessage[]));
  }

  test("what was said before comes first, instructions of now before all", () => {
    const params = { model: "m", input: "Now.", instructions: "Be brief." };
    const earlier = [...inputItems("Then.", "1"), { type: "message", ...said("Yes.") }];
    assert.deepEqual(toChatParams(params, earlier, inputItems("Now.", "2"), false).messages, [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Then." },
      { role: "assistant", content: "Yes." },
      { role: "user", content: "Now." },
    ]);
  });
});

describe("params", () => {
  const schema = { type: "object" };
  const cases: [string, Params, object][] = [
    ["nothing more", {}, {}],
    ["nulls", { temperature: null, tools: null, text: null, reasoning: null, max_output_tokens: null, user: null }, {}],
    [
      "numbers and names",
      { temperature: 0, top_p: 1, user: "u", max_cost: 1 },
      { temperature: 0, top_p: 1, user: "u", max_cost: 1 },
    ],
    ["what stays with the response", { metadata: { a: "b" }, store: true, truncation: "auto", include: [] }, {}],
    [
      "length, effort, verbosity",
      { max_output_tokens: 7, reasoning: { effort: "low", summary: "auto" }, text: { verbosity: "high" } },
      { max_completion_tokens: 7, reasoning_effort: "low", verbosity: "high" },
    ],
    ["plain text", { text: { format: { type: "text" } } }, {}],
    ["any JSON", { text: { format: { type: "json_object" } } }, { response_format: { type: "json_object" } }],
    [
      "JSON of a schema",
      { text: { format: { type: "json_schema", name: "n", schema, strict: true } } },
      { response_format: { type: "json_schema", json_schema: { name: "n", schema, strict: true } } },
    ],
    [
      "log probabilities",
      { include: ["message.output_text.logprobs"], top_logprobs: 2 },
      { logprobs: true, top_logprobs: 2 },
    ],
    [
      "tools and one of them",
      {
        tools: [{ type: "function", name: "f", description: "d", parameters: schema, strict: null }],
        tool_choice: { type: "function", name: "f" },
        parallel_tool_calls: false,
      },
      {
        tools: [{ type: "function", function: { name: "f", description: "d", parameters: schema } }],
        tool_choice: { type: "function", function: { name: "f" } },
        parallel_tool_calls: false,
      },
    ],
    [
      "some of the tools",
      {
        tools: [{ type: "function", name: "f" }],
        tool_choice: { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] },
      },
      {
        tools: [{ type: "function", function: { name: "f" } }],
        tool_choice: {
          type: "allowed_tools",
          allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "f" } }] },
        },
      },
    ],
    ["words about tools that are not there", { tool_choice: "auto", parallel_tool_calls: true, tools: [] }, {}],
  ];
  for (const [name, params, expected] of cases) {
    test(name, () => {
      const { model, messages, ...rest } = translate(params);
      assert.deepEqual(rest, expected);
      assert.equal(model, "m");
      assert.equal(messages.length, 1);
    });
  }

  test("a stream asks for usage", () => {
    const { stream, stream_options } = translate({}, true);
    assert.deepEqual({ stream, stream_options }, { stream: true, stream_options: { include_usage: true } });
  });
});

describe("is refused by its pointer:", () => {
  const inContent = (part: object): Params => ({ input: [{ role: "user", content: [part] }] });
  const cases: [string, Params][] = [
    ["/input", { input: null }],
    ["/input", { input: [] }],
    [
      "/input/1/type",
      {
        input: [
          { role: "user", content: "a" },
          { type: "item_reference", id: "msg_1" },
        ],
      },
    ],
    ["/input/0/type", { input: [{ type: "computer_call" }] }],
    ["/input/0/type", { input: [{ content: "a" }] }],
    ["/input/0/type", { input: [{ type: { toString: 1 } }] }],
    ["/input/0/role", { input: [{ role: "critic", content: "a" }] }],
    ["/input/0/content", { input: [{ role: "user" }] }],
    ["/input/0/content/0", { input: [{ role: "user", content: ["a"] }] }],
    ["/input/0/content/0/type", inContent({ type: "input_video" })],
    ["/input/0/content/0/type", inContent({ type: { toString: 1 } })],
    ["/input/0/content/0/text", inContent({ type: "input_text" })],
    ["/input/0/content/0/image_url", inContent({ type: "input_image", file_id: "file-1" })],
    ["/input/0/content/0/file_data", inContent({ type: "input_file", file_url: "https://a.b/c" })],
    ["/input/0/call_id", { input: [{ type: "function_call_output", output: "1" }] }],
    ["/input/0/output", { input: [{ type: "function_call_output", call_id: "a" }] }],
    ["/input/0/arguments", { input: [{ type: "function_call", call_id: "a", name: "f" }] }],
    ["/tools/1/type", { tools: [{ type: "function", name: "f" }, { type: "web_search" }] }],
    ["/tools/0/name", { tools: [{ type: "function" }] }],
    ["/tool_choice", { tool_choice: "some" }],
    ["/tool_choice", { tool_choice: "required" }],
    ["/tool_choice/type", { tools: [{ type: "function", name: "f" }], tool_choice: { type: "web_search" } }],
    ["/text/format/type", { text: { format: { type: "grammar" } } }],
    ["/text/format/name", { text: { format: { type: "json_schema", schema: {} } } }],
    ["/text/format/schema", { text: { format: { type: "json_schema", name: "n" } } }],
    ["/text/verbosity", { text: { verbosity: "loud" } }],
    ["/reasoning/effort", { reasoning: { effort: "vast" } }],
    ["/truncation", { truncation: "some" }],
    ["/background", { background: true }],
    ["/conversation", { conversation: "conv_1" }],
    ["/prompt", { prompt: { id: "pmpt_1" } }],
  ];
  for (const [param, params] of cases) {
    test(`${param} in ${JSON.stringify(params)}`, () => {
      assert.throws(
        () => translate(params),
        (error: unknown) =>
          error instanceof BrokerError && error.kind === "invalid_params" && error.facts.param === param,
      );
    });
  }
});

test("input is kept in full form, each item with an id of its own", () => {
  const items = inputItems(
    ["a", "b"].map((content) => ({ role: "user", content })),
    "77",
  );
  assert.deepEqual(items[0], {
    role: "user",
    content: [{ type: "input_text", text: "a" }],
    id: "msg_77i0",
    type: "message",
    status: "completed",
  });
  assert.equal(items[1]?.id, "msg_77i1");
});
