// A conversation's target is remembered for five minutes from its last use, and no more conversations than fit.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { prefixKey, Sticky } from "../../src/broker/sticky.ts";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../src/generated/types.ts";

describe("sticky targets", () => {
  test("count for five minutes from the last use", () => {
    let now = 0;
    const sticky = new Sticky({ now: () => now });
    sticky.remember("a", "openai/x#openai-0");
    now = 299_999;
    assert.equal(sticky.of("a"), "openai/x#openai-0");
    sticky.remember("a", "openai/x#openai-1");
    now += 299_999;
    assert.equal(sticky.of("a"), "openai/x#openai-1");
    now += 1;
    assert.equal(sticky.of("a"), undefined);
    assert.equal(sticky.size, 0, "what is over is not kept");
  });

  test("are at most ten thousand, the one used longest ago out", () => {
    const sticky = new Sticky({ now: () => 0 });
    for (let count = 0; count < 10_000; count++) sticky.remember(`c${count}`, "t");
    sticky.remember("c0", "t");
    sticky.remember("new", "t");
    assert.equal(sticky.size, 10_000);
    assert.equal(sticky.of("c0"), "t");
    assert.equal(sticky.of("c1"), undefined);
    assert.equal(sticky.of("new"), "t");
  });
});

describe("the beginning of a conversation", () => {
  const SYSTEM: ChatMessage = { role: "system", content: "You are terse." };
  const user = (content: string): ChatMessage => ({ role: "user", content });
  const key = (messages: ChatMessage[], more: Partial<ChatCompletionsCreateParams> = {}, who = "k", asked = "m") =>
    prefixKey({ messages, ...more }, who, asked);
  const tool = { type: "function" as const, function: { name: "f" } };

  test("is the leading system messages, whatever follows", () => {
    const first = key([SYSTEM, { role: "developer", content: "Be kind." }, user("Hello")]);
    assert.equal(first, key([SYSTEM, { role: "developer", content: "Be kind." }, user("Bye"), user("Hello")]));
    assert.notEqual(first, key([SYSTEM, user("Hello")]));
    assert.equal(key([SYSTEM, user("Hello"), SYSTEM]), key([SYSTEM, user("Bye")]));
  });

  test("is the first message where there is no system message", () => {
    assert.equal(key([user("Hello"), user("x")]), key([user("Hello"), user("y")]));
    assert.notEqual(key([user("Hello")]), key([user("Bye")]));
    assert.notEqual(key([user("You are terse.")]), key([SYSTEM]));
    assert.equal(key([{ role: "user", content: [{ type: "text", text: "Hello" }] }]), key([user("Hello")]));
  });

  test("is of one caller, one model and one number of tools", () => {
    const base = key([SYSTEM]);
    assert.notEqual(base, key([SYSTEM], {}, "other"));
    assert.notEqual(base, key([SYSTEM], {}, "k", "other"));
    assert.notEqual(base, key([SYSTEM], { tools: [tool] }));
    assert.notEqual(key([SYSTEM], { tools: [tool] }), key([SYSTEM], { tools: [tool, tool] }));
    assert.equal(base, key([SYSTEM], { tools: null }));
  });

  test("ends after 4,096 characters, so that its cost is bounded", () => {
    const long = "x".repeat(1_000_000);
    assert.equal(key([user(`${long}a`)]), key([user(`${long}b`)]));
    const parts = Array.from({ length: 2000 }, () => ({ type: "text" as const, text: long }));
    assert.equal(key([{ role: "user", content: parts }]), key([{ role: "user", content: parts.slice(0, 3) }]));
    assert.ok(key([user(long)]).length < 100);
  });

  test("tells nothing of what was said", () => {
    assert.ok(!key([user("my secret")]).includes("secret"));
  });

  test("is there for messages without text", () => {
    assert.equal(typeof key([{ role: "assistant", content: null }]), "string");
    assert.equal(typeof key([]), "string");
  });
});
