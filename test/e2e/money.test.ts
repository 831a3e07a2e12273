// Budgets and limits from end to end: over real sockets, against a scripted vendor, with the rows as the judge.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { METHODS } from "../../src/generated/methods.ts";
import type { MethodName } from "../../src/generated/types.ts";
import { connectClient } from "../support/client.ts";
import { LEAST_PARAMS } from "../support/least-params.ts";
import { answered, type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import { seeded } from "../support/random.ts";

interface ErrorBody {
  readonly error: { readonly type: string; readonly code: string; readonly message: string };
}

const errorOf = async (response: Response): Promise<ErrorBody["error"]> => ((await response.json()) as ErrorBody).error;
/** The first budget of a key, as keys.retrieve tells it. */
const budgetOf = async (
  house: MoneyHouse,
  key: string,
): Promise<{ spent: number; held: number; alerting: boolean }> => {
  const { result } = await house.admin.call("keys.retrieve", { key });
  assert.ok(result);
  const [budget] = result.budgets as { spent: number; held: number; alerting: boolean }[];
  assert.ok(budget);
  return budget;
};
/** What a request for 1,000 tokens holds at most: its prompt and all of its output. */
const ONE_CALL_USD = 0.002_05;

describe("a budget", () => {
  let house: MoneyHouse;
  before(async () => {
    house = await openMoneyHouse();
  });
  after(() => house.stop());

  test("for one call admits exactly one of 50 at once; the others are told not to try again", async () => {
    const { secret } = await house.createKey({ budgets: [{ usd: ONE_CALL_USD, period: "day" }] });
    const gate = Promise.withResolvers<void>();
    house.upstream.fallback(() => ({ ...answered(10, 1000), before: gate.promise }));
    const calls = Array.from({ length: 50 }, () => house.chat(secret, { max_tokens: 1000 }));
    const early = await Promise.all(
      calls.map((call) => Promise.race([call, house.upstream.request(0).then(() => sleep(300))])),
    );
    gate.resolve();
    const answers = await Promise.all(calls);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(early.filter((answer) => answer instanceof Response).length, 49, "nobody waits for a refusal");
    assert.equal(house.upstream.requests.length, 1);
    const refused = answers.find(({ status }) => status === 402);
    assert.equal(refused?.headers.get("x-should-retry"), "false");
    const error = await errorOf(refused as Response);
    assert.deepEqual([error.type, error.code], ["budget_exceeded", "budget_exceeded"]);
    const rows = house.broker.rows();
    assert.equal(rows.length, 1, "a call that was refused leaves no row");
    assert.equal(rows[0]?.cost_nano_usd, 10 * 1000 + 1000 * 2000);
  });

  test("that is used up stops every method that can cost money", async () => {
    const { secret, id } = await house.createKey({ budgets: [{ usd: 0.000_1, period: "total" }] });
    house.upstream.fallback(() => answered(100, 0));
    assert.equal((await house.chat(secret, { max_tokens: 10 })).status, 200);
    const client = await connectClient(house.broker.socketPath);
    const billable = (Object.keys(METHODS) as MethodName[]).filter((method) => METHODS[method].billable);
    assert.ok(billable.length > 0);
    for (const method of billable) {
      const { error } = await client.call(method, { ...LEAST_PARAMS[method], _meta: { token: secret } });
      assert.equal(error?.data.kind, "budget_exceeded", method);
      assert.deepEqual(error?.data.budget, { scope: "key", usd: 0.0001, period: "total" });
    }
    client.close();
    const { spent, held } = await budgetOf(house, id);
    assert.deepEqual([spent, held], [0.0001, 0]);
  });

  test("leaves an answer without a bound what it can pay for, and no more", async () => {
    const { secret } = await house.createKey({ budgets: [{ usd: 0.003, period: "day" }] });
    house.upstream.fallback(() => answered(10, 20));
    assert.equal((await house.chat(secret)).status, 200);
    const sent = house.upstream.requests.at(-1)?.json();
    const most = Number(sent?.max_completion_tokens ?? sent?.max_tokens);
    assert.ok(most >= 1024 && most <= 1500, `${most} output tokens for 0.003 USD`);
  });

  test("holds nothing for calls that fail, are hung up or cancelled", async () => {
    const { secret, id } = await house.createKey({
      budgets: [{ usd: 0.01, period: "day" }],
      limits: { concurrency: 2 },
    });
    house.upstream.fallback(() => ({ status: 400, json: { error: { message: "no" } } }));
    for (let call = 0; call < 5; call++) assert.equal((await house.chat(secret, { max_tokens: 100 })).status, 400);
    house.upstream.fallback(() => ({ ending: "hang", before: new Promise(() => {}) }));
    for (let call = 0; call < 5; call++) {
      const hangUp = new AbortController();
      const answer = house.chat(secret, { max_tokens: 100 }, { signal: hangUp.signal }).catch(() => undefined);
      await sleep(20);
      hangUp.abort();
      await answer;
      await sleep(20);
    }
    assert.equal((await budgetOf(house, id)).held, 0);
  });

  test("its soft limit shows, and refuses nothing", async () => {
    const { secret, id } = await house.createKey({ budgets: [{ usd: 1, period: "month", alert: 0.001 }] });
    house.upstream.fallback(() => answered(1000, 0));
    for (let call = 0; call < 2; call++) assert.equal((await house.chat(secret)).status, 200);
    assert.equal((await budgetOf(house, id)).alerting, true);
  });
});

describe("max_cost", () => {
  let house: MoneyHouse;
  before(async () => {
    house = await openMoneyHouse();
    house.upstream.fallback(() => answered(10, 20));
  });
  after(() => house.stop());

  test("shortens the answer to what it pays for", async () => {
    assert.equal((await house.chat(undefined, { max_cost: 0.001, max_tokens: 4000 })).status, 200);
    const sent = house.upstream.requests.at(-1)?.json();
    const most = Number(sent?.max_completion_tokens ?? sent?.max_tokens);
    assert.ok(most > 400 && most * 2000 + 6000 <= 1_000_000, `${most}`);
    assert.equal(sent?.max_cost, undefined, "it is the broker's own");
  });

  test("bounds thinking too, which a provider would put on top of the answer", async () => {
    const { secret } = await house.createKey({ budgets: [{ usd: 1, period: "day" }] });
    assert.equal((await house.chat(secret, { max_tokens: 100, reasoning_effort: "high" })).status, 200);
    const sent = house.upstream.requests.at(-1)?.json();
    assert.equal(Number(sent?.max_completion_tokens ?? sent?.max_tokens), 100);
  });

  test("that does not pay for the prompt is refused before anything is sent", async () => {
    const before = house.upstream.requests.length;
    const response = await house.chat(undefined, { max_cost: 0.000_001 });
    assert.deepEqual([response.status, response.headers.get("x-should-retry")], [402, "false"]);
    assert.equal((await errorOf(response)).code, "max_cost_exceeded");
    assert.equal(house.upstream.requests.length, before);
  });
});

describe("limits", () => {
  let house: MoneyHouse;
  before(async () => {
    house = await openMoneyHouse({ RATE_LIMIT_RPM: "1000" });
    house.upstream.fallback(() => answered(10, 20));
  });
  after(() => house.stop());

  test("of requests a minute: 429, when to come back, and what is left", async () => {
    const { secret } = await house.createKey({ limits: { requests_per_minute: 2 } });
    const first = await house.chat(secret);
    assert.equal(first.status, 200, await first.clone().text());
    assert.deepEqual(
      ["limit", "remaining"].map((what) => first.headers.get(`x-ratelimit-${what}-requests`)),
      ["2", "1"],
    );
    assert.match(first.headers.get("x-ratelimit-reset-requests") ?? "", /^\d+m?s?\d*\.?\d*s?$/);
    await house.chat(secret);
    const third = await house.chat(secret);
    assert.equal(third.status, 429);
    assert.equal(third.headers.get("x-ratelimit-remaining-requests"), "0");
    assert.ok(Number(third.headers.get("retry-after-ms")) > 0);
    assert.ok(Number(third.headers.get("retry-after")) <= 61);
    assert.deepEqual([(await errorOf(third)).type], ["rate_limit_error"]);
  });

  test("of tokens a minute, on streams too", async () => {
    const { secret } = await house.createKey({ limits: { tokens_per_minute: 1000 } });
    const first = await house.chat(secret, { max_tokens: 900, stream: true });
    assert.equal(first.headers.get("x-ratelimit-limit-tokens"), "1000");
    await first.text();
    // It was 30 tokens in the end, so there is room again.
    assert.equal((await house.chat(secret, { max_tokens: 900 })).status, 200);
    const many = await Promise.all(Array.from({ length: 4 }, () => house.chat(secret, { max_tokens: 900 })));
    assert.ok(many.some(({ status }) => status === 429));
  });

  test("of a key are told over JSON-RPC in data", async () => {
    const { secret } = await house.createKey({ limits: { requests_per_minute: 1 } });
    const client = await connectClient(house.broker.socketPath);
    await client.call("session.authenticate", { token: secret });
    const params = { model: "m", messages: [{ role: "user", content: "Hello!" }] };
    assert.ok((await client.call("chat.completions.create", params)).result);
    const { error } = await client.call("chat.completions.create", params);
    const { kind, limit, rates } = error?.data ?? {};
    assert.deepEqual([kind, limit], ["rate_limited", "requests"]);
    assert.equal((rates as { requests: { limit: number } }).requests.limit, 1);
    client.close();
  });

  test("models that a key may not use are refused, and are not in its list", async () => {
    const { secret } = await house.createKey({ models: ["other-*"] });
    const response = await house.chat(secret);
    assert.equal(response.status, 403);
    assert.equal((await errorOf(response)).code, "model_not_allowed");
    const list = await fetch(`${house.broker.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
    assert.deepEqual(((await list.json()) as { data: unknown[] }).data, []);
  });
});

describe("an address", () => {
  test("has its own limit and budget, whoever calls from it; administrators are not limited", async () => {
    const house = await openMoneyHouse({
      ...{ RATE_LIMIT_RPM: "3", IP_BUDGET: "0.00001/day", ADMIN_TOKEN: "admin-token", TRUSTED_PROXIES: "127.0.0.1" },
      AUTH: "required",
    });
    house.upstream.fallback(() => answered(10, 0));
    const { secret } = await house.createKey();
    const from = (ip: string, token = secret) =>
      house.chat(token, { max_tokens: 1 }, { headers: { "x-forwarded-for": ip } });
    assert.equal((await from("10.0.0.1")).status, 200);
    assert.equal((await from("10.0.0.1")).status, 402);
    assert.equal((await from("10.0.0.2")).status, 200);
    for (let call = 0; call < 3; call++) {
      await fetch(`${house.broker.url}/v1/models`, {
        headers: { authorization: `Bearer ${secret}`, "x-forwarded-for": "10.0.0.3" },
      });
    }
    assert.equal((await from("10.0.0.3")).status, 429);
    for (let call = 0; call < 5; call++) assert.notEqual((await from("10.0.0.3", "admin-token")).status, 429);
    await house.stop();
  });
});

describe("10,000 calls that are ended at random", () => {
  test("leave every gauge at zero and a row each", { timeout: 120_000 }, async () => {
    const house = await openMoneyHouse({ GLOBAL_BUDGET: "1000000/day" });
    const { secret, id } = await house.createKey({
      budgets: [{ usd: 1_000_000, period: "day" }],
      limits: { requests_per_minute: 1_000_000, tokens_per_minute: 1_000_000_000, concurrency: 1000 },
    });
    const random = seeded(11);
    house.upstream.fallback(() => {
      const fate = random();
      if (fate < 0.3) return answered(10, 20);
      if (fate < 0.5) return { ending: "hang", pieces: ["data: "], headers: { "content-type": "text/event-stream" } };
      if (fate < 0.6) return { drop: true };
      return { ...answered(10, 20), before: sleep(random() * 20) };
    });
    const clients = await Promise.all(Array.from({ length: 8 }, () => connectClient(house.broker.socketPath)));
    const params = { model: "m", messages: [{ role: "user", content: "Hello!" }], max_tokens: 50 };
    let admitted = 0;
    const lane = async (client: (typeof clients)[number]): Promise<void> => {
      for (let call = 0; call < 10_000 / 64; call++) {
        const stream = random() < 0.5;
        const id = client.nextId;
        const reply = client.call("chat.completions.create", { ...params, stream, _meta: { token: secret } });
        const wait = random() * 15;
        const ended = await Promise.race([reply, sleep(wait)]);
        if (!ended) client.notify("$/cancelRequest", { id });
        await reply;
        admitted++;
      }
    };
    await Promise.all(clients.flatMap((client) => Array.from({ length: 8 }, () => lane(client))));
    assert.ok(admitted >= 10_000);
    assert.equal((await budgetOf(house, id)).held, 0);
    const health = await house.admin.call("system.health");
    assert.equal(health.result?.in_flight, 0);
    const metrics = String((await house.admin.call("system.metrics")).result?.text);
    for (const gauge of ["aibroker_in_flight", "aibroker_limited_calls", "aibroker_held_usd"]) {
      assert.match(metrics, new RegExp(`^${gauge} 0$`, "m"));
    }
    const rows = house.broker.rows();
    assert.equal(rows.length, admitted);
    const cost = rows.reduce((sum, row) => sum + Number(row.cost_nano_usd), 0);
    assert.equal(Math.round((await budgetOf(house, id)).spent * 1e9), cost);
    for (const client of clients) client.close();
    await house.stop();
  });
});
