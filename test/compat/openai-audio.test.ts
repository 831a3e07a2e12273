// Audio with the official OpenAI SDK against a whole broker: speech and transcriptions of scripted vendors, the embedded
// voice, and what stands in the ledger afterwards.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI, { toFile } from "openai";
import { readWav } from "../../src/core/audio/wav.ts";
import { mp3Of, wavOf } from "../support/audio.ts";
import { startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient } from "../support/client.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

const MODELS = `
models:
  tiny-broker:
    backends: [{ provider: embedded, model_id: tiny-broker, free: true }]
stt_models:
  whisper-1:
    backends:
      - { provider: groq, model_id: whisper-large-v3, priority: 1, per_hour: 0.111 }
      - { provider: sambanova, model_id: Whisper-Large-v3, priority: 2, free: true }
      - { provider: openai, model_id: whisper-1, priority: 3, per_minute: 0.006 }
  gpt-transcribe:
    backends: [{ provider: openai, model_id: gpt-transcribe, input_cost: 2.5, audio_input_cost: 6, output_cost: 10 }]
tts_models:
  tts-1:
    backends:
      - { provider: openai, model_id: tts-1, priority: 1, per_character: 0.000015 }
      - { provider: embedded, model_id: flite, priority: 2, free: true }
  flite:
    backends: [{ provider: embedded, model_id: flite, free: true }]
`;

const WAV = wavOf(2);
const SEGMENTS = [
  { id: 0, start: 0, end: 1.2, text: " Hello" },
  { id: 1, start: 1.2, end: 2, text: " there." },
];

let broker: TestBroker;
let vendor: Upstream;
let client: OpenAI;
let seen = 0;

before(async () => {
  vendor = await createUpstream();
  const url = (name: string): string => `${vendor.url}/${name}/v1`;
  broker = await startBroker(
    {
      ...{ OPENAI_API_KEY: "sk-upstream-0001", OPENAI_BASE_URL: url("openai") },
      ...{ GROQ_API_KEY: "gsk-upstream-0002", GROQ_BASE_URL: url("groq") },
      ...{ SAMBANOVA_API_KEY: "sn-upstream-0003", SAMBANOVA_BASE_URL: url("sambanova") },
    },
    MODELS,
  );
  client = new OpenAI({ baseURL: `${broker.url}/v1`, apiKey: "not-needed", maxRetries: 0 });
});
after(async () => {
  await broker.stop();
  await vendor.close();
});
beforeEach(() => {
  seen = broker.rows().length;
  broker.app.reload(); // what one test does to a vendor's name must not show in the next
});

const newRows = () => broker.rows().slice(seen);
const wav = () => toFile(WAV, "hello.wav", { type: "audio/wav" });
const lastForm = async () => {
  const { body, headers } = vendor.requests.at(-1)!;
  return new Response(body, { headers: { "content-type": headers["content-type"] ?? "" } }).formData();
};

