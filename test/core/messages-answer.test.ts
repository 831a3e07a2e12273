// Chat's answers as Anthropic's message and events: golden translations, and the events folded are the message.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionFold } from "../../src/core/completion.ts";
import { MessageFold } from "../../src/core/messages/fold.ts";
import { MessageTeller } from "../../src/core/messages/tell.ts";
import { toMessage } from "../../src/core/messages/to-message.ts";
import type { ChatChunk, ChunkChoice, Message, MessageEvent } from "../../src/generated/types.ts";

type Delta = ChunkChoice["delta"];

const USAGE = {
  prompt_tokens: 100,
  completion_tokens: 20,
  total_tokens: 120,
  prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
  completion_tokens_details: { reasoning_tokens: 5 },
  cost: 0.5,
};
const TOLD_USAGE = {
  input_tokens: 50,
  cache_creation_input_tokens: 10,
  cache_read_input_tokens: 40,
  output_tokens: 20,
  output_tokens_details: { thinking_tokens: 5 },
  cost: 0.5,
};

function chunk(delta: Delta, finish_reason: string | null = null): ChatChunk {
  const choices = [{ index: 0, delta, finish_reason }];
  return { id: "msg_1", object: "chat.completion.chunk", created: 1, model: "up", choices };
}

function tool(index: number, id: string, name: string, text = ""): Delta {
  return { tool_calls: [{ index, id, type: "function", function: { name, arguments: text } }] };
}

function more(index: number, text: string): Delta {
  return { tool_calls: [{ index, function: { arguments: text } }] };
}

/** What the broker does with a stream: the events, and the message that the call gives. */
function answered(
  deltas: readonly Delta[],
  finish: string | null = "stop",
): { events: MessageEvent[]; message: Message } {
  const chunks = deltas.map((delta) => chunk(delta));
  if (finish) chunks.push(chunk({}, finish));
  const fold = new CompletionFold();
  const teller = new MessageTeller("req_1");
  const events = chunks.flatMap((each) => {
    fold.add(each);
    return [...(teller.run([each])?.values ?? [])] as MessageEvent[];
  });
  const message = toMessage({ ...fold.completion(), usage: USAGE }, "req_1");
  events.push(...(teller.end(message).values as MessageEvent[]));
  return { events, message };
}

/** Events in short. */
function brief(events: readonly MessageEvent[]): unknown[] {
  return events.map(({ type, index, content_block, delta }) => {
    if (type === "content_block_start") return [index, content_block];
    if (type === "content_block_delta") return [index, ...Object.values(delta as object)];
    return type === "content_block_stop" ? [index] : type;
  });
}

