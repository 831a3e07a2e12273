// Chat answers as responses: whole ones, and streams in whatever pieces. A stream comes to the same response as the same
// answer in one piece, and its events tell nothing else.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionFold } from "../../src/core/completion.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { ResponseBuilder } from "../../src/core/responses/builder.ts";
import { toMessages } from "../../src/core/responses/messages.ts";
import type { ChatChunk, ChatCompletion, Response, ResponseEvent } from "../../src/generated/types.ts";
import { seeded } from "../support/random.ts";

/** As the checks read it. */
interface Event extends ResponseEvent {
  output_index: number;
  content_index: number;
  delta: string;
}

const HEAD = { id: "resp_77", createdAt: 5, params: { model: "m", input: "Hello!" } };
const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 4,
  total_tokens: 14,
  prompt_tokens_details: { cached_tokens: 6 },
  completion_tokens_details: { reasoning_tokens: 2 },
  cost: 0.5,
};

function completion(message: object, finish_reason = "stop", logprobs?: object): ChatCompletion {
  const choice = { index: 0, message: { role: "assistant", content: null, ...message }, finish_reason };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "up",
    choices: [{ ...choice, ...(logprobs ? { logprobs } : {}) } as ChatCompletion["choices"][number]],
    usage: USAGE,
  };
}

function chunk(delta: ChatChunk["choices"][number]["delta"], finish_reason: string | null = null): ChatChunk {
  return {
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "up",
    choices: [{ index: 0, delta, finish_reason }],
  };
}

/** Streams, each chunk by itself, and ends with what the chunks fold to. */
function stream(chunks: readonly ChatChunk[]): { events: Event[]; response: Response; folded: ChatCompletion } {
  const builder = new ResponseBuilder(HEAD);
  const fold = new CompletionFold();
  const events: ResponseEvent[] = [];
  for (const each of chunks) {
    fold.add(each);
    events.push(...builder.take([each]));
  }
  const folded = { ...fold.completion(), usage: USAGE };
  const response = builder.end(folded, 9);
  events.push(...builder.finish(response));
  return { events: events as Event[], response, folded };
}

const whole = (answer: ChatCompletion): Response => new ResponseBuilder(HEAD).whole(answer, 9);
const call = (id: string, args: string, name = "f") => ({ id, type: "function", function: { name, arguments: args } });

/** An answer's chunks: texts and arguments cut at will, calls side by side. */
function chunksOf({ choices: [choice] }: ChatCompletion, random: () => number): ChatChunk[] {
  const { message, finish_reason } = choice ?? assert.fail();
  const pieces = (text: string): string[] => {
    const list: string[] = [];
    for (let at = 0; at < text.length; ) {
      const to = at + 1 + Math.floor(random() * 4);
      list.push(text.slice(at, to));
      at = to;
    }
    return list;
  };
  const texts = (["reasoning_content", "content", "refusal"] as const).flatMap((name) =>
    pieces(message[name] ?? "").map((text) => chunk({ [name]: text })),
  );
  const calls = message.tool_calls ?? [];
  const opened = calls.map((each, index) =>
    chunk({ tool_calls: [{ index, ...each, function: { name: each.function?.name ?? "", arguments: "" } }] }),
  );
  const queues = calls.map((each, index) =>
    pieces(each.function?.arguments ?? "").map((text) =>
      chunk({ tool_calls: [{ index, function: { arguments: text } }] }),
    ),
  );
  const args: ChatChunk[] = [];
  for (
    let left = queues.filter((queue) => queue.length > 0);
    left.length > 0;
    left = left.filter((queue) => queue.length > 0)
  ) {
    args.push((left[Math.floor(random() * left.length)] ?? assert.fail()).shift() ?? assert.fail());
  }
  return [chunk({ role: "assistant", content: "" }), ...texts, ...opened, ...args, chunk({}, finish_reason)];
}

const ANSWERS: Record<string, ChatCompletion> = {
  text: completion({ content: "Hello, world!" }),
  nothing: completion({ content: "" }),
  "one call": completion({ tool_calls: [call("call_1", '{"city":"Rome"}')] }, "tool_calls"),
  "parallel calls": completion(
    { tool_calls: [call("a", '{"n":1}'), call("b", '{"n":2}'), call("c", "{}")] },
    "tool_calls",
  ),
  "empty arguments": completion({ tool_calls: [call("a", ""), call("b", '{"n":2}')] }, "tool_calls"),
  "a text and a call": completion({ content: "One moment.", tool_calls: [call("a", "{}")] }, "tool_calls"),
  reasoning: completion({ reasoning_content: "Hm, let me see.", content: "4" }),
  "reasoning and a call": completion({ reasoning_content: "Hm.", tool_calls: [call("a", "{}")] }, "tool_calls"),
  "a refusal": completion({ refusal: "I won't say." }),
  "a text and a refusal": completion({ content: "Well: ", refusal: "no." }),
  "a length stop": completion({ content: "Once upon a" }, "length"),
  "a length stop in a call": completion({ content: "So:", tool_calls: [call("a", '{"n":')] }, "length"),
  "a length stop among calls": completion({ tool_calls: [call("a", "{}"), call("b", '{"n":')] }, "length"),
  "a filter": completion({ content: "Once" }, "content_filter"),
};

