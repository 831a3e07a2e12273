// Frames that are not parsed: what comes out is what parsing would give, whatever the frame.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ChunkRun, CompletionFold, withoutUsage } from "../../src/core/completion.ts";
import type { ChatChunk } from "../../src/generated/types.ts";
import { FrameLikeness } from "../../src/providers/openai/likeness.ts";
import { pick, seeded } from "../support/random.ts";

function frame(content: string, more: object = {}, delta: object = {}): string {
  const choice = { index: 0, delta: { ...delta, content }, logprobs: null, finish_reason: null };
  return JSON.stringify({
    id: "x",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [choice],
    ...more,
  });
}

function learned(data: string): FrameLikeness {
  const likeness = new FrameLikeness();
  likeness.learn(data, JSON.parse(data) as ChatChunk);
  return likeness;
}

test("a frame with another text is known, and is what parsing gives", () => {
  const likeness = learned(frame("Hello", { usage: null }));
  for (const text of [" there", "", "é 日本 \u2028", "x".repeat(100_000), '","role":']) {
    const data = frame(text, { usage: null });
    const chunk = likeness.read(data);
    if (text.includes('"')) assert.equal(chunk, undefined);
    else assert.deepEqual(chunk, JSON.parse(data));
  }
});

test("a frame with anything else that differs is parsed", () => {
  const likeness = learned(frame("Hello"));
  const others = [
    frame("a", { usage: { prompt_tokens: 1 } }),
    frame("a", { id: "y" }),
    frame("a").replace('"index":0', '"index":1'),
    frame("a").replace('"finish_reason":null', '"finish_reason":"stop"'),
    frame("a\n"),
    frame("a\\"),
    frame("a").replace('"a"', '"\t"'),
    frame("a").replace('"a"', "null"),
    frame("a").slice(0, -1),
    frame("a").replace('{"content":"a"}', '{"content":"a","content":"b"}'),
    "[DONE]",
    "",
  ];
  for (const data of others) assert.equal(likeness.read(data), undefined, data);
});

test("nothing is learned from a frame whose text is not found where it seems to be", () => {
  const escaped = frame("m").replace('"content":"m"', '"content":"\\u006d"');
  const twice = frame("a").replace('"content":"a"', '"content":"b","content":"\\u0061","other":"a"');
  for (const data of [escaped, twice]) assert.equal(learned(data).read(data), undefined, data);
});

test("nothing is learned from tool calls, log probabilities, ends and usage", () => {
  const plain = frame("a");
  const frames = [
    frame("a", {}, { tool_calls: [{ index: 0 }] }),
    plain.replace('"logprobs":null', '"logprobs":{"content":[]}'),
    plain.replace('"finish_reason":null', '"finish_reason":"stop"'),
    frame("a", { usage: { prompt_tokens: 1 } }),
    frame("a", { choices: [] }),
    frame(""),
  ];
  for (const data of frames) assert.equal(learned(data).read(data), undefined, data);
});

test("any stream comes out as parsing it would", () => {
  const random = seeded(11);
  const texts = ["a", "m", "x", "stop", "é", "\n", '"', "\\", "", "0", "null", "chat.completion.chunk", "\u0001"];
  let known = 0;
  for (let stream = 0; stream < 200; stream++) {
    const likeness = new FrameLikeness();
    const more = pick(random, [{}, { usage: null }, { model: "a" }, { note: pick(random, texts) }]);
    for (let n = 0; n < 30; n++) {
      const text = pick(random, texts) + pick(random, texts);
      const data = frame(text, random() < 0.1 ? { created: n } : more, random() < 0.1 ? { role: text } : {});
      const parsed = JSON.parse(data) as ChatChunk;
      const chunk = likeness.read(data);
      if (chunk) {
        known++;
        assert.deepEqual(chunk, parsed);
      } else likeness.learn(data, parsed);
    }
  }
  assert.ok(known > 1000);
});

describe("frames that continue the text", () => {
  const bytes = (frames: readonly string[]) => Buffer.from(frames.map((data) => `data: ${data}\n\n`).join(""));

  function texts(first: string, frames: readonly string[]) {
    return learned(first).readAll(frames, bytes(frames));
  }

  test("are a run that says what parsing each of them would", () => {
    const frames = [frame("a", { usage: null }), frame("", { usage: null }), frame("é 日本", { usage: null })];
    const run = texts(frame("Hello", { usage: null }), frames);
    assert.deepEqual(run?.added?.content, "aé 日本");
    const parsed = frames.map((data) => JSON.parse(data) as ChatChunk);
    assert.deepEqual(run?.values, parsed);
    assert.deepEqual(run?.sse, bytes(frames));
    const [whole, added] = [new CompletionFold(), new CompletionFold()];
    const first = JSON.parse(frame("Hello")) as ChatChunk;
    for (const fold of [whole, added]) fold.add(first);
    for (const chunk of parsed) whole.add(chunk);
    added.addRun(run as ChunkRun);
    assert.deepEqual(added.completion(), whole.completion());
  });

  test("lose the usage of null that the client did not ask for, as frames that are parsed do", () => {
    const frames = [frame("a", { usage: null }), frame('"usage":null,'.replaceAll('"', "'"), { usage: null })];
    const run = texts(frame("Hello", { usage: null }), frames);
    assert.equal(withoutUsage(run as ChunkRun, true), run);
    const shown = withoutUsage(run as ChunkRun, false);
    const parsed = withoutUsage({ values: (run as ChunkRun).values, sse: bytes(frames) }, false);
    assert.deepEqual(shown?.values, parsed?.values);
    assert.equal(shown?.sse, String(parsed?.sse));
    const none = texts(frame("Hello"), [frame("a")]);
    assert.equal(withoutUsage(none as ChunkRun, false), none);
  });

  test("are no such run where one of them differs in more, or has more that adds up", () => {
    assert.equal(texts(frame("a"), [frame("b"), frame("c", { id: "y" })]), undefined);
    assert.equal(texts(frame("a"), []), undefined);
    const thought = frame("a", {}, { reasoning_content: "Hm" });
    assert.equal(texts(thought, [thought]), undefined);
    assert.ok(
      texts(frame("a", {}, { role: "assistant", reasoning_content: null }), [
        frame("b", {}, { role: "assistant", reasoning_content: null }),
      ]),
    );
  });
});
