// Legacy completions in terms of chat: prompts, choices, chunks, log probabilities.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { completionId, promptsOf, TextAnswer, toChatParams } from "../../src/core/legacy-completion.ts";
import type { ChatChunk, ChatCompletion, CompletionsCreateParams } from "../../src/generated/types.ts";

const params = (more: object): CompletionsCreateParams => ({ model: "m", prompt: "a", ...more });
const choice = (index: number, content: string | null, logprobs: object | null = null) => ({
  ...{ index, finish_reason: "stop", logprobs },
  message: { role: "assistant", content },
});
const answer = (...choices: object[]): ChatCompletion =>
  ({ id: "chatcmpl-1", object: "chat.completion", created: 1, model: "up", choices }) as ChatCompletion;
const chunk = (index: number, content: string | undefined, finish_reason: string | null = null): ChatChunk => ({
  ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "up" },
  choices: [{ index, delta: content === undefined ? {} : { content }, finish_reason }],
});

describe("a request", () => {
  test("asks chat for the same, one prompt a call", () => {
    assert.deepEqual(promptsOf(params({ prompt: ["a", "b"] })), ["a", "b"]);
    const full = params({
      n: 2,
      stop: ["x"],
      seed: null,
      logprobs: 3,
      max_tokens: 0,
      echo: false,
      best_of: 2,
      user: "u",
    });
    assert.deepEqual(toChatParams(full, "a", false, 0.5), {
      model: "m",
      max_tokens: 0,
      n: 2,
      stop: ["x"],
      user: "u",
      logprobs: true,
      top_logprobs: 3,
      messages: [{ role: "user", content: "a" }],
      max_cost: 0.5,
    });
    assert.deepEqual(toChatParams(params({}), "a", true, undefined).stream_options, { include_usage: true });
  });

  const refused: [string, object][] = [
    ["/prompt", { prompt: [1, 2] }],
    ["/prompt", { prompt: ["a", [1]] }],
    ["/prompt", { prompt: [] }],
    ["/prompt", { prompt: Array.from({ length: 21 }, () => "a") }],
    ["/suffix", { suffix: "z" }],
    ["/best_of", { best_of: 3, n: 2 }],
    ["/logprobs", { logprobs: 0, echo: true }],
  ];
  for (const [param, more] of refused) {
    test(`is refused for ${param}: ${JSON.stringify(more).slice(0, 40)}`, () => {
      assert.throws(
        () => promptsOf(params(more)),
        (error: unknown) => error instanceof BrokerError && error.facts.param === param,
      );
    });
  }
});

describe("an answer", () => {
  test("has its choices behind those of the prompts before, each after its prompt where that is echoed", () => {
    const choices = new TextAnswer(4, "Q: ").whole(answer(choice(0, "A"), choice(1, null)));
    assert.deepEqual(
      choices.map(({ index, text, finish_reason, logprobs }) => [index, text, finish_reason, logprobs]),
      [
        [4, "Q: A", "stop", null],
        [5, "Q: ", "stop", null],
      ],
    );
  });

  test("in chunks adds up to the answer in one piece", () => {
    const parts = new TextAnswer(0, "Q: ");
    const texts = ["", ""];
    const reasons: unknown[] = [];
    for (const each of [
      chunk(0, ""),
      chunk(1, ""),
      chunk(0, "A"),
      chunk(1, "B"),
      chunk(0, "a", "stop"),
      chunk(1, undefined, "length"),
      { ...chunk(0, ""), choices: [] },
    ]) {
      for (const { index, text, finish_reason } of parts.part(each)) {
        texts[index] += text;
        if (finish_reason) reasons[index] = finish_reason;
      }
    }
    assert.deepEqual(texts, ["Q: Aa", "Q: B"]);
    assert.deepEqual(reasons, ["stop", "length"]);
    assert.deepEqual(new TextAnswer(0, "").part(chunk(0, "")), []);
  });

  test("has log probabilities in lists side by side", () => {
    const token = (text: string, logprob: number) => ({ token: text, logprob, bytes: null });
    const content = [
      { ...token("He", -1), top_logprobs: [token("He", -1), token("Ho", -2)] },
      { ...token("y", -3), top_logprobs: [] },
    ];
    const [first] = new TextAnswer(0, "").whole(answer(choice(0, "Hey", { content })));
    assert.deepEqual(first?.logprobs, {
      tokens: ["He", "y"],
      token_logprobs: [-1, -3],
      top_logprobs: [{ He: -1, Ho: -2 }, {}],
      text_offset: [0, 2],
    });
  });

  test("has OpenAI's id for it", () => {
    assert.deepEqual(["chatcmpl-1", "cmpl-1", "gen-1"].map(completionId), ["cmpl-1", "cmpl-1", "cmpl-gen-1"]);
  });
});
