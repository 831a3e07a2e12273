// The life of one call for vectors, moderations or images, from the request to its row: fallback, forms, usage, money.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { toBase64 } from "../../src/core/embedding.ts";
import { type Row, startBroker, type TestBroker } from "../support/broker.ts";
import { ADMIN, create, rest } from "../support/rest.ts";
import { createUpstream, type Upstream, type UpstreamAnswer } from "../support/upstream.ts";

const MODELS = `
providers:
  plain: { base_url: BASE/plain, dialect: openai, auth: none }
models: {}
embedding_models:
  small:
    dimensions: 3
    context_window: 16
    aliases: [tiny]
    backends:
      - { provider: openai, model_id: up-1, priority: 1, input_cost: 2 }
      - { provider: plain, model_id: up-2, priority: 2, input_cost: 1 }
  local:
    backends: [{ provider: ollama, model_id: nomic, free: true }]
  unpriced:
    backends: [{ provider: plain, model_id: up-3 }]
  mute:
    backends: [{ provider: anthropic, model_id: none, free: true }]
moderation_models:
  judge:
    backends: [{ provider: openai, model_id: omni, free: true }]
  paid-judge:
    backends: [{ provider: plain, model_id: mod, input_cost: 10 }]
image_models:
  painter:
    backends: [{ provider: openai, model_id: dall-e, per_image: 0.04 }]
  drawer:
    backends: [{ provider: openai, model_id: gpt-image, input_cost: 5, output_cost: 40 }]
`;

let upstream: Upstream;
let broker: TestBroker;
let seen = 0;
before(async () => {
  upstream = await createUpstream();
  upstream.fallback(({ path }) => (path.endsWith("/api/tags") ? { json: { models: [] } } : { status: 500, json: {} }));
  const vars = {
    ...{ OPENAI_API_KEY: "sk-up", OPENAI_BASE_URL: `${upstream.url}/openai`, ANTHROPIC_API_KEY: "sk-ant" },
    ...{ ANTHROPIC_BASE_URL: upstream.url, OLLAMA_BASE_URL: `${upstream.url}/ollama`, ADMIN_TOKEN: ADMIN },
  };
  broker = await startBroker(vars, MODELS.replaceAll("BASE", upstream.url));
});
after(async () => {
  await broker.stop();
  await upstream.close();
});
beforeEach(() => {
  seen = broker.rows().length;
  broker.app.reload(); // what one test does to a backend's name must not show in the next
});

type Body = Record<string, unknown>;

const vectors = (list: unknown[], usage?: object): UpstreamAnswer => ({
  json: { data: list.map((embedding, index) => ({ index, embedding })), ...(usage ? { usage } : {}) },
});
const told = (tokens: number) => ({ prompt_tokens: tokens, total_tokens: tokens });
const embed = (body: Body, token?: string) =>
  rest(broker.url, "POST", "/v1/embeddings", { model: "small", input: "Hello", ...body }, token);
const newRows = (): Row[] => broker.rows().slice(seen);
const errorOf = (body: Body) => body.error as { code: string; param?: string; message: string };