describe("a stream comes to the response that the answer in one piece comes to:", () => {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    test(name, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const { events, response, folded } = stream(chunksOf(answer, seeded(seed)));
        assert.deepEqual(response, whole(answer));
        assert.deepEqual(response, whole(folded));
        checkEvents(events, response);
      }
    });
  }
});

/** Numbered without a gap, from created to the end; every delta, part and item is told in order and adds up. */
function checkEvents(events: readonly Event[], response: Response): void {
  assert.deepEqual(
    events.map(({ sequence_number }) => sequence_number),
    events.map((_, index) => index),
  );
  assert.deepEqual(
    events.slice(0, 2).map(({ type }) => type),
    ["response.created", "response.in_progress"],
  );
  assert.equal(events.at(-1)?.type, `response.${response.status}`);
  assert.deepEqual(events.at(-1)?.response, response);
  const sums = new Map<string, string>();
  const open = new Set<number>();
  const items: unknown[] = [];
  for (const event of events.slice(2, -1)) {
    const { type, output_index, content_index, delta } = event;
    if (type === "response.output_item.added") open.add(output_index);
    else assert.ok(open.has(output_index), `${type} of an item that is not open`);
    const place = `${output_index}/${content_index}`;
    if (type.endsWith(".delta")) sums.set(place, (sums.get(place) ?? "") + delta);
    const done = event.text ?? event.refusal ?? event.arguments;
    if (done !== undefined) assert.equal(done, sums.get(place));
    if (type === "response.output_item.done") {
      open.delete(output_index);
      items[output_index] = event.item;
    }
  }
  assert.equal(open.size, 0);
  assert.deepEqual(items, response.output);
}

describe("golden", () => {
  test("a text, with what it took", () => {
    const { status, output, usage, model, error, incomplete_details, completed_at } = whole(
      ANSWERS.text ?? assert.fail(),
    );
    assert.deepEqual(output, [
      {
        id: "msg_77o0",
        type: "message",
        status: "completed",
        role: "assistant",
        content: [{ type: "output_text", text: "Hello, world!", annotations: [], logprobs: [] }],
      },
    ]);
    assert.deepEqual(usage, {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 6, cache_write_tokens: 0 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 14,
      cost: 0.5,
    });
    assert.deepEqual([status, model, error, incomplete_details, completed_at], ["completed", "up", null, null, 9]);
  });

  test("thoughts, with the vendor's proof, and a call without arguments", () => {
    const { output } = whole(
      completion({ reasoning_content: "Hm.", reasoning_signature: "proof", tool_calls: [call("a", "")] }, "tool_calls"),
    );
    assert.deepEqual(output, [
      {
        id: "rs_77o0",
        type: "reasoning",
        status: "completed",
        summary: [],
        content: [{ type: "reasoning_text", text: "Hm." }],
        encrypted_content: "proof",
      },
      { id: "fc_77o1", type: "function_call", status: "completed", call_id: "a", name: "f", arguments: "{}" },
    ]);
  });

  test("a length stop", () => {
    const { status, incomplete_details, output, completed_at } = whole(
      ANSWERS["a length stop in a call"] ?? assert.fail(),
    );
    assert.deepEqual([status, incomplete_details, completed_at], ["incomplete", { reason: "max_output_tokens" }, null]);
    assert.deepEqual(
      output.map((item) => item.status),
      ["completed", "incomplete"],
    );
  });

  test("a length stop ends the last item alone", () => {
    const { output } = whole(ANSWERS["a length stop among calls"] ?? assert.fail());
    assert.deepEqual(
      output.map((item) => item.status),
      ["completed", "incomplete"],
    );
  });

  test("the events of a text", () => {
    const { events } = stream([chunk({ content: "He" }), chunk({ content: "y" }), chunk({}, "stop")]);
    const at = { item_id: "msg_77o0", output_index: 0, content_index: 0 };
    const part = (text: string) => ({ type: "output_text", text, annotations: [], logprobs: [] });
    const item = { id: "msg_77o0", type: "message", role: "assistant" };
    assert.deepEqual(events.slice(2, -1), [
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...item, status: "in_progress", content: [] },
        sequence_number: 2,
      },
      { type: "response.content_part.added", ...at, part: part(""), sequence_number: 3 },
      { type: "response.output_text.delta", ...at, delta: "He", logprobs: [], sequence_number: 4 },
      { type: "response.output_text.delta", ...at, delta: "y", logprobs: [], sequence_number: 5 },
      { type: "response.output_text.done", ...at, text: "Hey", logprobs: [], sequence_number: 6 },
      { type: "response.content_part.done", ...at, part: part("Hey"), sequence_number: 7 },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { ...item, status: "completed", content: [part("Hey")] },
        sequence_number: 8,
      },
    ]);
  });

  test("the events of a call", () => {
    const { events } = stream([
      chunk({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: '{"n"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }),
      chunk({}, "tool_calls"),
    ]);
    const at = { item_id: "fc_77o0", output_index: 0 };
    const item = { id: "fc_77o0", type: "function_call", call_id: "a", name: "f" };
    assert.deepEqual(events.slice(2, -1), [
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...item, status: "in_progress", arguments: "" },
        sequence_number: 2,
      },
      { type: "response.function_call_arguments.delta", ...at, delta: '{"n"', sequence_number: 3 },
      { type: "response.function_call_arguments.delta", ...at, delta: ":1}", sequence_number: 4 },
      { type: "response.function_call_arguments.done", ...at, name: "f", arguments: '{"n":1}', sequence_number: 5 },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { ...item, status: "completed", arguments: '{"n":1}' },
        sequence_number: 6,
      },
    ]);
  });
});

