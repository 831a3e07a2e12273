// Answers of a scripted OpenAI that calls tools, whole and streamed.

import { openAiSse, openAiTextChunks } from "./bytes.ts";
import { sse, type UpstreamAnswer } from "./upstream.ts";

export interface ScriptedCall {
  readonly id?: string;
  readonly name: string;
  readonly args?: object | string;
}

const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };

function toCalls(calls: readonly ScriptedCall[]): object[] {
  return calls.map(({ id, name, args = {} }, index) => ({
    id: id ?? `call_${index}`,
    type: "function",
    function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
  }));
}

/** 120,000 nano-USD at the prices of tool-house.ts. */
export function calling(
  calls: readonly ScriptedCall[],
  content: string | null = null,
  more: object = {},
): UpstreamAnswer {
  const message = { role: "assistant", content, refusal: null, tool_calls: toCalls(calls), ...more };
  return { json: completionOf(message, "tool_calls") };
}

/** 120,000 nano-USD too. */
export function saying(content: string): UpstreamAnswer {
  return { json: completionOf({ role: "assistant", content, refusal: null }, "stop") };
}

function completionOf(message: object, finish_reason: string): object {
  const head = { id: "chatcmpl-1", object: "chat.completion", created: 5, model: "up-2026" };
  return { ...head, choices: [{ index: 0, message, finish_reason, logprobs: null }], usage: USAGE };
}

/** Each call in pieces: its name, then its arguments in two. */
export function streamedCalls(calls: readonly ScriptedCall[], content?: string, id = "chatcmpl-1"): UpstreamAnswer {
  const head = { id, object: "chat.completion.chunk", created: 5, model: "up-2026" };
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason, logprobs: null }],
    usage: null,
  });
  const pieces = (toCalls(calls) as { function: { name: string; arguments: string } }[]).flatMap((call, index) => {
    const { name, arguments: text } = call.function;
    const half = text.length >> 1;
    return [
      chunk({ tool_calls: [{ ...call, index, function: { name, arguments: "" } }] }),
      chunk({ tool_calls: [{ index, function: { arguments: text.slice(0, half) } }] }),
      chunk({ tool_calls: [{ index, function: { arguments: text.slice(half) } }] }),
    ];
  });
  const chunks = [
    chunk({ role: "assistant", content: null, refusal: null }),
    ...(content === undefined ? [] : [chunk({ content })]),
    ...pieces,
    chunk({}, "tool_calls"),
    { ...head, choices: [], usage: USAGE },
  ];
  return sse(openAiSse(chunks));
}

export function streamedText(pieces: readonly string[], id = "chatcmpl-2"): UpstreamAnswer {
  return sse(openAiSse(openAiTextChunks(pieces, { id, model: "up-2026", usage: USAGE })));
}
