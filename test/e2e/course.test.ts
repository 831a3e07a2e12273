// The course of a call: time that models and callers give, what is kept back before the first text, what attempts that
// failed have cost, and the explanation of it all. Over REST, against scripted vendors.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import {
  anthropicEvents,
  anthropicSse,
  anthropicText,
  openAiCompletion,
  openAiSse,
  openAiTextChunks,
} from "../support/bytes.ts";
import { type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import { sse } from "../support/upstream.ts";

const NEVER = new Promise<never>(() => {});
const MODELS = `
providers:
  first: { base_url: "http://127.0.0.1:9" }
  second: { base_url: "http://127.0.0.1:9" }
models:
  m:
    backends:
      - { provider: first, model_id: a, input_cost: 1, output_cost: 2 }
      - { provider: second, model_id: b, input_cost: 3, output_cost: 4 }
  hasty:
    timeouts: { first_token_ms: 50 }
    backends:
      - { provider: first, model_id: a, input_cost: 1, output_cost: 2 }
      - { provider: second, model_id: b, input_cost: 3, output_cost: 4 }
  brief:
    timeouts: { total_ms: 80 }
    backends: [{ provider: first, model_id: a, input_cost: 1, output_cost: 2 }]
  claude:
    backends:
      - { provider: anthropic, model_id: c, input_cost: 10, output_cost: 20 }
      - { provider: second, model_id: b, input_cost: 3, output_cost: 4 }
`;

let house: MoneyHouse;
before(async () => {
  house = await openMoneyHouse({}, MODELS, ["FIRST", "SECOND", "ANTHROPIC"]);
});
after(() => house.stop());

const role =
  'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"a","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n';
const text = (response: Response) => response.text();
const contents = (body: string): string =>
  [...body.matchAll(/"content":"([^"]+)"/g)].map(([, content]) => content).join("");

let seen = 0;
beforeEach(() => {
  seen = house.broker.rows().length;
  house.broker.app.reload();
});
const row = () => {
  const rows = house.broker.rows().slice(seen);
  assert.equal(rows.length, 1, "one row");
  return rows[0]!;
};

describe("before the first text of a stream", () => {
  test("an error after the role still falls back, and the client sees one coherent stream", async () => {
    house.upstream.script(
      sse(role, 'data: {"error":{"message":"overloaded","code":503}}\n\n'),
      sse(openAiSse(openAiTextChunks(["Hi!"]))),
    );
    const body = await text(await house.chat(undefined, { stream: true }));
    assert.equal(contents(body), "Hi!");
    assert.equal(body.match(/"role"/g)?.length, 1);
    assert.ok(body.endsWith("data: [DONE]\n\n") && !body.includes("error"));
    assert.deepEqual([row().provider, row().attempts], ["second", 2]);
  });

  test("a model that is slow to begin gives way to the next", async () => {
    house.upstream.script({ ...sse(role), ending: "hang" }, sse(openAiSse(openAiTextChunks(["Hi!"]))));
    const body = await text(await house.chat(undefined, { model: "hasty", stream: true }));
    assert.equal(contents(body), "Hi!");
    await house.upstream.requests.at(-2)?.closed;
    assert.equal(row().provider, "second");
  });

  test("an answer of nothing but a role is passed on when it ends", async () => {
    house.upstream.script(sse(role, "data: [DONE]\n\n"));
    const body = await text(await house.chat(undefined, { stream: true }));
    assert.ok(body.includes('"role"') && body.endsWith("data: [DONE]\n\n"));
  });
});

describe("time", () => {
  test("for the whole answer: a stream that takes longer is cut, and does not look complete", async () => {
    house.upstream.script({ ...sse(openAiSse(openAiTextChunks(["Hel"]), { done: false })), ending: "hang" });
    const body = await text(await house.chat(undefined, { model: "brief", stream: true }));
    assert.ok(body.includes("Hel") && body.includes('"error"') && !body.includes("[DONE]"));
    assert.equal(row().status, "error");
  });

  test("for the whole answer in one piece", async () => {
    house.upstream.fallback(() => ({ before: NEVER }));
    const response = await house.chat(undefined, { model: "brief" });
    assert.equal(response.status, 504);
  });

  test("that the caller gives: 504, the vendor's connection closed, and what was spent in the row", async () => {
    house.upstream.script({ before: NEVER });
    const response = await house.chat(undefined, {}, { headers: { "x-request-timeout-ms": "60" } });
    assert.equal(response.status, 504);
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, "deadline_exceeded");
    await house.upstream.requests.at(-1)?.closed;
    assert.deepEqual([row().status, row().error_kind], ["error", "deadline_exceeded"]);
    assert.ok(Number(row().input_tokens) > 0, "the vendor may have taken the request");
  });

  test("that the caller gives bounds the waits between attempts", async () => {
    house.upstream.fallback(() => ({
      status: 429,
      headers: { "retry-after": "30" },
      json: { error: { message: "slow" } },
    }));
    const began = performance.now();
    const response = await house.chat(undefined, {}, { headers: { "x-request-timeout-ms": "500" } });
    assert.ok(performance.now() - began < 5000);
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get("retry-after")) >= 28);
  });

  for (const value of ["0", "soon", "-5", "1e3", "99999999999"]) {
    test(`given as ${value} is refused by name`, async () => {
      const response = await house.chat(undefined, {}, { headers: { "x-request-timeout-ms": value } });
      assert.equal(response.status, 400);
      assert.match(await text(response), /x-request-timeout-ms/);
    });
  }
});

