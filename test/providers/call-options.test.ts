// What a call brings beside its params: an output limit, timeouts, a trace context; and what of the params stays here.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { messagesBody } from "../../src/providers/anthropic/request.ts";
import { toGenerateRequest } from "../../src/providers/embedded/request.ts";
import { chatBody } from "../../src/providers/ollama/request.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { createCall, createTarget } from "../support/target.ts";
import { failureOf } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createOpenAiProvider);
const CHOICE = { index: 0, message: { role: "assistant", content: "Hi!" }, finish_reason: "stop" };
const ANSWER = { json: { id: "x", object: "chat.completion", created: 1, model: "m", choices: [CHOICE] } };
const HELLO: ChatCompletionsCreateParams = { model: "m", messages: [{ role: "user", content: "Hello" }] };
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

async function sent(params: Partial<ChatCompletionsCreateParams>, maxTokens?: number, name = "vendor") {
  upstream.script(ANSWER);
  const target = createTarget({ url: upstream.url });
  const named = { ...target, backend: { ...target.backend, provider: { ...target.backend.provider, name } } };
  await provider.complete?.({ ...createCall(named, params), maxTokens });
  return upstream.requests.at(-1)?.json() ?? {};
}

test("members that are the broker's own stay here", async () => {
  const own = { _meta: { token: "t" }, models: ["b"], max_cost: 0.1, mine: 1 };
  assert.deepEqual(Object.keys(await sent(own)).sort(), ["messages", "mine", "model"]);
  for (const body of [messagesBody, chatBody]) {
    const text = JSON.stringify(body({ ...HELLO, ...own }, createTarget({ url: "http://x" })));
    assert.doesNotMatch(text, /_meta|models|max_cost/);
  }
});

describe("an output limit", () => {
  const rows: readonly (readonly [string, Partial<ChatCompletionsCreateParams>, object])[] = [
    ["vendor", {}, { max_tokens: 7 }],
    ["vendor", { max_tokens: 100 }, { max_tokens: 7 }],
    ["vendor", { max_completion_tokens: 100 }, { max_tokens: 7 }],
    ["vendor", { max_completion_tokens: 100, max_tokens: 100 }, { max_tokens: 7 }],
    ["vendor", { max_completion_tokens: null, max_tokens: 100 }, { max_tokens: 7 }],
    ["openai", {}, { max_completion_tokens: 7 }],
    ["openai", { max_tokens: 100 }, { max_completion_tokens: 7 }],
  ];
  for (const [name, params, limits] of rows) {
    test(`stands in place of ${JSON.stringify(params)} at ${name}`, async () => {
      const { model: _, messages: __, ...rest } = await sent(params, 7, name);
      assert.deepEqual(rest, limits);
    });
  }

  test("has its own name in other dialects", () => {
    const params = { ...HELLO, max_tokens: 100, max_completion_tokens: 200 };
    const target = createTarget({ url: "http://x", maxOutput: 64_000, modelId: "claude-3-7-sonnet" });
    assert.equal(messagesBody(params, target, 7).max_tokens, 7);
    assert.equal((chatBody(params, target, 7).options as { num_predict: number }).num_predict, 7);
    assert.equal(toGenerateRequest(params, 1, 7).maxTokens, 7);
  });

  test("holds for thinking too", () => {
    const target = createTarget({ url: "http://x", maxOutput: 64_000, modelId: "claude-3-7-sonnet" });
    const body = messagesBody({ ...HELLO, reasoning_effort: "high" }, target, 3_000);
    assert.equal(body.max_tokens, 3_000);
    assert.deepEqual(body.thinking, { type: "enabled", budget_tokens: 2_999 });
  });
});

test("a trace context goes along, and none where there is none", async () => {
  for (const traceparent of [TRACE, undefined]) {
    upstream.script(ANSWER);
    await provider.complete?.({ ...createCall(createTarget({ url: upstream.url })), traceparent });
    assert.equal(upstream.requests.at(-1)?.headers.traceparent, traceparent);
  }
});

test("its own timeouts stand in place of the provider's", async () => {
  const target = createTarget({ url: upstream.url });
  for (const connectMs of [2_000, 1_000]) {
    upstream.script({ pieces: [], ending: "hang", before: new Promise(() => {}) });
    const timeouts = { connectMs, firstByteMs: 20, idleMs: 60_000 };
    const call = createCall(target, {}, AbortSignal.timeout(10_000));
    const failure = await failureOf(Promise.resolve(provider.complete?.({ ...call, timeouts })));
    assert.equal(failure.kind, "timeout");
  }
});
