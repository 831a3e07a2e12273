// The golden transcripts against what the vendors document of their streams: the order of events, what opens is closed, the
// members that readers rely on, and that a stream folded is the answer in one piece.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CompletionFold } from "../../src/core/completion.ts";
import { MessageFold } from "../../src/core/messages/fold.ts";
import type { ChatChunk, MessageEvent } from "../../src/generated/types.ts";
import { DIALECTS, type Dialect, headed, type Json, section, streamed, transcripts } from "./transcript.ts";

type Value = Json | "[DONE]";

const CHECKS: Readonly<Record<Dialect, (values: Value[], whole: Json, broken: boolean) => void>> = {
  chat: checkChat,
  responses: checkResponses,
  messages: checkMessages,
};

for (const transcript of transcripts()) {
  describe(transcript.name, () => {
    for (const client of DIALECTS) {
      for (const vendor of DIALECTS) {
        const of = (what: string) => section(transcript, `${client} over ${vendor}: ${what}`);
        const values = streamed(of("stream"));
        const { head, value: whole } = headed(of("answer"));
        if (head === "400") {
          test(`${client} over ${vendor} is refused alike`, () => assert.deepEqual(values, [{ head, value: whole }]));
        } else {
          test(`${client} over ${vendor} has the order that is documented, and folds to the whole`, () =>
            CHECKS[client](values, whole, head !== "200"));
        }
      }
    }
  });
}

function checkChat(values: Value[], whole: Json, broken: boolean): void {
  const chunks = values.filter((value) => value !== "[DONE]") as unknown as ChatChunk[];
  assert.equal(values.at(-1) === "[DONE]", !broken);
  if (broken) assert.ok(chunks.pop()?.error, "a broken stream ends with its error");
  const ended = chunks.filter(({ choices }) => choices[0]?.finish_reason).length;
  assert.equal(ended, broken ? 0 : 1);
  assert.equal(chunks[0]?.choices[0]?.delta.role, "assistant");
  for (const { id, object, model, choices } of chunks) {
    assert.deepEqual([id, object, model], [chunks[0]?.id, "chat.completion.chunk", chunks[0]?.model]);
    for (const choice of choices) assert.ok("delta" in choice && "finish_reason" in choice && choice.index === 0);
  }
  if (broken) return;
  const fold = new CompletionFold();
  for (const chunk of chunks) fold.add(chunk);
  assert.deepEqual(chunks.at(-1)?.choices, [], "usage comes last, by itself");
  assert.deepEqual(essence(fold.completion()), essence(whole));
}

/** Without members that say nothing. */
function essence({ id, model, choices, usage }: Json): unknown {
  return JSON.parse(JSON.stringify({ id, model, choices, usage }), (_, value) =>
    value === null || (Array.isArray(value) && value.length === 0) ? undefined : value,
  );
}

/** Events that are about a place in the output, and what they must have beside it. */
const PLACED: Readonly<Record<string, readonly string[]>> = {
  "response.output_item.added": ["item"],
  "response.output_item.done": ["item"],
  "response.content_part.added": ["item_id", "content_index", "part"],
  "response.content_part.done": ["item_id", "content_index", "part"],
  "response.output_text.delta": ["item_id", "content_index", "delta", "logprobs"],
  "response.output_text.done": ["item_id", "content_index", "text", "logprobs"],
  "response.refusal.delta": ["item_id", "content_index", "delta"],
  "response.refusal.done": ["item_id", "content_index", "refusal"],
  "response.reasoning_text.delta": ["item_id", "content_index", "delta"],
  "response.reasoning_text.done": ["item_id", "content_index", "text"],
  "response.reasoning_summary_part.added": ["item_id", "summary_index", "part"],
  "response.reasoning_summary_part.done": ["item_id", "summary_index", "part"],
  "response.reasoning_summary_text.delta": ["item_id", "summary_index", "delta"],
  "response.reasoning_summary_text.done": ["item_id", "summary_index", "text"],
  "response.function_call_arguments.delta": ["item_id", "delta"],
  "response.function_call_arguments.done": ["item_id", "name", "arguments"],
};

function checkResponses(values: Value[], whole: Json, broken: boolean): void {
  const events = values as Json[];
  assert.deepEqual(
    events.map(({ sequence_number: number }) => number),
    events.map((_, index) => index),
  );
  const [created, begun, ...rest] = events;
  assert.deepEqual([created?.type, begun?.type], ["response.created", "response.in_progress"]);
  if (broken) assert.partialDeepStrictEqual(rest.pop(), { type: "error", param: null });
  const last = rest.pop() as Json & { response: Json };
  const items = checkItems(rest, broken);
  assert.equal(last.type, `response.${last.response.status}`);
  assert.equal(last.type === "response.failed", broken);
  if (broken) return;
  assert.deepEqual(last.response, whole);
  assert.deepEqual(items, whole.output);
}

/** One item after the other, texts as long as their pieces; the items that were done. */
function checkItems(events: readonly Json[], broken: boolean): Json[] {
  const items: Json[] = [];
  let open: Json | undefined;
  let text = "";
  for (const event of events) {
    const type = String(event.type);
    assert.ok(PLACED[type], `${type} is not known`);
    for (const member of [...(PLACED[type] ?? []), "output_index"]) assert.ok(member in event, `${type}: ${member}`);
    assert.equal(event.output_index, items.length, type);
    if (type === "response.output_item.added") {
      assert.equal(open, undefined, "the item before is done");
      open = event.item as Json;
      continue;
    }
    assert.ok(open, `${type} is in an item`);
    if (event.item_id !== undefined) assert.equal(event.item_id, open.id);
    if (type.endsWith(".delta")) text += event.delta;
    else if (type === "response.output_item.done") {
      assert.equal((event.item as Json).id, open.id);
      items.push(event.item as Json);
      open = undefined;
    } else if (type.endsWith(".done") && !type.includes("part")) {
      assert.equal(event.text ?? event.refusal ?? event.arguments, text);
      text = "";
    }
  }
  assert.equal(open !== undefined, broken);
  return items;
}

function checkMessages(values: Value[], whole: Json, broken: boolean): void {
  const events = values as unknown as MessageEvent[];
  const types = events.map(({ type }) => type).filter((type) => !type.startsWith("content_block"));
  assert.deepEqual(types, ["message_start", ...(broken ? ["error"] : ["message_delta", "message_stop"])]);
  assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["message_start", types.at(-1)]);
  let open: unknown;
  let next = 0;
  for (const { type, index } of events) {
    if (type === "content_block_start") assert.deepEqual([open, index], [undefined, next++]);
    else if (type.startsWith("content_block")) assert.equal(index, open);
    if (type.startsWith("content_block")) open = type === "content_block_stop" ? undefined : index;
  }
  assert.equal(open !== undefined, broken);
  if (broken) return;
  const fold = new MessageFold();
  for (const event of events) fold.add(event);
  assert.deepEqual(fold.message(), whole);
  assert.ok("stop_details" in whole && "stop_sequence" in whole);
}
