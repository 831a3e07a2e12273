// OpenAI's text to speech and speech to text. Speech is handed on as its bytes come; a recording goes up as a form, since
// that is all that vendors take.

import { randomUUID } from "node:crypto";
import { FORMATS, formatOf } from "../../core/audio/format.ts";
import type { Provider, ProviderFailure, TranscriptionAsk, UnitCall } from "../../core/provider.ts";
import type { AudioSpeechCreateParams, Transcription } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";
import type { AnswerBody } from "../exchange.ts";
import { errorInAnswer, garbled, isErrorObject, peerOf } from "../failure.ts";
import { asksOf, type Http } from "../http.ts";
import { headersOf } from "./headers.ts";

/** OpenAI wants one named. */
const USUAL_VOICE = "alloy";
/** Of the bytes, where the server does not tell. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/ogg",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
};
/** Members that are the broker's own, or told in another way. */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...["model", "models", "max_cost", "_meta"],
  ...["file", "filename", "translate", "stream"],
]);

export function openAiAudio(http: Http): Required<Pick<Provider, "speak" | "transcribe">> {
  return {
    async speak(call) {
      const answer = await http.open({
        ...asksOf(call),
        ...{ method: "POST", path: "/audio/speech", headers: headersOf(call.target, "application/json", "*/*") },
        body: speechBody(call),
      });
      const told = String(answer.headers["content-type"] ?? "");
      const contentType = /^(?:audio\/|text\/event-stream)/.test(told) ? told : mediaType(call.params);
      if (told.startsWith("application/json")) throw await hiddenError(call, answer.body);
      const first = await answer.body.read();
      if (first === undefined) throw garbled(peerOf(call.target), "the answer has no audio");
      return { contentType, bytes: bytesOf(first, answer.body) };
    },
    async transcribe(call) {
      const boundary = `aibroker-${randomUUID()}`;
      const { body } = await http.send({
        ...asksOf(call),
        method: "POST",
        path: call.params.translate ? "/audio/translations" : "/audio/transcriptions",
        headers: headersOf(call.target, `multipart/form-data; boundary=${boundary}`, "*/*"),
        body: formOf(call, boundary),
      });
      return transcriptionOf(call, body.toString());
    },
  };
}

/** Members that are null say the same as none, and not every server understands them. */
function speechBody({ params, target }: UnitCall<AudioSpeechCreateParams>): string {
  const own = { model: target.backend.modelId, voice: params.voice ?? USUAL_VOICE };
  const none = { models: undefined, max_cost: undefined, _meta: undefined, stream: undefined };
  return JSON.stringify({ ...params, ...own, ...none }, (_, value) => value ?? undefined);
}

function mediaType({ response_format }: AudioSpeechCreateParams): string {
  return MEDIA_TYPES[response_format ?? "mp3"] ?? "application/octet-stream";
}

async function hiddenError(call: UnitCall<unknown>, body: AnswerBody): Promise<ProviderFailure> {
  const bytes = await body.read();
  body.cancel();
  const value = parseObject(bytes?.toString() ?? "");
  return value && isErrorObject(value)
    ? errorInAnswer(peerOf(call.target), value)
    : garbled(peerOf(call.target), "no audio but JSON");
}

async function* bytesOf(first: Uint8Array, body: AnswerBody): AsyncGenerator<Uint8Array, void, void> {
  let complete = false;
  try {
    for (let bytes: Uint8Array | undefined = first; bytes !== undefined; ) {
      yield bytes;
      const next: Buffer | undefined | Promise<Buffer | undefined> = body.read();
      bytes = next instanceof Promise ? await next : next;
    }
    complete = true;
  } finally {
    if (!complete) body.cancel();
  }
}

/** A form with the file last, so that a server that reads along knows what it is for. */
function formOf({ params, target }: UnitCall<TranscriptionAsk>, boundary: string): Uint8Array {
  let head = field(boundary, "model", target.backend.modelId);
  for (const [name, value] of Object.entries(params)) {
    if (NOT_SENT.has(name) || value === null || value === undefined) continue;
    const list = Array.isArray(value);
    for (const each of (list ? value : [value]) as readonly unknown[]) {
      head += field(
        boundary,
        list ? `${name}[]` : name,
        typeof each === "object" ? JSON.stringify(each) : String(each),
      );
    }
  }
  const format = formatOf(params.file);
  const type = format ? FORMATS[format].mediaType : "application/octet-stream";
  head += `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted(params.filename ?? "audio")}"\r\n`;
  head += `content-type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), params.file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}

function field(boundary: string, name: string, value: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`;
}

/** As browsers write names in forms. */
function quoted(text: string): string {
  return text.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function transcriptionOf(call: UnitCall<unknown>, text: string): Transcription {
  const value = parseObject(text);
  if (value && isErrorObject(value)) throw errorInAnswer(peerOf(call.target), value);
  const answer = value as (Transcription & { duration?: unknown }) | undefined;
  if (typeof answer?.text !== "string") throw garbled(peerOf(call.target), "the answer is not a transcription");
  const { duration, words, segments, language, usage, ...rest } = answer;
  const seconds = Number(duration); // some say it as text
  return {
    ...rest,
    ...(typeof language === "string" ? { language } : undefined),
    ...(duration !== undefined && seconds >= 0 ? { duration: seconds } : undefined),
    ...(Array.isArray(words) ? { words } : undefined),
    ...(Array.isArray(segments) ? { segments } : undefined),
    ...(typeof usage === "object" && usage !== null ? { usage } : undefined),
  };
}
