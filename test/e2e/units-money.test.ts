// Money and time of calls that are one question and one answer (embeddings, speech, transcriptions, images, moderations),
// over real sockets against a scripted vendor, with the rows as the judge.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { wavOf } from "../support/audio.ts";
import { answered, type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import type { UpstreamAnswer } from "../support/upstream.ts";

/** USD: tokens by the million, images by the piece. Both providers are the scripted vendor. */
const MODELS = `
providers:
  slow: { base_url: http://127.0.0.1:9, dialect: openai, auth: none, first_byte_timeout_ms: 100 }
  other: { base_url: http://127.0.0.1:9, dialect: openai, auth: none }
models:
  m: { context_window: 100000, backends: [ { provider: other, model_id: up, input_cost: 1, output_cost: 2 } ] }
embedding_models:
  embedder: { backends: [ { provider: other, model_id: e, input_cost: 2 } ] }
moderation_models:
  judge: { backends: [ { provider: other, model_id: j, input_cost: 10 } ] }
image_models:
  drawer: { backends: [ { provider: other, model_id: d, input_cost: 5, output_cost: 40 } ] }
  painter: { backends: [ { provider: slow, model_id: p, per_image: 0.04 } ] }
  hurried:
    timeouts: { total_ms: 100 }
    backends: [ { provider: other, model_id: h1, per_image: 0.04, priority: 1 }, { provider: slow, model_id: h2, per_image: 0.01, priority: 2 } ]
  impatient: { timeouts: { first_token_ms: 100 }, backends: [ { provider: other, model_id: i, per_image: 0.04 } ] }
  idler: { timeouts: { idle_ms: 100 }, backends: [ { provider: other, model_id: l, per_image: 0.04 } ] }
tts_models:
  voice: { backends: [ { provider: other, model_id: v, input_cost: 0.6, output_cost: 12 } ] }
  prompt_voice: { timeouts: { first_token_ms: 500 }, backends: [ { provider: other, model_id: v2, per_character: 0.001 } ] }
  short_voice: { timeouts: { total_ms: 300 }, backends: [ { provider: other, model_id: v3, per_character: 0.001 } ] }
stt_models:
  scribe: { backends: [ { provider: other, model_id: s, input_cost: 5, output_cost: 10 } ] }
  hurried_scribe: { timeouts: { total_ms: 100 }, backends: [ { provider: other, model_id: s2, input_cost: 5, output_cost: 10 } ] }
`;

let house: MoneyHouse;
let seen = 0;
let asked = 0;
/** Lets go of what the vendor holds back. */
let over: PromiseWithResolvers<void>;

before(async () => {
  house = await openMoneyHouse({}, MODELS, ["SLOW", "OTHER"]);
});
after(() => house.stop());
beforeEach(() => {
  seen = house.broker.rows().length;
  asked = house.upstream.requests.length;
  house.broker.app.reload(); // what one test does to the vendor's health must not show in the next
  house.upstream.fallback(() => ({ status: 500, json: { error: { message: "nothing is scripted" } } }));
  over = Promise.withResolvers();
});
afterEach(() => over.resolve());

const newRows = () => house.broker.rows().slice(seen);
const newRequests = (): number => house.upstream.requests.length - asked;
/** Never answers, as long as the test runs. */
const silence = (): UpstreamAnswer => ({ json: {}, before: over.promise });

async function post(path: string, body: object, secret?: string) {
  const response = await fetch(`${house.broker.url}/v1/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json");
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined };
}

const transcribe = (model: string, seconds: number, more: object = {}) =>
  house.admin.call("audio.transcriptions.create", { model, file: wavOf(seconds).toString("base64"), ...more });

describe("what a vendor says it took", () => {
  const cases: readonly { what: string; told: unknown; tokens: number }[] = [
    { what: "parts of a token are left out", told: 3.5, tokens: 3 },
    { what: "an absurd number is cut to what a row can hold", told: 9e15, tokens: 1e9 },
  ];
  for (const { what, told, tokens } of cases) {
    test(`${what}, of moderations and embeddings, and calls after it are still served`, async () => {
      const usage = { prompt_tokens: told, total_tokens: told };
      house.upstream.script(
        { json: { id: "x", model: "j", results: [{ flagged: false }], usage } },
        { json: { data: [{ index: 0, embedding: [1] }], usage } },
        answered(10, 1),
      );
      const judged = await post("moderations", { model: "judge", input: "hello" });
      assert.equal(judged.status, 200, judged.text);
      assert.equal(judged.body.usage.prompt_tokens, tokens);
      const embedded = await post("embeddings", { model: "embedder", input: "hello" });
      assert.equal(embedded.status, 200, embedded.text);
      const { status } = await house.chat(undefined, { max_tokens: 5 });
      assert.equal(status, 200);
      const rows = newRows();
      assert.equal(rows.length, 3);
      assert.deepEqual([rows[0]?.input_tokens, rows[0]?.cost_nano_usd], [tokens, tokens * 10_000]);
      assert.ok(Number.isSafeInteger(rows[1]?.input_tokens));
    });
  }
});

describe("max_cost", () => {
  const cases: readonly { what: string; path: string; params: object; least: number }[] = [
    { what: "an image", path: "images/generations", params: { model: "drawer", prompt: "a cat" }, least: 0.2496 },
    { what: "two images", path: "images/generations", params: { model: "drawer", prompt: "cat", n: 2 }, least: 0.4992 },
    {
      what: "speech",
      path: "audio/speech",
      params: { model: "voice", voice: "a", input: "word ".repeat(800) },
      least: 0.0672,
    },
    {
      what: "speech by the vendor's name",
      path: "audio/speech",
      params: { model: "other/v", voice: "a", input: "word ".repeat(800) },
      least: 0.0672,
    },
  ];
  for (const { what, path, params, least } of cases) {
    test(`below all of what ${what} may come to is refused before anything is asked`, async () => {
      const { status, body } = await post(path, { ...params, max_cost: least });
      assert.deepEqual([status, body.error.code], [402, "max_cost_exceeded"], "the prompt costs something too");
      assert.equal(newRequests(), 0);
      house.upstream.fallback(() =>
        path === "audio/speech"
          ? { headers: { "content-type": "audio/mpeg" }, pieces: ["ID3"] }
          : { json: { created: 1, data: [{ b64_json: "AA==" }] } },
      );
      const paid = await post(path, { ...params, max_cost: least + 0.002 });
      assert.equal(paid.status, 200, paid.text);
    });
  }

  test("below what a transcription may come to is refused before anything is asked", async () => {
    // 10 seconds: 100 tokens in and 60 out.
    const { error } = await transcribe("scribe", 10, { max_cost: 0.001 });
    assert.equal(error?.data.kind, "max_cost_exceeded", JSON.stringify(error));
    house.upstream.script({ json: { text: "hello" } });
    const { result } = await transcribe("scribe", 10, { max_cost: 0.0012 });
    assert.equal(result?.text, "hello");
    assert.equal(newRequests(), 1);
  });
});

describe("an answer that does not come in time", () => {
  test("may have been billed: all that was asked counts", async () => {
    house.upstream.fallback(silence);
    const { status, body } = await post("images/generations", {
      model: "painter",
      prompt: "cat",
      n: 10,
      max_cost: 0.5,
    });
    assert.deepEqual([status, body.error.code], [504, "provider_timeout"]);
    assert.equal(newRequests(), 1);
    const [row] = newRows();
    assert.deepEqual([row?.cost_nano_usd, row?.usage_source, row?.attempts], [400_000_000, "estimated", 1]);
  });

  test("counts at its own price beside the one that came instead", async () => {
    house.upstream.script(silence(), { json: { created: 1, data: [{ b64_json: "AA==" }] } });
    const { status, body } = await post("images/generations", { model: "hurried", prompt: "cat" });
    assert.equal(status, 200);
    assert.equal(body.usage.cost, 0.05);
    const [row] = newRows();
    assert.deepEqual(
      [row?.cost_nano_usd, row?.usage_source, row?.attempts, row?.provider],
      [50_000_000, "estimated", 2, "slow"],
    );
  });

  test("leaves the next backend what max_cost still pays for", async () => {
    // The first one costs 0.04, the second one 0.01.
    for (const [max_cost, attempts] of [
      [0.045, 1],
      [0.055, 2],
    ] as const) {
      house.broker.app.reload();
      house.upstream.fallback(silence);
      const { status } = await post("images/generations", { model: "hurried", prompt: "cat", max_cost });
      assert.equal(status, 504);
      const row = newRows().at(-1);
      assert.equal(row?.attempts, attempts, `max_cost ${max_cost}`);
      assert.ok(Number(row?.cost_nano_usd) <= max_cost * 1e9);
    }
  });

  test("is taken from the budget", async () => {
    const { id, secret } = await house.createKey({ budgets: [{ usd: 1, period: "total" }] });
    house.upstream.fallback(silence);
    const { status } = await post("images/generations", { model: "impatient", prompt: "cat" }, secret);
    assert.equal(status, 504);
    const { result } = await house.admin.call("keys.retrieve", { key: id });
    const [budget] = (result?.budgets ?? []) as { spent: number; held: number }[];
    assert.deepEqual([budget?.spent, budget?.held], [0.04, 0]);
  });

  test("counts a transcription with all that would have been written", async () => {
    house.upstream.fallback(silence);
    const { error } = await transcribe("hurried_scribe", 10, { max_cost: 0.0012 });
    assert.equal(error?.data.kind, "provider_timeout");
    const [row] = newRows();
    assert.deepEqual([row?.audio_seconds, row?.cost_nano_usd, row?.attempts], [10, 100 * 5_000 + 60 * 10_000, 1]);
  });

  test("a refusal costs nothing", async () => {
    house.upstream.fallback(() => ({ status: 400, json: { error: { message: "no cats" } } }));
    assert.equal((await post("images/generations", { model: "painter", prompt: "cat" })).status, 400);
    assert.deepEqual([newRows()[0]?.usage_source, newRows()[0]?.cost_nano_usd], ["none", 0]);
  });
});

describe("a model's own timeouts", () => {
  const never: readonly { model: string; what: string; answer: () => UpstreamAnswer }[] = [
    { model: "hurried", what: "total_ms", answer: silence },
    { model: "impatient", what: "first_token_ms", answer: silence },
    { model: "idler", what: "idle_ms", answer: () => ({ pieces: ['{"data":'], ending: "hang" }) },
  ];
  for (const { model, what, answer } of never) {
    test(`${what} ends a call of another kind than chat too`, async () => {
      house.upstream.fallback(answer);
      const request = { model, prompt: "cat", max_cost: 0.07 };
      const { status, body } = await post("images/generations", request);
      assert.deepEqual([status, body.error.code], [504, "provider_timeout"]);
    });
  }

  const twoPieces = (ms: number): UpstreamAnswer => ({
    headers: { "content-type": "audio/mpeg" },
    pieces: ["ID3", ms, "-rest"],
  });

  test("first_token_ms is the time to the first byte, not to the last", async () => {
    house.upstream.fallback(() => twoPieces(900));
    const streamed = await post("audio/speech", { model: "prompt_voice", voice: "a", input: "hi" });
    assert.deepEqual([streamed.status, streamed.text], [200, "ID3-rest"]);
    const whole = await house.admin.call("audio.speech.create", { model: "prompt_voice", voice: "a", input: "hi" });
    assert.ok(whole.result, JSON.stringify(whole.error));
    assert.deepEqual(
      newRows().map(({ cost_nano_usd, attempts }) => [cost_nano_usd, attempts]),
      [
        [2_000_000, 1],
        [2_000_000, 1],
      ],
    );
  });

  test("total_ms cuts speech that goes on, which is paid for once", async () => {
    house.upstream.fallback(() => ({ ...twoPieces(0), ending: "hang" }));
    await post("audio/speech", { model: "short_voice", voice: "a", input: "hi" }).catch(() => undefined);
    const [row, ...more] = newRows();
    assert.deepEqual(
      [row?.status, row?.error_kind, row?.cost_nano_usd, row?.attempts],
      ["error", "stream_cut", 2_000_000, 1],
    );
    assert.equal(more.length, 0);
  });
});
