// The official OpenAI SDK, unmodified but for its base URL, asking for vectors, moderations and images: over TCP and over
// the Unix socket, from a scripted vendor and from the embedded model. It asks base64 by default and decodes it itself.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI from "openai";
import { Agent, fetch as undiciFetch } from "undici";
import { toBase64 } from "../../src/core/embedding.ts";
import { type Row, startBroker, type TestBroker } from "../support/broker.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

const MODELS = `
models: {}
embedding_models:
  small:
    dimensions: 3
    backends:
      - { provider: openai, model_id: up-small, priority: 1, input_cost: 0.02 }
      - { provider: groq, model_id: other-small, priority: 2, input_cost: 0.01 }
  use-lite:
    dimensions: 512
    backends: [{ provider: embedded, model_id: use-lite, free: true }]
moderation_models:
  omni-moderation-latest:
    backends: [{ provider: openai, model_id: omni-moderation-latest, free: true }]
image_models:
  gpt-image-1:
    backends: [{ provider: openai, model_id: gpt-image-1, per_image: 0.04 }]
`;

let broker: TestBroker;
let bare: TestBroker;
let vendor: Upstream;
let client: OpenAI;
let seen = 0;

before(async () => {
  vendor = await createUpstream();
  const keys = { OPENAI_API_KEY: "sk-up-1", GROQ_API_KEY: "gsk-up-2" };
  broker = await startBroker({ ...keys, OPENAI_BASE_URL: vendor.url, GROQ_BASE_URL: vendor.url }, MODELS);
  bare = await startBroker();
  client = clientOf(broker);
});
after(async () => {
  await broker.stop();
  await bare.stop();
  await vendor.close();
});
beforeEach(() => {
  seen = broker.rows().length;
  broker.app.reload();
});

const clientOf = ({ url }: TestBroker): OpenAI =>
  new OpenAI({ baseURL: `${url}/v1`, apiKey: "not-needed", maxRetries: 0 });
const newRows = (): Row[] => broker.rows().slice(seen);
const answer = (vectors: unknown[], tokens: number) => ({
  json: {
    object: "list",
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
    model: "up-small",
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  },
});

describe("vectors of a vendor", () => {
  test("are numbers for the caller, by default and when asked for, and base64 when asked for", async () => {
    const numbers = [0.5, -1, 0.25];
    const base64 = toBase64(numbers);
    vendor.script(answer([base64], 7), answer([numbers], 7), answer([base64], 7));
    const ask = { model: "small", input: "Hello!" };
    const plain = await client.embeddings.create(ask);
    assert.deepEqual(plain.data[0]?.embedding, numbers);
    assert.deepEqual([plain.usage.prompt_tokens, (plain.usage as unknown as { cost: number }).cost], [7, 1.4e-7]);
    const floats = await client.embeddings.create({ ...ask, encoding_format: "float" });
    assert.deepEqual(floats.data[0]?.embedding, numbers);
    const coded = await client.embeddings.create({ ...ask, encoding_format: "base64" });
    assert.equal(coded.data[0]?.embedding as unknown, base64);
    assert.deepEqual(
      newRows().map((row) => [row.method, row.model, row.model_id, row.input_tokens, row.cost_nano_usd]),
      Array(3).fill(["embeddings.create", "small", "up-small", 7, 140]),
    );
  });

  test("of a batch come in its order, from the next backend when the first gives too few", async () => {
    vendor.script(answer([[1, 1, 1]], 9), answer([[1, 1, 1], toBase64([2, 2, 2])], 9));
    const { data, response } = await client.embeddings
      .create({ model: "small", input: ["a", "b"], dimensions: 3 })
      .withResponse();
    assert.deepEqual(
      data.data.map(({ index, embedding }) => [index, ...embedding]),
      [
        [0, 1, 1, 1],
        [1, 2, 2, 2],
      ],
    );
    assert.equal(response.headers.get("x-broker-provider"), "groq");
    assert.equal(response.headers.get("x-broker-attempts"), "2");
    assert.deepEqual([newRows().length, newRows()[0]?.provider], [1, "groq"]);
  });

  test("of tokens are asked for as they are", async () => {
    vendor.script(answer([[1, 1, 1]], 3));
    await client.embeddings.create({ model: "small", input: [1, 2, 3] });
    assert.deepEqual(vendor.requests.at(-1)?.json(), {
      model: "up-small",
      input: [1, 2, 3],
      encoding_format: "base64",
    });
  });

  test("are refused with OpenAI's errors, and nothing is asked or billed", async () => {
    const asked = vendor.requests.length;
    const bad: [object, new (...args: never[]) => InstanceType<typeof OpenAI.APIError>, string][] = [
      [{ input: Array(2049).fill("a") }, OpenAI.BadRequestError, "/input"],
      [{ input: ["a", ""] }, OpenAI.BadRequestError, "/input/1"],
      [{ input: "" }, OpenAI.BadRequestError, "/input"],
      [{ input: "a", dimensions: 4 }, OpenAI.BadRequestError, "/dimensions"],
      [{ input: "a", model: "nobody" }, OpenAI.NotFoundError, "model"],
    ];
    for (const [params, kind, param] of bad) {
      const ask = { model: "small", ...params } as OpenAI.EmbeddingCreateParams;
      await assert.rejects(client.embeddings.create(ask), (error: unknown) => {
        assert.ok(error instanceof kind, String(error));
        assert.equal(error.param, param);
        return true;
      });
    }
    assert.equal(vendor.requests.length, asked);
    assert.ok(newRows().every((row) => row.cost_nano_usd === 0));
  });

  test("that are not waited for are asked for no longer", async () => {
    vendor.script({ ...answer([[1, 1, 1]], 1), before: new Promise(() => {}) });
    const number = vendor.requests.length;
    const hangUp = new AbortController();
    const work = client.embeddings.create({ model: "small", input: "a" }, { signal: hangUp.signal });
    const asked = await vendor.request(number);
    hangUp.abort();
    await assert.rejects(work, OpenAI.APIUserAbortError);
    await asked.closed;
  });
});

