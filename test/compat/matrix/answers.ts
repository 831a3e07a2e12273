// What the vendor answers the clients of the compatibility table, and what it was asked.

import assert from "node:assert/strict";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../../support/bytes.ts";
import { sse, type UpstreamAnswer } from "../../support/upstream.ts";
import type { Vendor } from "./door.ts";

export const PROMPT = "Hello!";
export const PARAMETERS = {
  type: "object" as const,
  properties: { city: { type: "string" as const } },
  required: ["city"],
  additionalProperties: false,
};
export const CITY = { city: "Oslo" };

export const whole: UpstreamAnswer = { json: openAiCompletion("Hi!") };
export const structured: UpstreamAnswer = { json: openAiCompletion(JSON.stringify(CITY)) };
/** Its pieces say `Hello`. */
export const streamed = (): UpstreamAnswer => sse(openAiSse(openAiTextChunks(["Hel", "lo"])));
export const refused: UpstreamAnswer = { status: 400, json: { error: { message: "no such thing" } } };
export const vectors: UpstreamAnswer = {
  json: {
    ...{ object: "list", model: "emb", usage: { prompt_tokens: 4, total_tokens: 4 } },
    data: [
      { object: "embedding", index: 0, embedding: [0.25, -1] },
      { object: "embedding", index: 1, embedding: [0.5, 1] },
    ],
  },
};

const CALL = { id: "call_1", type: "function", function: { name: "weather", arguments: JSON.stringify(CITY) } };

/** A call of `weather` with `CITY`. */
export const called: UpstreamAnswer = {
  json: {
    ...openAiCompletion(""),
    choices: [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [CALL] }, finish_reason: "tool_calls" },
    ],
  },
};

/** The last request's member. */
export function askedFor(vendor: Vendor, member: string): unknown {
  return vendor.requests.at(-1)?.json()[member];
}

/** Begins a call that the vendor never answers, ends it, and waits until the vendor has noticed. */
export async function abort(vendor: Vendor, begin: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
  vendor.script({ before: new Promise(() => {}) });
  const count = vendor.requests.length;
  const controller = new AbortController();
  const failure = begin(controller.signal).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const request = await Promise.race([vendor.request(count), failure.then((cause) => assert.fail(String(cause)))]);
  controller.abort();
  await request.closed;
  return failure;
}
