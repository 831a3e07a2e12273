// The mock upstream: OpenAI's POST /v1/chat/completions over plain node:http, in a process of its own.
// A stream's pace is in the request's `user` member, `mock-stream-<chunks>-<intervalMs>`; interval 0 floods, one chunk
// a write. Paced chunks carry the monotonic clock in their content, so that a driver on this machine sees their delay.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { announce } from "./baselines/announce.ts";

const HEAD = '"object":"chat.completion.chunk","created":1763683200,"model":"mock","system_fingerprint":"fp_b3nch"';
const STAMP_DIGITS = 16;
const USAGE =
  '{"prompt_tokens":310,"completion_tokens":180,"total_tokens":490,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}';

const answer = Buffer.from(
  `{"id":"chatcmpl-bench0001","object":"chat.completion","created":1763683200,"model":"mock","choices":[{"index":0,` +
    `"message":{"role":"assistant","content":"${"The quick brown fox answers. ".repeat(18)}END-OF-ANSWER","refusal":null,"annotations":[]},` +
    `"logprobs":null,"finish_reason":"stop"}],"usage":${USAGE},"service_tier":"default","system_fingerprint":"fp_b3nch"}`,
);
const answerHead = [
  "content-type",
  "application/json",
  "content-length",
  String(answer.length),
  "openai-processing-ms",
  "1",
];
const streamHead = [
  "content-type",
  "text/event-stream; charset=utf-8",
  "cache-control",
  "no-cache",
  "openai-processing-ms",
  "1",
];

interface Stream {
  response: ServerResponse;
  id: string;
  /** `,"usage":null` on every chunk when usage was asked for, as OpenAI does. */
  usage: string;
  left: number;
}

let requests = 0;
let streams = 0;

function chunk(stream: Stream, delta: string, finish = "null"): string {
  const choice = `{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}`;
  return `data: {"id":"${stream.id}",${HEAD},"choices":[${choice}]${stream.usage}}\n\n`;
}

function stamped(stream: Stream, stamp: string): string {
  return chunk(stream, `{"content":"@${stamp}@ lorem"}`);
}

function nowStamp(): string {
  const [seconds, nanoseconds] = process.hrtime();
  return String(seconds * 1e9 + nanoseconds).padStart(STAMP_DIGITS, "0");
}

function finish(stream: Stream): void {
  const usage = stream.usage === "" ? "" : `data: {"id":"${stream.id}",${HEAD},"choices":[],"usage":${USAGE}}\n\n`;
  stream.response.end(`${chunk(stream, "{}", '"stop"')}${usage}data: [DONE]\n\n`);
}

function pace(stream: Stream, intervalMs: number): void {
  const tick = (): void => {
    if (stream.left-- > 0) stream.response.write(stamped(stream, nowStamp()));
    if (stream.left > 0) return;
    clearInterval(timer);
    finish(stream);
  };
  const timer = setInterval(tick, intervalMs);
  stream.response.once("close", () => clearInterval(timer));
  tick();
}

/** Frames each chunk itself and writes to the socket, since node:http would join the writes of one turn. */
function flood(stream: Stream): void {
  const { response } = stream;
  const socket = response.socket;
  if (socket === null) return;
  response.flushHeaders();
  const event = stamped(stream, "0".repeat(STAMP_DIGITS));
  const framed = Buffer.from(`${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`);
  const turn = (): void => {
    if (socket.destroyed) return;
    if (stream.left-- <= 0) finish(stream);
    else if (socket.write(framed)) setImmediate(turn);
    else socket.once("drain", turn);
  };
  setImmediate(turn);
}

function serveStream(body: string, response: ServerResponse): void {
  const request = JSON.parse(body) as { user?: string; stream_options?: { include_usage?: boolean } };
  const [chunks = 20, intervalMs = 0] = (request.user ?? "").replace("mock-stream-", "").split("-").map(Number);
  const stream: Stream = {
    response,
    id: `chatcmpl-${String(++streams).padStart(10, "0")}`,
    usage: request.stream_options?.include_usage === true ? ',"usage":null' : "",
    left: chunks,
  };
  response.writeHead(200, streamHead);
  response.write(chunk(stream, '{"role":"assistant","content":"","refusal":null}'));
  if (intervalMs > 0) pace(stream, intervalMs);
  else flood(stream);
}

function refusal(message: string): string {
  return JSON.stringify({ error: { message, type: "invalid_request_error", param: null, code: null } });
}

/** One request in 64 is parsed and looked into; the others are checked for their ends only, to stay cheap. */
function wanted(body: Buffer): boolean {
  if (body[0] !== 0x7b || body[body.length - 1] !== 0x7d) return false;
  if ((requests++ & 63) !== 0) return true;
  const { model, messages } = JSON.parse(body.toString("utf8")) as { model?: unknown; messages?: unknown[] };
  return model === "mock" && messages?.length === 2;
}

function serveBody(body: Buffer, response: ServerResponse): void {
  if (!wanted(body)) {
    response.writeHead(400, ["content-type", "application/json"]);
    response.end(refusal("not the request of the bench"));
  } else if (body.includes('"stream":true')) {
    serveStream(body.toString("utf8"), response);
  } else {
    response.writeHead(200, answerHead);
    response.end(answer);
  }
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "POST" || request.url !== "/v1/chat/completions") {
    request.resume();
    response.writeHead(404, ["content-type", "application/json"]);
    response.end(refusal("no such route"));
    return;
  }
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => serveBody(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts), response));
}

const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, serve);
server.listen(0, "127.0.0.1", 1024, () => announce(server));
