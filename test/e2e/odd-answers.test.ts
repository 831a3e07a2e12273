// What vendors should not send: whatever it is, the call leaves its row, gives its room back and is paid for, and the
// process keeps serving.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import { sse } from "../support/upstream.ts";

const MODELS = `
providers:
  gateway: { base_url: "http://127.0.0.1:9", auth: none }
models:
  m: { max_output: 4096, backends: [{ provider: openai, model_id: up, input_cost: 1, output_cost: 2 }] }
  paid: { backends: [{ provider: gateway, model_id: paid, input_cost: 10, output_cost: 10 }] }
embedding_models:
  e: { backends: [{ provider: openai, model_id: emb, input_cost: 2 }] }
`;

let house: MoneyHouse;
before(async () => {
  house = await openMoneyHouse({}, MODELS, ["GATEWAY"]);
});
after(() => house.stop());

let seen = 0;
beforeEach(() => {
  seen = house.broker.rows().length;
  house.broker.app.reload();
});
const newRows = () => house.broker.rows().slice(seen);
const taken = async (): Promise<string[]> => {
  const { result } = await house.admin.call("system.metrics");
  return String(result?.text).match(/^aibroker_(?:in_flight|limited_calls|held_usd|ledger_unwritten) .*/gm) ?? [];
};
const NOTHING = ["in_flight", "held_usd", "limited_calls", "ledger_unwritten"].map((name) => `aibroker_${name} 0`);

describe("a garbage completion", () => {
  for (const choices of [[null], [{}], [{ message: 5 }], [{ message: { tool_calls: {} } }], []]) {
    test(`${JSON.stringify(choices)} ends in an error, with a row and nothing held`, async () => {
      const { secret } = await house.createKey({ limits: { concurrency: 1 }, budgets: [{ usd: 1, period: "day" }] });
      house.upstream.fallback(() => ({ json: { ...openAiCompletion(""), choices, usage: undefined } }));
      const response = await house.chat(secret, { max_tokens: 10 });
      assert.equal(response.status, 502);
      assert.equal(newRows().length, 1);
      assert.deepEqual((await taken()).sort(), NOTHING.toSorted());
    });
  }
});

describe("usage that no ledger can hold", () => {
  for (const prompt_tokens of [3.5, 9e15, -4, "12", 1e308]) {
    test(`${JSON.stringify(prompt_tokens)} prompt tokens: the row is written and others are served`, async () => {
      const usage = { prompt_tokens, total_tokens: prompt_tokens };
      const data = [{ object: "embedding", index: 0, embedding: [1] }];
      house.upstream.script({ json: { object: "list", data, model: "emb", usage } });
      const embedded = await fetch(`${house.broker.url}/v1/embeddings`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "e", input: "Hello!" }),
      });
      assert.equal(embedded.status, 200);
      house.upstream.script({ json: openAiCompletion("Hi!") });
      assert.equal((await house.chat(undefined)).status, 200);
      assert.equal(newRows().length, 2);
    });
  }
});

test("a budget that is set while a call is under way has counted it", async () => {
  const { secret, id } = await house.createKey();
  const answer = Promise.withResolvers<void>();
  const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
  house.upstream.script({ json: openAiCompletion("Hi!", { usage }), before: answer.promise });
  const slow = house.chat(secret);
  await house.upstream.request(house.upstream.requests.length);
  await house.admin.call("keys.update", { key: id, budgets: [{ usd: 0.5, period: "day" }] });
  await house.admin.call("keys.retrieve", { key: id });
  answer.resolve();
  assert.equal((await slow).status, 200);
  assert.equal((await house.chat(secret)).status, 402);
});

test("a provider without a key that takes money is not free under another model's name", async () => {
  const { secret } = await house.createKey({ budgets: [{ usd: 1, period: "day" }] });
  const response = await house.chat(secret, { model: "gateway/paid-latest" });
  assert.equal(response.status, 403);
  assert.match(await response.text(), /price_unknown/);
});

test("usage told at the beginning of a stream that was cut is not believed for its end", async () => {
  const usage = { prompt_tokens: 10, completion_tokens: 0, total_tokens: 10 };
  const chunks = openAiTextChunks(["one two three four five six seven eight nine ten ".repeat(20)]);
  const bytes = openAiSse([{ ...chunks[0], usage }, ...chunks.slice(1, 2)], { done: false });
  house.upstream.script({ ...sse(bytes), ending: "destroy" });
  await (await house.chat(undefined, { stream: true })).text();
  const [row] = newRows();
  assert.deepEqual([row?.status, row?.usage_source], ["error", "estimated"]);
  assert.ok(Number(row?.output_tokens) > 100);
});

test("a stream of nothing but [DONE] is no answer", async () => {
  house.upstream.fallback(() => sse("data: [DONE]\n\n"));
  const response = await house.chat(undefined, { stream: true });
  assert.equal(response.status, 502);
});

test("tool calls of earlier turns count for what a request may cost", async () => {
  const call = { id: "c", type: "function", function: { name: "f", arguments: JSON.stringify("x".repeat(200_000)) } };
  const messages = [
    { role: "user", content: "Hello!" },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "ok" },
  ];
  const response = await house.chat(undefined, { messages, max_cost: 0.001 });
  assert.equal(response.status, 402);
});

test("a page of a firewall takes no target out", async () => {
  house.upstream.fallback(() => ({
    status: 403,
    headers: { "content-type": "text/html" },
    pieces: ["<html>no</html>"],
  }));
  await house.chat(undefined);
  house.upstream.fallback(() => ({ json: openAiCompletion("Hi!") }));
  await sleep(1);
  assert.equal((await house.chat(undefined)).status, 200);
});

describe("where money is limited", () => {
  const LIMITED = { max_cost: 0.5 };
  const refused: readonly [member: string, params: object][] = [
    ["/service_tier", { service_tier: "priority" }],
    ["/web_search_options", { web_search_options: {} }],
    ["/plugins", { plugins: [{ id: "web" }] }],
    ["/tools/0/type", { tools: [{ type: "web_search" }] }],
  ];
  for (const [member, params] of refused) {
    test(`${member} is refused, since nobody knows what it costs`, async () => {
      const asked = house.upstream.requests.length;
      const response = await house.chat(undefined, { ...LIMITED, ...params });
      assert.equal(response.status, 403);
      assert.equal(((await response.json()) as { error: { param: string } }).error.param, member);
      assert.equal(house.upstream.requests.length, asked);
    });
  }

  test("what stands beside the messages counts too", async () => {
    for (const more of [
      { prediction: { type: "content", content: "x".repeat(400_000) } },
      { documents: ["x".repeat(400_000)] },
    ]) {
      assert.equal((await house.chat(undefined, { max_cost: 0.003, ...more })).status, 402);
    }
  });
});

test("a name that a careless server could read as the model is refused", async () => {
  const response = await house.chat(undefined, { Model: "dear" });
  assert.equal(response.status, 400);
  assert.match(await response.text(), /\/Model/);
});

test("a model that can't shorten its vectors is the caller's fault, and stays for others", async () => {
  const data = [{ object: "embedding", index: 0, embedding: [1, 2] }];
  house.upstream.fallback(() => ({ json: { object: "list", data, model: "emb", usage: { prompt_tokens: 1 } } }));
  const embed = (more: object) =>
    fetch(`${house.broker.url}/v1/embeddings`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "e", input: "Hello!", ...more }),
    });
  assert.equal((await embed({ dimensions: 7 })).status, 400);
  assert.equal((await embed({})).status, 200);
});