describe("speech", () => {
  test("arrives as it comes, and costs what its characters cost", async () => {
    const rest = Promise.withResolvers<void>();
    vendor.script({ headers: { "content-type": "audio/mpeg" }, pieces: ["ID3-first", rest.promise, "-second"] });
    const answer = await client.audio.speech.create({
      model: "tts-1",
      voice: "nova",
      input: "Hello, 世界!",
      speed: 1.25,
    });
    assert.equal(answer.headers.get("content-type"), "audio/mpeg");
    assert.equal(answer.headers.get("x-broker-provider"), "openai");
    const reader = (answer.body as unknown as ReadableStream<Uint8Array>).getReader();
    assert.equal(Buffer.from((await reader.read()).value!).toString(), "ID3-first");
    rest.resolve();
    assert.equal(Buffer.from((await reader.read()).value!).toString(), "-second");
    assert.equal((await reader.read()).done, true);
    assert.deepEqual(vendor.requests.at(-1)?.json(), {
      model: "tts-1",
      voice: "nova",
      input: "Hello, 世界!",
      speed: 1.25,
    });
    const [row] = newRows();
    assert.deepEqual(
      [row?.method, row?.status, row?.characters, row?.cost_nano_usd, row?.usage_source],
      ["audio.speech.create", "ok", 10, 150_000, "provider"],
    );
  });

  test("falls back to the embedded voice where the format allows it; none named means what the voice has", async () => {
    vendor.script({ status: 503, json: {} }, { status: 503, json: {} });
    for (const params of [{ response_format: "wav" as const }, {}]) {
      const answer = await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hello!", ...params });
      assert.equal(answer.headers.get("x-broker-provider"), "embedded");
      assert.equal(answer.headers.get("content-type"), "audio/wav");
      assert.ok((readWav(new Uint8Array(await answer.arrayBuffer()))?.seconds ?? 0) > 0.3);
    }
    assert.deepEqual(
      newRows().map((row) => [row.characters, row.cost_nano_usd, row.attempts]),
      [
        [6, 0, 2],
        [6, 0, 2],
      ],
    );
  });

  test("passes over what can't give the format, and says so where nobody can", async () => {
    vendor.script({
      status: 400,
      json: { error: { message: "bad voice", type: "invalid_request_error", param: "voice" } },
    });
    await assert.rejects(
      client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hi", response_format: "opus" }),
      (error) => error instanceof OpenAI.BadRequestError && /bad voice/.test(error.message) && error.param === "voice",
    );
    await assert.rejects(
      client.audio.speech.create({ model: "flite", voice: "alloy", input: "Hi", response_format: "mp3" }),
      (error) =>
        error instanceof OpenAI.BadRequestError &&
        error.code === "capability_missing" &&
        error.param === "response_format",
    );
    for (const row of newRows()) assert.deepEqual([row.status, row.cost_nano_usd, row.characters], ["error", 0, null]);
  });

  test("that is cut never looks complete, and is billed", async () => {
    vendor.script({ headers: { "content-type": "audio/mpeg" }, pieces: ["ID3"], ending: "destroy" });
    const answer = await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hello" });
    await assert.rejects(answer.arrayBuffer());
    const [row] = newRows();
    assert.deepEqual([row?.status, row?.error_kind, row?.cost_nano_usd], ["error", "stream_cut", 75_000]);
  });

  test("bad input is refused before anybody is asked", async () => {
    const asked = vendor.requests.length;
    for (const params of [
      { input: "" },
      { input: "x".repeat(4_097) },
      { speed: 9 },
      { response_format: "midi" },
      { model: undefined },
    ]) {
      await assert.rejects(
        client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Hi", ...params } as never),
        OpenAI.BadRequestError,
      );
    }
    await assert.rejects(
      client.audio.speech.create({ model: "nope", voice: "alloy", input: "Hi" }),
      OpenAI.NotFoundError,
    );
    assert.equal(vendor.requests.length, asked);
    assert.deepEqual(
      newRows().map((row) => row.cost_nano_usd),
      [0],
    );
  });

  test("over JSON-RPC is base64, whole or in pieces", async () => {
    const rpc = await connectClient(broker.socketPath);
    try {
      const answer = { headers: { "content-type": "audio/mpeg" }, pieces: ["ID3", "more"] };
      vendor.script(answer, answer);
      const params = { model: "tts-1", input: "Hello" };
      const whole = (await rpc.call("audio.speech.create", params)).result;
      assert.deepEqual(whole, {
        content_type: "audio/mpeg",
        audio: Buffer.from("ID3more").toString("base64"),
        usage: { characters: 5, cost: 0.000075 },
      });
      const parts: string[] = [];
      const told = (value: unknown) => void parts.push((value as { audio: string }).audio);
      const streamed = (await rpc.call("audio.speech.create", { ...params, stream: true }, told)).result;
      assert.equal(Buffer.concat(parts.map((part) => Buffer.from(part, "base64"))).toString(), "ID3more");
      assert.deepEqual(streamed, { content_type: "audio/mpeg", usage: { characters: 5, cost: 0.000075 } });
    } finally {
      rpc.close();
    }
  });
});

