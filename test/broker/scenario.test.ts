// A table of requests against four scripted vendors with prices, each with the model, vendor, attempts and cost that must
// come out, as the client's headers and the ledger's row tell them. Prices are in USD per million tokens.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Row, startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient, type TestClient } from "../support/client.ts";
import { answered } from "../support/money.ts";
import { createUpstream, sse, type Upstream, type UpstreamAnswer } from "../support/upstream.ts";

type Vendor = "alpha" | "beta" | "gamma" | "delta";
const VENDORS: readonly Vendor[] = ["alpha", "beta", "gamma", "delta"];

/** `dual` at alpha and beta, `single` at gamma alone, `pool` with two keys at delta; the rest differ in one thing each. */
const modelsOf = (vendors: Readonly<Record<Vendor, { readonly url: string }>>): string => `
providers:
  alpha: { base_url: "${vendors.alpha.url}" }
  beta: { base_url: "${vendors.beta.url}" }
  gamma: { base_url: "${vendors.gamma.url}" }
  delta: { base_url: "${vendors.delta.url}" }
models:
  dual:
    { tier: economy, context_window: 64000, backends: [
      { provider: alpha, model_id: dual-a, input_cost: 3, output_cost: 6, priority: 1 },
      { provider: beta, model_id: dual-b, input_cost: 2, output_cost: 4, priority: 2 } ] }
  pool:
    { context_window: 4000, backends: [ { provider: delta, model_id: pool-d, input_cost: 4, output_cost: 4 } ] }
  single:
    { backends: [ { provider: gamma, model_id: single-g, input_cost: 5, output_cost: 5 } ], context_window: 8000 }
  small:
    { tier: economy, context_window: 1000, backends: [ { provider: beta, model_id: small-b, input_cost: 1, output_cost: 1 } ] }
  seer:
    { context_window: 32000, capabilities: [vision, tool_calling], backends: [
      { provider: gamma, model_id: seer-g, input_cost: 6, output_cost: 6 } ] }
  top:
    { tier: premium, quality: 99, capabilities: [tool_calling], context_window: 200000, backends: [
      { provider: alpha, model_id: top-a, input_cost: 50, output_cost: 100 } ] }
  tiered:
    { backends: [ { provider: beta, model_id: tiered-b, input_cost: 10, output_cost: 10, cached_input_cost: 1,
      tiers: [ { above: 2000, input_cost: 20, output_cost: 40 } ] } ] }
  unpriced:
    { backends: [ { provider: gamma, model_id: unpriced-g } ] }
`;

interface Case {
  readonly what: string;
  readonly params: object;
  /** Answers by vendor, in turn; whatever else is asked fails. */
  readonly script: Partial<Record<Vendor, readonly UpstreamAnswer[]>>;
  /** Settings of the key that asks; none: anonymous. */
  readonly key?: object;
  /** Requests made before, whose outcome is not looked at. */
  readonly first?: readonly object[];
  readonly status?: number;
  /** `model vendor attempts USD`; `-` for what no one served. */
  readonly expected: string;
  readonly error?: string;
  readonly check?: (seen: Seen) => void;
}

interface Seen {
  readonly response: Response;
  readonly text: string;
  readonly row: Row;
}

const OK = answered(1000, 100);
const failed = (status: number, error: object = { message: "no" }, headers = {}): UpstreamAnswer => ({
  status,
  headers,
  json: { error },
});
const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "up", choices: [{ index: 0, delta, finish_reason: null, ...more }] })}\n\n`;
const usage = (tokens: number): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "up", choices: [], usage: { prompt_tokens: 1000, completion_tokens: tokens, total_tokens: 1000 + tokens } })}\n\n`;
const streamed = (delayMs = 0, tokens = 100): UpstreamAnswer =>
  sse(delayMs, chunk({ content: "Hello!" }), chunk({}, { finish_reason: "stop" }), usage(tokens), "data: [DONE]\n\n");
const TOOLS = [{ type: "function", function: { name: "look" } }];
const words = (tokens: number) => [{ role: "user", content: "word ".repeat(tokens).slice(0, tokens * 4) }];