describe("a stream", () => {
  test("of text", () => {
    const { events, message } = answered([{ role: "assistant", content: "" }, { content: "Hel" }, { content: "lo" }]);
    assert.deepEqual(events, [
      {
        type: "message_start",
        message: {
          ...{ id: "msg_1", type: "message", role: "assistant", model: "up", content: [] },
          ...{
            stop_reason: null,
            stop_sequence: null,
            stop_details: null,
            usage: { input_tokens: 0, output_tokens: 0 },
          },
        },
      },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "lo" } },
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null, stop_details: null },
        usage: TOLD_USAGE,
      },
      { type: "message_stop" },
    ]);
    assert.deepEqual(message, {
      ...{ id: "msg_1", type: "message", role: "assistant", model: "up", content: [{ type: "text", text: "Hello" }] },
      ...{ stop_reason: "end_turn", stop_sequence: null, stop_details: null, usage: TOLD_USAGE },
    });
  });

  const T = (id: string, name: string) => ({ type: "tool_use", id, name, input: {} });
  const cases: readonly (readonly [name: string, deltas: Delta[], expected: unknown[]])[] = [
    [
      "reasoning before text, under either of its names",
      [{ reasoning_content: "h" }, { reasoning: "m" }, { content: "a" }],
      [
        [0, { type: "thinking", thinking: "", signature: "" }],
        [0, "thinking_delta", "h"],
        [0, "thinking_delta", "m"],
        [0],
        [1, { type: "text", text: "" }],
        [1, "text_delta", "a"],
        [1],
      ],
    ],
    [
      "a refusal",
      [{ refusal: "No" }, { refusal: "." }],
      [[0, { type: "text", text: "" }], [0, "text_delta", "No"], [0, "text_delta", "."], [0]],
    ],
    [
      "one tool after text",
      [{ content: "Hm" }, tool(0, "t1", "f"), more(0, '{"a"'), more(0, ":1}")],
      [
        [0, { type: "text", text: "" }],
        [0, "text_delta", "Hm"],
        [0],
        [1, T("t1", "f")],
        [1, "input_json_delta", '{"a"'],
        [1, "input_json_delta", ":1}"],
        [1],
      ],
    ],
    [
      "parallel tools, one after the other",
      [tool(0, "t1", "f", '{"a":1}'), tool(1, "t2", "g"), more(1, "{}")],
      [
        [0, T("t1", "f")],
        [0, "input_json_delta", '{"a":1}'],
        [0],
        [1, T("t2", "g")],
        [1, "input_json_delta", "{}"],
        [1],
      ],
    ],
    [
      "parallel tools whose pieces alternate",
      [tool(0, "t1", "f"), tool(1, "t2", "g"), more(0, '{"a"'), more(1, '{"b"'), more(0, ":1}"), more(1, ":2}")],
      [
        [0, T("t1", "f")],
        [0, "input_json_delta", '{"a"'],
        [0, "input_json_delta", ":1}"],
        [0],
        [1, T("t2", "g")],
        [1, "input_json_delta", '{"b"'],
        [1, "input_json_delta", ":2}"],
        [1],
      ],
    ],
    ["a tool without arguments", [tool(0, "t1", "f")], [[0, T("t1", "f")], [0]]],
    [
      "a tool that is named with its second piece, and has no id",
      [
        { tool_calls: [{ index: 0, function: { arguments: "" } }] },
        { tool_calls: [{ index: 0, function: { name: "f", arguments: "{}" } }] },
      ],
      [[0, T("toolu_req_1_0", "f")], [0, "input_json_delta", "{}"], [0]],
    ],
    ["an id that Anthropic would refuse", [tool(0, "call:1/x", "f")], [[0, T("call_1_x", "f")], [0]]],
    [
      "text after a tool",
      [tool(0, "t1", "f", "{}"), { content: "ok" }],
      [
        [0, T("t1", "f")],
        [0, "input_json_delta", "{}"],
        [0],
        [1, { type: "text", text: "" }],
        [1, "text_delta", "ok"],
        [1],
      ],
    ],
    ["nothing", [], []],
  ];
  for (const [name, deltas, expected] of cases) {
    test(`of ${name}`, () => {
      const { events } = answered(deltas);
      assert.deepEqual(brief(events), ["message_start", ...expected, "message_delta", "message_stop"]);
    });
  }

  test("that brings no chunk at all is a message too", () => {
    const { events, message } = answered([], null);
    assert.deepEqual(brief(events), ["message_start", "message_delta", "message_stop"]);
    assert.equal(message.id, "msg_req_1");
  });

  test("of other choices than the first is passed over", () => {
    const teller = new MessageTeller("req_1");
    const second = { ...chunk({}), choices: [{ index: 1, delta: { content: "x" }, finish_reason: null }] };
    assert.equal(teller.run([second, { ...second, choices: [] }]), undefined);
  });

  const orders: Delta[][] = [
    [{ reasoning_content: "hm" }, { content: "a" }, { content: "b" }, tool(0, "t1", "f", '{"a":'), more(0, "1}")],
    [{ content: "a" }, tool(0, "t1", "f"), tool(1, "t2", "g"), more(1, '{"b":[2]}'), more(0, '{"a":{}}')],
    [tool(0, "t1", "f"), tool(1, "t2", "g")],
    [tool(0, "t1", "f", '{"cut":')],
  ];
  for (const [index, deltas] of orders.entries()) {
    for (const finish of ["stop", "length", "tool_calls", "content_filter"]) {
      test(`folded equals the message (${index}, ${finish})`, () => {
        const { events, message } = answered(deltas, finish);
        const fold = new MessageFold();
        for (const event of events) fold.add(event);
        assert.deepEqual(fold.message(), message);
      });
    }
  }

  test("has each block open alone, in order, however chat's pieces are mixed", () => {
    const pieces = (index: number, text: string) => [...text].map((each) => more(index, each));
    const a = pieces(0, '{"x":"}{"}');
    const b = pieces(1, '{"y":{"z":[]}}');
    for (let seed = 1; seed <= 50; seed++) {
      const left = [[...a], [...b], [{ content: "t" }, { content: "u" }]];
      const deltas: Delta[] = [tool(0, "t1", "f"), tool(1, "t2", "g")];
      for (let state = seed; left.some((list) => list.length > 0); ) {
        state = (state * 1103515245 + 12345) % 2147483648;
        const list = left[(state >> 8) % 3];
        if (list && list.length > 0) deltas.push(list.shift() as Delta);
      }
      const { events, message } = answered(deltas, "tool_calls");
      checkOrder(events);
      const fold = new MessageFold();
      for (const event of events) fold.add(event);
      const inputs = (of: Message | undefined) => of?.content.flatMap(({ input }) => (input ? [input] : []));
      assert.deepEqual(inputs(fold.message()), inputs(message));
      assert.deepEqual(inputs(message), [{ x: "}{" }, { y: { z: [] } }]);
    }
  });
});