describe("embeddings", () => {
  test("come with their price, in one row", async () => {
    upstream.script(vectors([[0.5, 1, 2]], told(1000)));
    const { status, body } = await embed({ model: "tiny" });
    assert.equal(status, 200);
    assert.deepEqual(body, {
      ...{ object: "list", data: [{ object: "embedding", index: 0, embedding: [0.5, 1, 2] }], model: "up-1" },
      usage: { ...told(1000), cost: 0.002 },
    });
    const [row] = newRows();
    assert.deepEqual(
      [
        row?.method,
        row?.model_served,
        row?.provider,
        row?.input_tokens,
        row?.output_tokens,
        row?.cost_nano_usd,
        row?.status,
      ],
      ["embeddings.create", "small", "openai", 1000, 0, 2_000_000, "ok"],
    );
  });

  test("come in the form that was asked for, whatever the provider gives", async () => {
    const base64 = toBase64([0.5, 1, 2]);
    for (const given of [base64, [0.5, 1, 2]]) {
      for (const [format, wanted] of [
        ["base64", base64],
        ["float", [0.5, 1, 2]],
        [null, [0.5, 1, 2]],
      ]) {
        upstream.script(vectors([given], told(1)));
        const { body } = await embed({ encoding_format: format });
        assert.deepEqual((body.data as { embedding: unknown }[])[0]?.embedding, wanted);
      }
    }
  });

  test("are counted where the provider tells nothing, and say so", async () => {
    upstream.script(vectors([[1], [2]]), vectors([[1], [2]]));
    const { body } = await embed({ input: ["Hello!", "Hello!"] });
    const usage = body.usage as { prompt_tokens: number; estimated: boolean };
    assert.ok(usage.estimated && usage.prompt_tokens >= 4 && usage.prompt_tokens <= 6, JSON.stringify(usage));
    assert.equal(newRows()[0]?.usage_source, "estimated");
    const tokens = await embed({
      input: [
        [1, 2, 3],
        [4, 5],
      ],
    });
    assert.equal((tokens.body.usage as typeof usage).prompt_tokens, 5);
  });

  test("fall back when a backend fails, or gives a vector too few", async () => {
    for (const first of [{ status: 500, json: {} }, vectors([[1]], told(9))]) {
      broker.app.reload();
      const before = broker.rows().length;
      upstream.script(first, vectors([[1], [2]], told(100)));
      const { status, body } = await embed({ input: ["a", "b"], encoding_format: "float" });
      assert.equal(status, 200);
      assert.equal(body.model, "up-2");
      const [row, more] = broker.rows().slice(before);
      assert.equal(more, undefined);
      assert.deepEqual([row?.provider, row?.attempts, row?.cost_nano_usd], ["plain", 2, 100_000]);
    }
  });

  test("go on to further models, whose window is that of each text, not of all", async () => {
    upstream.script({ status: 500, json: {} }, vectors(Array(40).fill([1]), told(80)));
    const { status, body } = await embed({ model: "local", models: ["small"], input: Array(40).fill("a few words") });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(newRows()[0]?.model_served, "small");
  });

  test("tell the route to who asks", async () => {
    upstream.script(vectors([[1]], told(1)));
    const { body } = await embed({ _meta: { explain: true } });
    const { candidates, attempts } = body.route as { candidates: unknown[]; attempts: { outcome: string }[] };
    assert.deepEqual([candidates.length, attempts.map(({ outcome }) => outcome)], [2, ["ok"]]);
  });

  test("of a price that nobody knows say so, and are refused where money is limited", async () => {
    upstream.script(vectors([[1]], told(1)));
    assert.deepEqual((await embed({ model: "unpriced" })).body.usage, { ...told(1), cost: 0, cost_unknown: true });
    const limited = await embed({ model: "unpriced", max_cost: 1 });
    assert.equal(errorOf(limited.body).code, "price_unknown");
  });

  test("stay within max_cost and a key's budget", async () => {
    const asked = upstream.requests.length;
    const input = "word ".repeat(4000);
    assert.equal(errorOf((await embed({ input, max_cost: 0.000001 })).body).code, "max_cost_exceeded");
    const { secret } = await create(broker.url, { budgets: [{ usd: 0.0001, period: "day" }] });
    assert.equal(errorOf((await embed({ input }, secret)).body).code, "budget_exceeded");
    assert.equal(upstream.requests.length, asked);
  });

  const refused: [string, Body, string, string?][] = [
    ["2,049 texts", { input: Array(2049).fill("a") }, "invalid_params", "/input"],
    ["an empty text", { input: "" }, "invalid_params", "/input"],
    ["an empty text of several", { input: ["a", ""] }, "invalid_params", "/input/1"],
    ["no text", { input: [] }, "invalid_params", "/input"],
    ["texts and tokens", { input: ["a", 1] }, "invalid_params", "/input/1"],
    ["more dimensions than there are", { dimensions: 4 }, "invalid_params", "/dimensions"],
    ["tokens for Ollama", { model: "local", input: [1, 2] }, "provider_rejected", "/input"],
    ["a model that chats", { model: "nobody" }, "model_not_found", "model"],
  ];
  for (const [name, params, code, param] of refused) {
    test(`are refused without a call: ${name}`, async () => {
      const asked = upstream.requests.length;
      const { status, body } = await embed(params);
      assert.ok(status >= 400 && status < 500);
      assert.deepEqual([errorOf(body).code, errorOf(body).param], [code, param]);
      assert.equal(upstream.requests.length, asked);
      for (const row of newRows()) assert.equal(row.cost_nano_usd, 0);
    });
  }

  test("of a provider that has none are its fault", async () => {
    const { status, body } = await embed({ model: "mute" });
    assert.equal(status, 502);
    assert.match(errorOf(body).message, /anthropic can't serve embedding models/);
  });

  test("that the caller does not wait for are paid: the provider may have taken the texts", async () => {
    upstream.script({ ...vectors([[1]]), before: new Promise(() => {}) });
    const hangUp = new AbortController();
    const work = fetch(`${broker.url}/v1/embeddings`, {
      ...{ method: "POST", headers: { "content-type": "application/json" }, signal: hangUp.signal },
      body: JSON.stringify({ model: "small", input: "Hello there" }),
    });
    await upstream.request(upstream.requests.length);
    hangUp.abort();
    await assert.rejects(work);
    while (newRows()[0]?.status !== "cancelled") await new Promise((resolve) => setTimeout(resolve, 5));
    const [row] = newRows();
    assert.ok(Number(row?.input_tokens) > 0 && Number(row?.cost_nano_usd) > 0, JSON.stringify(row));
  });
});

describe("moderations", () => {
  const moderate = (body: Body) => rest(broker.url, "POST", "/v1/moderations", { input: "Hello", ...body });
  const verdict = { id: "modr-1", model: "omni-1", results: [{ flagged: false }] };

  test("take the first model unless one is named", async () => {
    upstream.script({ json: verdict });
    const { body } = await moderate({ input: [{ type: "text", text: "Hello" }] });
    const { usage, ...rest } = body;
    assert.deepEqual(rest, verdict);
    assert.equal((usage as { cost: number }).cost, 0);
    assert.equal(upstream.requests.at(-1)?.json().model, "omni");
    assert.deepEqual([newRows()[0]?.model, newRows()[0]?.cost_nano_usd], ["judge", 0]);
  });

  test("are billed by their tokens", async () => {
    upstream.script({ json: { ...verdict, usage: { prompt_tokens: 100 } } });
    const { body } = await moderate({ model: "paid-judge" });
    assert.equal((body.usage as { cost: number }).cost, 0.001);
    assert.equal(newRows()[0]?.cost_nano_usd, 1_000_000);
  });
});

describe("images", () => {
  const paint = (body: Body, token?: string) =>
    rest(broker.url, "POST", "/v1/images/generations", { prompt: "A cat", ...body }, token);

  test("are billed by the image", async () => {
    upstream.script({ json: { created: 7, data: [{ url: "a" }, { url: "b" }] } });
    const { body } = await paint({ n: 2, size: "1024x1024" });
    assert.deepEqual([body.created, body.data], [7, [{ url: "a" }, { url: "b" }]]);
    assert.equal((body.usage as { cost: number }).cost, 0.08);
    assert.deepEqual(upstream.requests.at(-1)?.json(), {
      ...{ model: "dall-e", prompt: "A cat", n: 2, size: "1024x1024" },
    });
    assert.equal(newRows()[0]?.cost_nano_usd, 80_000_000);
  });

  test("are billed by the tokens that the provider tells", async () => {
    const usage = { input_tokens: 10, output_tokens: 1000, total_tokens: 1010 };
    upstream.script({ json: { created: 7, data: [{ b64_json: "aGk=" }], usage } });
    const { body } = await paint({ model: "drawer" });
    assert.deepEqual(body.usage, { ...usage, cost: 0.04005 });
    assert.deepEqual([newRows()[0]?.output_tokens, newRows()[0]?.cost_nano_usd], [1000, 40_050_000]);
  });

  test("stay within max_cost and budgets", async () => {
    const asked = upstream.requests.length;
    assert.equal(errorOf((await paint({ n: 3, max_cost: 0.1 })).body).code, "max_cost_exceeded");
    const { secret } = await create(broker.url, { budgets: [{ usd: 0.2, period: "day" }] });
    assert.equal(errorOf((await paint({ model: "drawer" }, secret)).body).code, "budget_exceeded");
    assert.equal(upstream.requests.length, asked);
  });

  test("come whole or not at all", async () => {
    assert.equal(errorOf((await paint({ stream: true })).body).param, "/stream");
  });
});