test("an attempt that had begun to answer is paid for, beside the one that answered", async () => {
  const events = anthropicSse(anthropicEvents([anthropicText("Once upon")]));
  const cut = events.subarray(0, events.indexOf("content_block_stop"));
  const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };
  house.upstream.script({ ...sse(cut), ending: "destroy" }, { json: openAiCompletion("Hi!", { usage }) });
  const response = await house.chat(undefined, { model: "claude" });
  assert.equal(response.status, 200);
  const { attempts, provider, cost_nano_usd, input_tokens } = row();
  assert.deepEqual([attempts, provider], [2, "second"]);
  assert.ok(Number(input_tokens) > 10, "the tokens of both");
  assert.ok(Number(cost_nano_usd) > 10 * 3000 + 10 * 4000, "the cost of both");
});

describe("x-broker-explain", () => {
  const explained = { headers: { "x-broker-explain": "true" } };
  interface Route {
    readonly candidates: { kept: boolean; provider: string }[];
    readonly attempts: { provider: string; outcome: string; status?: number }[];
  }

  test("tells in the answer what was considered and tried", async () => {
    house.upstream.script({ status: 500, json: {} }, { json: openAiCompletion("Hi!") });
    const { route } = (await (await house.chat(undefined, {}, explained)).json()) as { route: Route };
    assert.deepEqual(
      route.candidates.map(({ provider, kept }) => [provider, kept]),
      [
        ["first", true],
        ["second", true],
      ],
    );
    assert.deepEqual(
      route.attempts.map(({ provider, status, outcome }) => [provider, status, outcome]),
      [
        ["first", 500, "failed"],
        ["second", undefined, "ok"],
      ],
    );
  });

  test("tells in the last chunk of a stream", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks(["Hi!"]))));
    const body = await text(await house.chat(undefined, { stream: true }, explained));
    const last = JSON.parse(body.trimEnd().split("\n\n").at(-2)?.slice(6) ?? "{}") as { route: Route; usage?: object };
    assert.equal(last.route.attempts[0]?.outcome, "ok");
    assert.equal(last.usage, undefined, "usage was not asked for");
  });

  test("tells with an error", async () => {
    house.upstream.script({ status: 400, json: { error: { message: "no" } } });
    const { error } = (await (await house.chat(undefined, {}, explained)).json()) as { error: { route: Route } };
    assert.equal(error.route.attempts[0]?.status, 400);
  });

  test("is silent unless asked", async () => {
    house.upstream.script({ json: openAiCompletion("Hi!") });
    assert.equal("route" in ((await (await house.chat(undefined)).json()) as object), false);
  });
});
