// The response object around its output: what was asked, echoed with OpenAI's defaults, how it ended and what it took.

import type { ChatCompletion, Response, ResponsesCreateParams, Usage } from "../../generated/types.ts";
import type { BrokerError } from "../errors.ts";
import type { Json } from "./fault.ts";

/** What is known before the model answers. */
export interface ResponseHead {
  /** `resp_` and the stem of all its items. */
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly params: ResponsesCreateParams;
}

/** `in_progress` and without output. */
export function begunResponse({ id, createdAt, params }: ResponseHead, model: string): Response {
  const { text, reasoning } = params;
  return {
    id,
    object: "response",
    created_at: createdAt,
    status: "in_progress",
    access_programs: null,
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: null,
    instructions: params.instructions ?? null,
    max_output_tokens: params.max_output_tokens ?? null,
    metadata: params.metadata ?? {},
    model,
    output: [],
    parallel_tool_calls: params.parallel_tool_calls ?? true,
    previous_response_id: params.previous_response_id ?? null,
    ...kept(params),
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    store: params.store ?? true,
    temperature: params.temperature ?? null,
    text: { ...text, format: text?.format ?? { type: "text" } },
    tool_choice: params.tool_choice ?? "auto",
    tools: (params.tools ?? []).map((tool) => ({ parameters: null, strict: null, ...tool })),
    top_p: params.top_p ?? null,
    truncation: params.truncation ?? "disabled",
    usage: null,
    user: params.user ?? null,
  };
}

const KEPT = ["prompt_cache_key", "safety_identifier", "service_tier", "top_logprobs"] as const;

function kept(params: ResponsesCreateParams): Json {
  return Object.fromEntries(KEPT.filter((name) => params[name] != null).map((name) => [name, params[name]]));
}

/** How an answer with this reason to stop has ended. */
export function endOf(finishReason: string | null | undefined): Pick<Response, "status"> & Json {
  if (finishReason === "length") return incomplete("max_output_tokens");
  return finishReason === "content_filter" ? incomplete("content_filter") : { status: "completed" };
}

function incomplete(reason: string): Pick<Response, "status"> & Json {
  return { status: "incomplete", incomplete_details: { reason } };
}

/** The whole of it. `now` is Unix seconds. */
export function endedResponse(
  begun: Response,
  output: Response["output"],
  completion: ChatCompletion,
  now: number,
): Response {
  const { usage, route, model } = completion;
  const end = endOf(completion.choices[0]?.finish_reason);
  return {
    ...begun,
    model,
    ...end,
    completed_at: end.status === "completed" ? now : null,
    output,
    usage: usage ? toResponseUsage(usage) : null,
    ...(route ? { route } : {}),
  };
}

/** With the broker's own members: what it cost, and how sure that is. */
export function toResponseUsage(usage: NonNullable<Usage>): NonNullable<Response["usage"]> {
  const { prompt_tokens_details: input, completion_tokens_details: output, cost, estimated, cost_unknown } = usage;
  return {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: {
      cached_tokens: input?.cached_tokens ?? 0,
      cache_write_tokens: input?.cache_write_tokens ?? 0,
    },
    output_tokens: usage.completion_tokens,
    output_tokens_details: { reasoning_tokens: output?.reasoning_tokens ?? 0 },
    total_tokens: usage.total_tokens,
    ...(cost === undefined ? {} : { cost }),
    ...(estimated ? { estimated } : {}),
    ...(cost_unknown ? { cost_unknown } : {}),
  };
}

/** What a stream that broke, or was ended from outside, has come to; `code` is one of OpenAI's words. */
export function failedResponse(begun: Response, output: Response["output"], error: BrokerError): Response {
  const { status, message, kind } = error;
  if (kind === "cancelled") return { ...begun, status: "cancelled", output: output.flatMap(cutItem) };
  const code = status === 429 ? "rate_limit_exceeded" : status === 400 ? "invalid_prompt" : "server_error";
  return { ...begun, status: "failed", output, error: { code, message, type: kind } };
}

/** An item that was open is what it had become; a call without all its arguments is none. */
function cutItem(item: Json): Json[] {
  if (item.status !== "in_progress") return [item];
  return item.type === "function_call" ? [] : [{ ...item, status: "incomplete" }];
}
