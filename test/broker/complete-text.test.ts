// Several prompts of one legacy completion: one chat call each, and one answer with one bound of cost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { completeText } from "../../src/broker/complete-text.ts";
import type { Call, ProgressRun, Receipt } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import type { ChatCompletionsCreateParams, TextCompletion, Usage } from "../../src/generated/types.ts";

/** An engine that answers with the prompt in capitals; each answer costs 0.25 USD. */
function open(progress?: Call["progress"]) {
  const asked: ChatCompletionsCreateParams[] = [];
  const requestIds: string[] = [];
  const receipts: Receipt[] = [];
  const call: Call = {
    ...{
      parentId: undefined,
      peer: undefined,
      requestId: "req_1",
      method: "completions.create",
      ip: "10.0.0.1",
      startedAt: 0,
      deadline: undefined,
    },
    ...{ explain: false, traceparent: undefined, progress, signal: new AbortController().signal },
    principal: { name: "anonymous", keyId: undefined, key: undefined, scopes: new Set() },
    tellReceipt: (receipt) => receipts.push(receipt),
    authenticate: () => assert.fail(),
  };
  const complete = async (params: ChatCompletionsCreateParams, { requestId, tellReceipt, progress: told }: Call) => {
    asked.push(params);
    requestIds.push(requestId);
    const content = String(params.messages[0]?.content).toUpperCase();
    const head = { id: `chatcmpl-${asked.length}`, created: asked.length, model: "up" };
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.25 };
    const choice = { index: 0, finish_reason: "stop" };
    const chunk = { ...head, object: "chat.completion.chunk" };
    await told?.({ values: [{ ...chunk, choices: [{ ...choice, delta: { content } }] }] });
    await told?.({ values: [{ ...chunk, choices: [], usage }] });
    tellReceipt({ model: "m", provider: "p", attempts: 1, costNanoUsd: 250_000_000 as NanoUsd });
    const message = { role: "assistant" as const, content };
    return { ...head, object: "chat.completion" as const, choices: [{ ...choice, message }], usage };
  };
  return { call, deps: { complete }, asked, requestIds, receipts };
}

const PARAMS = { model: "m", prompt: ["a", "b", "c"] };

test("usage, cost and receipt are of all prompts; each call has a request id of its own", async () => {
  const { call, deps, requestIds, receipts } = open();
  const { id, choices, usage } = await completeText(deps, PARAMS, call);
  assert.equal(id, "cmpl-1");
  assert.deepEqual(
    choices.map(({ index, text }) => `${index} ${text}`),
    ["0 A", "1 B", "2 C"],
  );
  assert.deepEqual([usage?.total_tokens, usage?.cost], [9, 0.75]);
  assert.deepEqual(requestIds, ["req_1", "req_1-2", "req_1-3"]);
  assert.deepEqual(
    receipts.map(({ costNanoUsd }) => costNanoUsd),
    [250_000_000, 500_000_000, 750_000_000],
  );
});

test("the fault of a later prompt tells the usage of all", async () => {
  const { call, deps } = open();
  const usage = { prompt_tokens: 5, completion_tokens: 0, total_tokens: 5, cost: 1, estimated: true };
  const failing = async (...[params, each]: Parameters<typeof deps.complete>) => {
    if (each.requestId === "req_1-3") throw new BrokerError("stream_cut", "It ended early", { provider: "p", usage });
    return deps.complete(params, each);
  };
  await assert.rejects(completeText({ complete: failing }, PARAMS, call), (error: BrokerError) => {
    const told = error.facts.usage as NonNullable<Usage>;
    assert.deepEqual([error.kind, error.facts.provider], ["stream_cut", "p"]);
    assert.deepEqual([told.total_tokens, told.cost, told.estimated], [11, 1.5, true]);
    return true;
  });
});

test("max_cost is shared: a prompt may cost what those before have left, and none is asked where nothing is", async () => {
  const { call, deps, asked } = open();
  await assert.rejects(completeText(deps, { ...PARAMS, max_cost: 0.5 }, call), (error: BrokerError) => {
    const { cost, total_tokens } = error.facts.usage as NonNullable<Usage>;
    assert.deepEqual([error.kind, cost, total_tokens], ["max_cost_exceeded", 0.5, 6]);
    return true;
  });
  assert.deepEqual(
    asked.map(({ max_cost }) => max_cost),
    [0.5, 0.25],
  );
});

test("a stream is one answer: one id, indices that go on, usage once at the end and only where it is wanted", async () => {
  for (const include_usage of [true, false]) {
    const chunks: TextCompletion[] = [];
    const { call, deps } = open(({ values }: ProgressRun) => {
      chunks.push(...(values as TextCompletion[]));
    });
    const result = await completeText(deps, { ...PARAMS, echo: true, stream_options: { include_usage } }, call);
    assert.deepEqual(new Set(chunks.map(({ id }) => id)), new Set(["cmpl-1"]));
    assert.deepEqual(
      chunks.map(({ choices: [choice], usage }) => (choice ? `${choice.index} ${choice.text}` : usage?.total_tokens)),
      ["0 aA", "1 bB", "2 cC", ...(include_usage ? [9] : [])],
    );
    assert.deepEqual(
      result.choices.map(({ text }) => text),
      ["aA", "bB", "cC"],
    );
  }
});
