// A Responses request as the chat request that asks the same. `store` and `metadata` stay here: they are about the response
// that the broker keeps, and vendors refuse the one without the other.

import type { ChatCompletionsCreateParams, ResponsesCreateParams } from "../../generated/types.ts";
import { objectAt, oneOf, unfit } from "./fault.ts";
import type { Item } from "./items.ts";
import { toMessages } from "./messages.ts";
import { toChatToolChoice, toChatTools, toResponseFormat } from "./tools.ts";

type Chat = ChatCompletionsCreateParams;

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
const VERBOSITIES = ["low", "medium", "high"] as const;
const LOGPROBS = "message.output_text.logprobs";
/** What OpenAI keeps or runs for its customers and the broker does not. */
const REFUSED = ["conversation", "prompt", "context_management"] as const;
const SAME_IN_CHAT = [
  ...(["temperature", "top_p", "user", "models", "max_cost", "mcp"] as const),
  ...(["safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "top_logprobs"] as const),
];

/**
 * `earlier`: the items of the responses that this one goes on from, oldest first; `input`: its own, in full form.
 * Throws `invalid_params`, naming the param that chat has no words for.
 */
export function toChatParams(
  params: ResponsesCreateParams,
  earlier: readonly Item[],
  input: readonly Item[],
  stream: boolean,
): Chat {
  refuse(params);
  const messages = toMessages(earlier, input);
  if (params.instructions) messages.unshift({ role: "system", content: params.instructions });
  if (messages.length === 0) throw unfit("/input", "is required");
  return {
    model: params.model,
    messages,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...same(params),
    ...toolsOf(params),
    ...textOf(params),
    ...reasoningOf(params),
    ...(params.max_output_tokens ? { max_completion_tokens: params.max_output_tokens } : {}),
    ...(params.include?.includes(LOGPROBS) || typeof params.top_logprobs === "number" ? { logprobs: true } : {}),
  };
}

function refuse(params: ResponsesCreateParams): void {
  if (params.background === true) throw unfit("/background", "responses in the background are not supported");
  for (const name of REFUSED) {
    if (params[name] !== undefined && params[name] !== null) throw unfit(`/${name}`, "is not supported");
  }
  oneOf(params.truncation, ["auto", "disabled"], "/truncation");
}

function same(params: ResponsesCreateParams): Partial<Chat> {
  const chat: Record<string, unknown> = {};
  for (const name of SAME_IN_CHAT) {
    if (params[name] !== undefined && params[name] !== null) chat[name] = params[name];
  }
  return chat;
}

/** Vendors refuse words about tools where there are none. */
function toolsOf({ tools, tool_choice, parallel_tool_calls: parallel, mcp }: ResponsesCreateParams): Partial<Chat> {
  const choice = toChatToolChoice(tool_choice);
  if (!tools?.length && !mcp) return choice === undefined || choice === "auto" || choice === "none" ? {} : noTools();
  return {
    tools: toChatTools(tools ?? []),
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(typeof parallel === "boolean" ? { parallel_tool_calls: parallel } : {}),
  };
}

function noTools(): never {
  throw unfit("/tool_choice", "there are no tools");
}

function textOf({ text }: ResponsesCreateParams): Partial<Chat> {
  if (!text) return {};
  const response_format = toResponseFormat(text);
  const verbosity = oneOf(text.verbosity, VERBOSITIES, "/text/verbosity");
  return { ...(response_format ? { response_format } : {}), ...(verbosity ? { verbosity } : {}) };
}

function reasoningOf({ reasoning }: ResponsesCreateParams): Partial<Chat> {
  if (!reasoning) return {};
  const effort = oneOf(objectAt(reasoning, "/reasoning").effort, EFFORTS, "/reasoning/effort");
  return effort ? { reasoning_effort: effort } : {};
}
