// What a whole response says in chat's words: how it ended, what it took, and the completion that it comes to. A client of
// Responses never sees these words: they are for metering and for judging the answer.

import { withResponse } from "../../core/responses/told.ts";
import type { ChatCompletion, Response, ToolCall, Usage } from "../../generated/types.ts";

export type Json = Record<string, unknown>;

/** OpenAI's words for what went wrong, as HTTP would have told them. */
const STATUSES: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  server_error: 500,
  vector_store_timeout: 504,
  invalid_prompt: 400,
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  authentication_error: 401,
};

/** The status of an error object, wherever it stands; 502 where its words are not known. */
export function statusOf(value: object): number {
  const outer = value as Json;
  const { code, type } = typeof outer.error === "object" ? object(outer.error) : outer;
  return STATUSES[String(code)] ?? STATUSES[String(type)] ?? 502;
}

/** `undefined`: it has not ended, or is none. */
export function endedResponse(value: unknown): Response | undefined {
  const response = object(value) as unknown as Response;
  const hasEnded = response.status === "completed" || response.status === "incomplete";
  return hasEnded && Array.isArray(response.output) ? response : undefined;
}

export function finishReason({ status, incomplete_details: details, output }: Response): string {
  if (status === "incomplete") return object(details).reason === "content_filter" ? "content_filter" : "length";
  return output.some((item) => item?.type === "function_call") ? "tool_calls" : "stop";
}

/** `undefined`: none was told. */
export function chatUsage(value: unknown): NonNullable<Usage> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { input_tokens, output_tokens, total_tokens, input_tokens_details, output_tokens_details } = value as Json;
  const input = object(input_tokens_details);
  const prompt = count(input_tokens);
  const completion = count(output_tokens);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: count(total_tokens) || prompt + completion,
    prompt_tokens_details: {
      cached_tokens: count(input.cached_tokens),
      ...(count(input.cache_write_tokens) > 0 ? { cache_write_tokens: count(input.cache_write_tokens) } : {}),
    },
    completion_tokens_details: { reasoning_tokens: count(object(output_tokens_details).reasoning_tokens) },
  };
}

/** Carries the response itself. */
export function toCompletion(response: Response): ChatCompletion {
  const message: Json = { role: "assistant", content: null };
  const calls: ToolCall[] = [];
  for (const item of response.output) {
    if (item?.type === "function_call") calls.push(toolCall(item));
    else if (item?.type === "message") for (const part of list(item.content)) addPart(message, part);
    else if (item?.type === "reasoning") {
      for (const part of [...list(item.summary), ...list(item.content)])
        append(message, "reasoning_content", part.text);
    }
  }
  if (calls.length > 0) message.tool_calls = calls;
  const usage = chatUsage(response.usage);
  const { id, created_at: created, model } = response;
  const choice = { index: 0, message, finish_reason: finishReason(response) } as unknown;
  const completion: ChatCompletion = {
    ...{ id, object: "chat.completion", created, model },
    choices: [choice as ChatCompletion["choices"][number]],
    ...(usage ? { usage } : {}),
  };
  return withResponse(completion, response);
}

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function toolCall({ call_id, name, arguments: text }: Json): ToolCall {
  return {
    id: String(call_id ?? ""),
    type: "function",
    function: { name: String(name ?? ""), arguments: String(text ?? "") },
  };
}

function addPart(message: Json, { type, text, refusal }: Json): void {
  if (type === "output_text") append(message, "content", text);
  else if (type === "refusal") append(message, "refusal", refusal);
}

function append(message: Json, member: string, text: unknown): void {
  if (typeof text === "string" && text !== "") message[member] = `${message[member] ?? ""}${text}`;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