describe("vectors of the embedded model", () => {
  test("need no key, and come over the Unix socket as well", async () => {
    const agent = new Agent({ connect: { socketPath: broker.socketPath } });
    try {
      const fetch = (url: unknown, init: object = {}) => undiciFetch(url as string, { ...init, dispatcher: agent });
      const local = new OpenAI({
        ...{ baseURL: "http://localhost/v1", apiKey: "not-needed", maxRetries: 0 },
        fetch: fetch as unknown as typeof globalThis.fetch,
      });
      const input = ["The stock market fell.", "Shares plunged.", "A recipe for banana bread"];
      const [near, tcp] = await Promise.all(
        [local, client].map((each) => each.embeddings.create({ model: "use-lite", input })),
      );
      assert.deepEqual(near?.data, tcp?.data);
      const [a = [], b = [], c = []] = near?.data.map(({ embedding }) => embedding) ?? [];
      const likeness = (other: number[]): number => a.reduce((sum, x, i) => sum + x * (other[i] ?? 0), 0);
      assert.equal(a.length, 512);
      assert.ok(likeness(b) > likeness(c) + 0.3, `${likeness(b)} ${likeness(c)}`);
      assert.ok((near?.usage.prompt_tokens ?? 0) > 10);
      assert.deepEqual(
        newRows().map((row) => [row.provider, row.cost_nano_usd, row.usage_source]),
        Array(2).fill(["embedded", 0, "provider"]),
      );
    } finally {
      await agent.close();
    }
  });

  test("are not made of tokens, and not of texts that are too long", async () => {
    for (const [input, code] of [
      [[1, 2, 3], "provider_rejected"],
      ["word ".repeat(1000), "context_length_exceeded"],
    ] as const) {
      await assert.rejects(
        client.embeddings.create({ model: "use-lite", input: input as string }),
        (error: unknown) => error instanceof OpenAI.BadRequestError && error.code === code && error.param === "/input",
      );
    }
  });
});

describe("moderations and images", () => {
  test("go to the model that is configured, named or not", async () => {
    const verdict = { id: "modr-1", model: "omni-moderation-latest", results: [{ flagged: true, categories: {} }] };
    vendor.script({ json: verdict }, { json: { created: 7, data: [{ url: "https://example.com/cat.png" }] } });
    const moderation = await client.moderations.create({ input: "Hello" });
    assert.equal(moderation.results[0]?.flagged, true);
    const images = await client.images.generate({ model: "gpt-image-1", prompt: "A cat" });
    assert.equal(images.data?.[0]?.url, "https://example.com/cat.png");
    assert.deepEqual(
      newRows().map((row) => [row.method, row.model, row.cost_nano_usd]),
      [
        ["moderations.create", "omni-moderation-latest", 0],
        ["images.generations.create", "gpt-image-1", 40_000_000],
      ],
    );
  });

  test("leave what is no text to the vendor to refuse, unbilled", async () => {
    vendor.script({ status: 400, json: { error: { message: "no text", type: "invalid_request_error" } } });
    const input = [{ type: "text", text: { toString: 1 } }] as never;
    await assert.rejects(client.moderations.create({ input }), OpenAI.BadRequestError);
    assert.deepEqual(
      newRows().map((row) => [row.status, row.input_tokens, row.cost_nano_usd]),
      [["error", 0, 0]],
    );
  });

  test("are told to be missing where no model is configured", async () => {
    const none = clientOf(bare);
    const missing = (error: unknown): boolean =>
      error instanceof OpenAI.APIError && error.status === 501 && error.code === "model_kind_unavailable";
    await assert.rejects(none.moderations.create({ input: "Hello" }), missing);
    await assert.rejects(none.images.generate({ prompt: "A cat" }), missing);
  });
});

describe("the list of models", () => {
  test("shows every kind, those that chat first", async () => {
    const kinds: string[] = [];
    for await (const model of clientOf(bare).models.list()) kinds.push((model as unknown as { kind: string }).kind);
    const distinct = kinds.filter((kind, index) => kinds[index - 1] !== kind);
    assert.deepEqual(distinct, ["chat", "embedding", "transcription", "speech"]);
    assert.equal((await client.models.retrieve("use-lite")).id, "use-lite");
    assert.equal(((await client.models.retrieve("gpt-image-1")) as unknown as { kind: string }).kind, "image");
  });
});