describe("transcriptions", () => {
  test("fall back Groq, SambaNova, OpenAI, each by its own name of the model", async () => {
    vendor.script({ status: 429, json: {} }, { status: 500, json: {} }, { json: { text: "Hello there." } });
    const { data, response } = await client.audio.transcriptions
      .create({ model: "whisper-1", file: await wav(), language: "en", temperature: 0 })
      .withResponse();
    assert.equal(data.text, "Hello there.");
    assert.equal(response.headers.get("x-broker-provider"), "openai");
    assert.equal(response.headers.get("x-broker-attempts"), "3");
    assert.equal(response.headers.get("x-broker-cost"), "0.0002");
    const sent = vendor.requests.slice(-3);
    assert.deepEqual(
      sent.map(({ path }) => path),
      ["groq", "sambanova", "openai"].map((name) => `/${name}/v1/audio/transcriptions`),
    );
    for (const [at, model] of ["whisper-large-v3", "Whisper-Large-v3", "whisper-1"].entries()) {
      assert.match(sent[at]!.body, new RegExp(`name="model"\r\n\r\n${model}\r\n`));
    }
    const [row] = newRows();
    assert.deepEqual([row?.audio_seconds, row?.cost_nano_usd, row?.provider, row?.attempts], [2, 200_000, "openai", 3]);
  });

  test("text, srt and vtt are made here of what every backend can give", async () => {
    const answer = { json: { text: "Hello there.", duration: 2, segments: SEGMENTS } };
    vendor.script(answer, answer, answer);
    const make = async (response_format: "text" | "srt" | "vtt") =>
      (await client.audio.transcriptions.create({ model: "whisper-1", file: await wav(), response_format })) as unknown;
    assert.equal(await make("text"), "Hello there.");
    assert.equal((await lastForm()).get("response_format"), "json");
    assert.equal(
      await make("srt"),
      "1\n00:00:00,000 --> 00:00:01,200\nHello\n\n2\n00:00:01,200 --> 00:00:02,000\nthere.\n\n",
    );
    assert.equal((await lastForm()).get("response_format"), "verbose_json");
    assert.equal(
      await make("vtt"),
      "WEBVTT\n\n00:00:00.000 --> 00:00:01.200\nHello\n\n00:00:01.200 --> 00:00:02.000\nthere.\n\n",
    );
    assert.equal(newRows().length, 3);
  });

  test("verbose_json keeps all that the provider says, and costs by its duration", async () => {
    const words = [{ word: "Hello", start: 0, end: 1 }];
    vendor.script({
      json: { task: "transcribe", language: "english", duration: 36, text: "Hello", words, segments: SEGMENTS },
    });
    const answer = await client.audio.transcriptions.create({
      model: "whisper-1",
      file: await wav(),
      response_format: "verbose_json",
      timestamp_granularities: ["word", "segment"],
    });
    assert.deepEqual(
      [answer.language, answer.duration, answer.words, answer.segments],
      ["english", 36, words, SEGMENTS],
    );
    assert.deepEqual((await lastForm()).getAll("timestamp_granularities[]"), ["word", "segment"]);
    const [row] = newRows();
    assert.deepEqual([row?.audio_seconds, row?.cost_nano_usd, row?.usage_source], [36, 1_110_000, "provider"]);
  });

  test("of models that are billed by tokens cost what their tokens cost", async () => {
    const usage = {
      type: "tokens",
      input_tokens: 30,
      input_token_details: { text_tokens: 10, audio_tokens: 20 },
      output_tokens: 5,
      total_tokens: 35,
    };
    vendor.script({ json: { text: "Hello", usage } });
    const answer = await client.audio.transcriptions.create({ model: "gpt-transcribe", file: await wav() });
    assert.equal((answer.usage as { type?: string }).type, "tokens");
    const [row] = newRows();
    assert.equal(row?.cost_nano_usd, 20 * 6_000 + 10 * 2_500 + 5 * 10_000);
  });

  test("translations go to their own path", async () => {
    vendor.script({ json: { text: "Good day" } });
    const { text } = await client.audio.translations.create({
      model: "whisper-1",
      file: await toFile(mp3Of(100), "tag.mp3"),
    });
    assert.equal(text, "Good day");
    assert.equal(vendor.requests.at(-1)?.path, "/groq/v1/audio/translations");
    const [row] = newRows();
    assert.deepEqual([row?.method, row?.audio_seconds], ["audio.translations.create", 2.612]);
  });

  test("a wrong name and type of a real recording are put right", async () => {
    vendor.script({ json: { text: "Hello" } });
    await client.audio.transcriptions.create({
      model: "whisper-1",
      file: await toFile(WAV, "x.txt", { type: "text/plain" }),
    });
    const file = (await lastForm()).get("file") as File;
    assert.deepEqual([file.name, file.type], ["x.txt.wav", "audio/wav"]);
  });

  test("bad files and params are refused before anybody is asked, and nothing is billed", async () => {
    const asked = vendor.requests.length;
    const bad = async (params: object, status: number, param: RegExp) =>
      assert.rejects(
        client.audio.transcriptions.create({ model: "whisper-1", file: await wav(), ...params } as never),
        (error) => error instanceof OpenAI.APIError && error.status === status && param.test(error.param ?? ""),
        JSON.stringify(Object.keys(params)),
      );
    await bad({ file: await toFile(Buffer.from("no audio"), "hello.wav", { type: "audio/wav" }) }, 400, /file/);
    await bad({ file: await toFile(Buffer.alloc(0), "hello.wav") }, 400, /file/);
    await bad({ file: undefined }, 400, /file/);
    await bad({ model: undefined }, 400, /model/);
    await bad({ response_format: "docx" }, 400, /response_format/);
    await bad({ temperature: "hot" }, 400, /temperature/);
    await bad({ file: await toFile(Buffer.concat([WAV, Buffer.alloc(26 * 1024 * 1024)]), "long.wav") }, 413, /file|^$/);
    assert.equal(vendor.requests.length, asked);
    assert.deepEqual(newRows(), []);
  });

  test("a file of just under the bound goes through", async () => {
    vendor.script({ json: { text: "long" } });
    const file = await toFile(Buffer.concat([WAV, Buffer.alloc(24 * 1024 * 1024)]), "long.wav");
    assert.equal((await client.audio.transcriptions.create({ model: "whisper-1", file })).text, "long");
  });

  test("over JSON-RPC the file is base64", async () => {
    const rpc = await connectClient(broker.socketPath);
    try {
      vendor.script({ json: { text: "Hello", segments: SEGMENTS, duration: 2 } });
      const params = { model: "whisper-1", file: WAV.toString("base64"), response_format: "srt" };
      const { text, usage } = (await rpc.call("audio.transcriptions.create", params)).result ?? {};
      assert.match(String(text), /^1\n00:00:00,000/);
      assert.deepEqual(usage, { type: "duration", seconds: 2, cost: 0.000061667 });
      const { error } = await rpc.call("audio.transcriptions.create", { ...params, file: "%%%" });
      assert.deepEqual([error?.code, error?.data.param], [-32602, "/file"]);
    } finally {
      rpc.close();
    }
  });

  test("a caller who goes away ends the call upstream", async () => {
    const controller = new AbortController();
    const count = vendor.requests.length;
    vendor.script({ before: new Promise(() => {}), json: {} });
    const call = client.audio.transcriptions.create(
      { model: "whisper-1", file: await wav() },
      { signal: controller.signal },
    );
    call.catch(() => {});
    const request = await vendor.request(count);
    controller.abort();
    await assert.rejects(call);
    await request.closed;
  });
});