function checkOrder(events: readonly MessageEvent[]): void {
  let open: unknown;
  let next = 0;
  for (const { type, index } of events) {
    if (type === "content_block_start") {
      assert.deepEqual([open, index], [undefined, next++]);
      open = index;
    } else if (type.startsWith("content_block")) {
      assert.equal(index, open);
      if (type === "content_block_stop") open = undefined;
    }
  }
  assert.equal(open, undefined);
}

describe("a message", () => {
  for (const [finish, deltas, expected] of [
    ["stop", [{ content: "a" }], "end_turn"],
    ["length", [{ content: "a" }], "max_tokens"],
    ["tool_calls", [tool(0, "t", "f")], "tool_use"],
    ["stop", [tool(0, "t", "f")], "tool_use"],
    ["content_filter", [{ content: "a" }], "refusal"],
    ["stop", [{ refusal: "no" }], "refusal"],
    ["eos", [{ content: "a" }], "end_turn"],
  ] as const) {
    test(`that ended by ${finish} (${Object.keys(deltas[0])}) stops for ${expected}`, () => {
      assert.equal(answered(deltas, finish).message.stop_reason, expected);
    });
  }

  test("keeps arguments that are no object under Anthropic's word for it", () => {
    const { message } = answered([tool(0, "t1", "f", '{"a":'), tool(1, "t2", "g", "[1]")], "length");
    assert.deepEqual(
      message.content.map(({ input }) => input),
      [{ INVALID_JSON: '{"a":' }, { INVALID_JSON: "[1]" }],
    );
  });

  test("tells how it was routed, and that its usage was counted, where it was", () => {
    const route = { requested: "m" } as never;
    const usage = {
      prompt_tokens: 1,
      completion_tokens: 2,
      total_tokens: 3,
      cost: 0,
      cost_unknown: true,
      estimated: true,
    };
    const base = { id: "c", object: "chat.completion" as const, created: 1, model: "up", choices: [] };
    const message = toMessage({ ...base, usage, route }, "req_1");
    assert.equal(message.route, route);
    assert.deepEqual([message.usage.cost_unknown, message.usage.estimated], [true, true]);
    assert.deepEqual(toMessage(base, "req_1").usage, { input_tokens: 0, output_tokens: 0 });
  });
});