const CASES: readonly Case[] = [
  // First, because speeds are averages with those of earlier calls.
  {
    what: ":nitro, the backend that was faster",
    first: [
      { model: "alpha/dual-a", stream: true },
      { model: "beta/dual-b", stream: true },
    ],
    params: { model: "dual:nitro" },
    // Of too few tokens for a rate to be measured, which a busy machine could turn round.
    script: { alpha: [streamed(400, 5)], beta: [streamed(0, 5), OK] },
    expected: "dual beta 1 0.0024",
  },
  {
    what: "an id: its first backend",
    params: { model: "dual" },
    script: { alpha: [OK] },
    expected: "dual alpha 1 0.0036",
  },
  {
    what: ":floor, the cheapest backend",
    params: { model: "dual:floor" },
    script: { beta: [OK] },
    expected: "dual beta 1 0.0024",
  },
  {
    what: "provider/model_id",
    params: { model: "beta/dual-b" },
    script: { beta: [OK] },
    expected: "dual beta 1 0.0024",
  },
  { what: "cheapest", params: { model: "autocheapest" }, script: { beta: [OK] }, expected: "small beta 1 0.0011" },
  { what: "best", params: { model: "autobest" }, script: { alpha: [OK] }, expected: "top alpha 1 0.06" },
  {
    what: "cheapest that can call tools",
    params: { model: "auto", tools: TOOLS },
    script: { gamma: [OK] },
    expected: "seer gamma 1 0.0066",
  },
  {
    what: "cheapest with room for the prompt",
    params: { model: "auto", messages: words(1100), max_tokens: 100 },
    script: { beta: [OK] },
    expected: "dual beta 1 0.0024",
  },
  {
    what: "best within max_cost",
    params: { model: "autobest", max_cost: 0.0003, max_tokens: 5, tools: TOOLS },
    script: { gamma: [answered(10, 5)] },
    expected: "seer gamma 1 0.00009",
  },
  {
    what: "nothing within max_cost",
    params: { model: "top", max_cost: 0.0000001 },
    script: {},
    status: 402,
    error: "max_cost_exceeded",
    expected: "- - 0 0",
  },
  {
    what: "a model that does not exist",
    params: { model: "dual", models: ["nope"] },
    script: {},
    status: 404,
    error: "model_not_found",
    expected: "- - 0 0",
  },
  {
    what: "too long for the first of a list: the larger one",
    params: { model: "pool", models: ["small", "top"] },
    script: { delta: [failed(400, { message: "too long", code: "context_length_exceeded" })], alpha: [OK] },
    expected: "top alpha 2 0.06",
  },
  {
    what: "401: the other key, at once",
    params: { model: "pool" },
    script: { delta: [failed(401), OK] },
    expected: "pool delta 2 0.0044",
  },
  {
    what: "429 with retry-after: the other key",
    params: { model: "pool" },
    script: { delta: [failed(429, {}, { "retry-after": "30" }), OK] },
    expected: "pool delta 2 0.0044",
  },
  {
    what: "429 with a short retry-after: the same again",
    params: { model: "single" },
    script: { gamma: [failed(429, {}, { "retry-after-ms": "20" }), OK] },
    expected: "single gamma 2 0.0055",
  },
  {
    what: "5xx: again, with backoff",
    params: { model: "single" },
    script: { gamma: [failed(500), failed(503), OK] },
    expected: "single gamma 3 0.0055",
  },
  {
    what: "cut before the first byte: the next backend",
    params: { model: "dual", stream: true },
    script: { alpha: [{ drop: true }], beta: [streamed()] },
    expected: "dual beta 2 0.0024",
  },
  {
    what: "an error inside a 200: the next backend",
    params: { model: "dual", stream: true },
    script: {
      alpha: [sse(chunk({ role: "assistant" }), 'data: {"error":{"message":"overloaded","code":529}}\n\n')],
      beta: [streamed()],
    },
    // The vendor had begun, so its prompt of 5 tokens is counted.
    expected: "dual beta 2 0.0024",
    check: ({ text }) => assert.ok(text.includes("Hello!") && text.includes("[DONE]") && !text.includes("overloaded")),
  },
  {
    what: "an unknown price is flagged",
    params: { model: "unpriced" },
    script: { gamma: [OK] },
    expected: "unpriced gamma 1 0",
    check: ({ text }) => assert.equal(JSON.parse(text).usage.cost_unknown, true),
  },
  {
    what: "and denied where money is limited",
    params: { model: "unpriced" },
    key: { budgets: [{ usd: 1, period: "day" }] },
    script: {},
    status: 403,
    error: "price_unknown",
    expected: "- - 0 0",
  },
  {
    what: "a key without permission",
    params: { model: "dual" },
    key: { models: ["small", "gamma/*"] },
    script: {},
    status: 403,
    error: "model_not_allowed",
    expected: "- - 0 0",
  },
  {
    what: "a key bound to one vendor",
    params: { model: "dual" },
    key: { models: ["beta/*"] },
    script: { beta: [OK] },
    expected: "dual beta 1 0.0024",
  },
  {
    what: "up to the tier",
    params: { model: "tiered" },
    script: { beta: [answered(2000, 10)] },
    expected: "tiered beta 1 0.0201",
  },
  {
    what: "above the tier",
    params: { model: "tiered" },
    script: { beta: [answered(2001, 10)] },
    expected: "tiered beta 1 0.04042",
  },
  {
    what: "cached tokens at their own price",
    params: { model: "tiered" },
    script: { beta: [answered(1000, 100, { prompt_tokens_details: { cached_tokens: 900 } })] },
    expected: "tiered beta 1 0.0029",
  },
  {
    what: "everything cools down: 429 with the earliest time",
    first: [{ model: "single" }],
    params: { model: "single" },
    script: { gamma: [failed(429, {}, { "retry-after": "30" })] },
    status: 429,
    error: "provider_rate_limited",
    expected: "- - 0 0",
    check: ({ response }) => {
      const seconds = Number(response.headers.get("retry-after"));
      assert.ok(seconds > 25 && seconds <= 30, `retry-after: ${seconds}`);
    },
  },
  {
    what: "a target that has failed five times: 503, nobody asked",
    first: [{ model: "single" }],
    params: { model: "single" },
    script: { gamma: Array(5).fill(failed(500)) },
    status: 503,
    error: "targets_cooling",
    expected: "- - 0 0",
  },
];