describe("streams of odd providers", () => {
  test("a name after the arguments, and no id", () => {
    const { response } = stream([
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"n"' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { name: "f", arguments: ":1}" } }] }),
      chunk({}, "tool_calls"),
    ]);
    assert.deepEqual(
      response.output.map(({ name, arguments: args, call_id }) => [name, args, call_id]),
      [["f", '{"n":1}', "call_770"]],
    );
  });

  test("a text after a call begins a new item", () => {
    const { events, response } = stream([
      chunk({ content: "One " }),
      chunk({ tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }] }),
      chunk({ content: "two." }),
      chunk({}, "tool_calls"),
    ]);
    checkEvents(events, response);
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ["message", "function_call", "message"],
    );
  });

  test("other choices and absurd indices are passed over", () => {
    const { response } = stream([
      { ...chunk({}), choices: [{ index: 1, delta: { content: "other" }, finish_reason: null }] },
      chunk({ tool_calls: [{ index: -1, function: { name: "f", arguments: "" } }] }),
      chunk({ content: "Hey" }, "stop"),
    ]);
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ["message"],
    );
  });
});

test("a stream that breaks ends with response.failed and what had come", () => {
  const builder = new ResponseBuilder(HEAD);
  const begun = builder.take([chunk({ content: "Once" })]);
  const [failed, ...more] = builder.fail(new BrokerError("stream_cut", "cut")).events;
  assert.deepEqual(more, []);
  assert.equal(failed?.type, "response.failed");
  assert.equal(failed.sequence_number, begun.length);
  const { status, error, output } = failed.response as unknown as Response;
  assert.deepEqual([status, error], ["failed", { code: "server_error", message: "cut", type: "stream_cut" }]);
  assert.deepEqual((output[0] as { content: { text: string }[] } | undefined)?.content[0]?.text, "Once");
});

test("log probabilities ride along", () => {
  const token = (text: string) => ({ token: text, logprob: -1, bytes: [1], top_logprobs: [] });
  const logprobs = { content: [token("He"), token("y")], refusal: null };
  const [item = assert.fail()] = whole(completion({ content: "Hey" }, "stop", logprobs)).output;
  assert.deepEqual((item.content as { logprobs: unknown }[])[0]?.logprobs, logprobs.content);
});

describe("there and back is the same message:", () => {
  for (const [name, answer] of Object.entries(ANSWERS)) {
    if (name === "nothing" || name === "empty arguments") continue;
    test(name, () => {
      const { role, ...message } = answer.choices[0]?.message ?? assert.fail();
      assert.deepEqual(toMessages(whole(answer).output, []), [{ role, ...message }]);
    });
  }
});

test("thoughts under either of their names come to the same response", () => {
  const of = (name: string) => stream([chunk({ [name]: "Hm." }), chunk({ content: "4" }), chunk({}, "stop")]).response;
  assert.deepEqual(of("reasoning").output, of("reasoning_content").output);
  assert.equal(of("reasoning").output[0]?.type, "reasoning");
});
