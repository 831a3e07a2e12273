// Frames that are not parsed: what comes out is what parsing would give, whatever the frame.

import assert from "node:assert/strict";
import { test } from "node:test";
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