describe("a table of requests", () => {
  const vendors = {} as Record<Vendor, Upstream>;
  let broker: TestBroker;
  let admin: TestClient;
  before(async () => {
    for (const vendor of VENDORS) vendors[vendor] = await createUpstream();
    broker = await startBroker(
      {
        ALPHA_API_KEY: "sk-alpha",
        BETA_API_KEY: "sk-beta",
        GAMMA_API_KEY: "sk-gamma",
        DELTA_API_KEYS: "sk-delta-0,sk-delta-1",
        CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "1500",
      },
      modelsOf(vendors),
    );
    admin = await connectClient(broker.socketPath);
  });
  after(async () => {
    admin.close();
    await broker.stop();
    for (const vendor of VENDORS) await vendors[vendor].close();
  });

  /** Each conversation begins in its own way, so that none has a target from one before. */
  let conversations = 0;
  async function ask(params: object, secret: string | undefined): Promise<Response> {
    const messages = [{ role: "user", content: `${conversations++}` }];
    return fetch(`${broker.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
      body: JSON.stringify({ messages, ...params }),
    });
  }

  async function play({ params, script, key, first = [] }: Case): Promise<Seen & { readonly asked: number }> {
    broker.app.reload(); // forgets what targets went through in the case before
    for (const vendor of VENDORS) {
      const answers = [...(script[vendor] ?? [])];
      vendors[vendor].fallback(() => answers.shift() ?? failed(500, { message: "nothing is scripted" }));
    }
    const { result } = key ? await admin.call("keys.create", { name: "case", ...key }) : {};
    for (const each of first) await (await ask(each, undefined)).text();
    const before = VENDORS.reduce((sum, vendor) => sum + vendors[vendor].requests.length, 0);
    const response = await ask(params, result && String(result.secret));
    const text = await response.text();
    const asked = VENDORS.reduce((sum, vendor) => sum + vendors[vendor].requests.length, 0) - before;
    return { response, text, row: broker.rows().at(-1)!, asked };
  }

  for (const [index, each] of CASES.entries()) {
    test(`${index + 1}. ${each.what}`, async (t) => {
      const seen = await play(each);
      const { response, text, row, asked } = seen;
      const { model_served, provider, attempts, cost_nano_usd, error_kind } = row;
      const told = `${model_served ?? "-"} ${provider ?? "-"} ${attempts} ${Number(cost_nano_usd) / 1e9}`;
      t.diagnostic(`${each.what.padEnd(52)} ${response.status} ${told} ${error_kind ?? ""}`);
      assert.equal(response.status, each.status ?? 200, text);
      assert.equal(told, each.expected);
      assert.equal(error_kind ?? undefined, each.error);
      assert.equal(asked, attempts, "every attempt is an upstream call");
      const header = (name: string) => response.headers.get(`x-broker-${name}`);
      const stream = (each.params as { stream?: boolean }).stream === true;
      if (!each.error) {
        const cost = stream ? Number(cost_nano_usd) / 1e9 : Number(header("cost"));
        assert.equal(`${header("model")} ${header("provider")} ${header("attempts")} ${cost}`, each.expected);
      } else assert.equal(JSON.parse(text).error.code, each.error);
      each.check?.(seen);
    });
  }

  test("models.route tells the plan, refused or not, and asks nobody", async () => {
    broker.app.reload();
    const requests = () => VENDORS.reduce((sum, vendor) => sum + vendors[vendor].requests.length, 0);
    const before = requests();
    const rows = broker.rows().length;
    const { result: routed } = await admin.call("models.route", { model: "dual:floor", max_tokens: 10 });
    assert.deepEqual(routed, {
      ...{ requested: "dual:floor", strategy: "cheapest", prompt_tokens: 0 },
      candidates: [
        {
          model: "dual",
          provider: "beta",
          model_id: "dual-b",
          kept: true,
          reason: "by estimated cost",
          cost: { min: 0, max: 0.00004 },
        },
        {
          model: "dual",
          provider: "alpha",
          model_id: "dual-a",
          kept: true,
          reason: "by estimated cost",
          cost: { min: 0, max: 0.00006 },
        },
      ],
    });
    const { result: refused } = await admin.call("models.route", { model: "dual", max_cost: 1e-9 });
    const { candidates } = refused as { candidates: { kept: boolean; reason: string }[] };
    assert.deepEqual(
      candidates.map(({ kept }) => kept),
      [false, false],
    );
    const { error } = await admin.call("models.route", { model: "dual", models: ["nope"] });
    assert.deepEqual(
      { kind: error?.data?.kind, param: error?.data?.param },
      { kind: "model_not_found", param: "/models/0" },
    );
    assert.equal(requests(), before);
    assert.equal(broker.rows().length, rows);
  });

  test("a key bound to models is shown those, with the backends that it may use", async () => {
    const { result } = await admin.call("keys.create", { name: "bound", models: ["small", "beta/dual-*"] });
    const headers = { authorization: `Bearer ${result?.secret}` };
    const get = async (path: string) => {
      const response = await fetch(`${broker.url}${path}`, { headers });
      return { status: response.status, body: (await response.json()) as Record<string, never> };
    };
    const { data } = (await get("/v1/models")).body as unknown as {
      data: { id: string; backends: { provider: string }[] }[];
    };
    assert.deepEqual(
      data.map(({ id, backends }) => [id, backends.map(({ provider }) => provider).join()]),
      [
        ["dual", "beta"],
        ["small", "beta"],
      ],
    );
    assert.equal((await get("/v1/models/dual")).status, 200);
    assert.equal((await get("/v1/models/top")).status, 404);
  });
});
