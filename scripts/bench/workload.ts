// What the driver asks and what a right answer is: one chat completion of 1.4 KB, the same as a stream, one RPC call.

import type { Check } from "./drive-http.ts";
import { postBytes } from "./http-wire.ts";

const SYSTEM =
  "You are a careful assistant. Answer in one paragraph, in plain words, without lists and without headings. ";
const QUESTION = "Tell me, step by step, why the sky is blue at noon and red at dusk. ";

const chatParams = {
  model: "mock",
  messages: [
    { role: "system", content: SYSTEM.repeat(4) },
    { role: "user", content: QUESTION.repeat(11) },
  ],
  temperature: 0.2,
  max_tokens: 400,
};

/** A non-streaming chat completion. */
export function chatRequest(headers: readonly string[]): Buffer {
  return postBytes("/v1/chat/completions", headers, JSON.stringify(chatParams));
}

/** The same as a stream of so many content chunks; it asks for usage, so that every target forwards the same events. */
export function streamRequest(headers: readonly string[], chunks: number, intervalMs: number): Buffer {
  const stream = { stream: true, stream_options: { include_usage: true }, user: `mock-stream-${chunks}-${intervalMs}` };
  return postBytes("/v1/chat/completions", headers, JSON.stringify({ ...chatParams, ...stream }));
}

export function rpcRequest(headers: readonly string[]): Buffer {
  return postBytes("/rpc", headers, '{"jsonrpc":"2.0","id":1000001,"method":"models.list","params":{}}');
}

const CLOSING_BRACE = 0x7d;
const ANSWER_END = Buffer.from("END-OF-ANSWER");
const ANSWER_BYTES = 900;

interface Completion {
  error?: unknown;
  choices?: { finish_reason?: string; message?: { content?: string } }[];
  usage?: { total_tokens?: number };
}

/** Looks at status, length, the mock's last words and the end; parses the first answer and one in 256. */
export function chatCheck(): Check {
  let seen = 0;
  return (status, body) => {
    const last = body[body.length - 1];
    const whole = status === 200 && body.length > ANSWER_BYTES && last === CLOSING_BRACE && body.includes(ANSWER_END);
    if (!whole) return `status ${status}: ${body.toString("utf8", 0, 200)}`;
    if ((seen++ & 255) !== 0) return null;
    const { error, choices, usage } = JSON.parse(body.toString("utf8")) as Completion;
    const right = error === undefined && choices?.[0]?.finish_reason === "stop" && usage?.total_tokens === 490;
    return right ? null : `not the mock's answer: ${body.toString("utf8", 0, 200)}`;
  };
}

/** The first answer is parsed; later ones must be the same bytes, or parse to a result as well. */
export function rpcCheck(): Check {
  let first: Buffer | null = null;
  return (status, body) => {
    if (status === 200 && first !== null && first.equals(body)) return null;
    const reply = JSON.parse(body.toString("utf8")) as { id?: unknown; error?: unknown; result?: { data?: unknown } };
    const right =
      status === 200 && reply.id === 1000001 && reply.error === undefined && Array.isArray(reply.result?.data);
    if (!right) return `status ${status}: ${body.toString("utf8", 0, 200)}`;
    first ??= Buffer.from(body);
    return null;
  };
}
