// A messages.create request as chat params. What only Anthropic knows (its own tools, signed thinking, cache marks) is not
// in them: it reaches backends of that dialect in the request itself, which goes along.

import type {
  ChatCompletionsCreateParams,
  ChatTool,
  MessagesCreateParams,
  MessageTool,
} from "../../generated/types.ts";
import { invalid } from "./content.ts";
import { withSent } from "./sent.ts";
import { turns } from "./turns.ts";

type Chat = ChatCompletionsCreateParams;
type Effort = NonNullable<Chat["reasoning_effort"]>;

/** OpenAI takes no longer one, and coding agents send longer ones. */
const LONGEST_USER = 64;
/** Tokens of thinking up to which an effort is enough. */
const BUDGETS: readonly (readonly [most: number, effort: Effort])[] = [
  [2_048, "low"],
  [12_288, "medium"],
];
const EFFORTS: ReadonlySet<unknown> = new Set<Effort>(["low", "medium", "high", "xhigh", "max"]);

/** `reasons`: the model that is asked for knows efforts; others refuse them. Throws `invalid_params`. */
export function toChat(params: MessagesCreateParams, reasons: boolean): Chat {
  const { model, max_tokens, temperature, top_p, top_k, stop_sequences: stop, models, max_cost, _meta } = params;
  const chat: Chat = { model, messages: turns(params.system, params.messages), max_tokens };
  if (typeof temperature === "number") chat.temperature = temperature;
  if (typeof top_p === "number") chat.top_p = top_p;
  if (typeof top_k === "number") chat.top_k = top_k;
  if (stop?.length) chat.stop = stop;
  if (models) chat.models = models;
  if (max_cost !== undefined) chat.max_cost = max_cost;
  if (params.mcp !== undefined) chat.mcp = params.mcp;
  if (_meta) chat._meta = _meta;
  const user = params.metadata?.user_id;
  if (typeof user === "string" && user !== "") chat.user = user.slice(0, LONGEST_USER);
  addTools(chat, params);
  addFormat(chat, params);
  const effort = reasons ? effortOf(params) : undefined;
  if (effort) chat.reasoning_effort = effort;
  return withSent(chat, params);
}

/** Tools of Anthropic's own types run there or are known to its models alone. */
function addTools(chat: Chat, { tools, tool_choice: choice, mcp }: MessagesCreateParams): void {
  const functions = (tools ?? []).filter(({ type }) => type === undefined || type === null || type === "custom");
  if (functions.length > 0) chat.tools = functions.map(toFunction);
  else if (!mcp) return;
  if (choice?.disable_parallel_tool_use === true) chat.parallel_tool_calls = false;
  const wanted = choice && toolChoice(choice);
  if (wanted) chat.tool_choice = wanted;
}

export function toFunction({ name, description, input_schema: parameters, strict }: MessageTool): ChatTool {
  return {
    type: "function",
    function: {
      name,
      ...(description ? { description } : {}),
      ...(parameters ? { parameters } : {}),
      ...(strict === true ? { strict } : {}),
    },
  };
}

function toolChoice({ type, name }: Record<string, unknown>): Chat["tool_choice"] {
  switch (type) {
    case "auto":
    case "none":
      return type;
    case "any":
      return "required";
    case "tool":
      if (typeof name === "string") return { type: "function", function: { name } };
      throw invalid("/tool_choice/name", "must be a string");
  }
  throw invalid("/tool_choice/type", "must be auto, any, none or tool");
}

function addFormat(chat: Chat, params: MessagesCreateParams): void {
  const { format } = outputConfig(params);
  const { type, schema } = (format ?? {}) as { type?: unknown; schema?: unknown };
  if (type !== "json_schema" || typeof schema !== "object" || schema === null) return;
  chat.response_format = {
    type,
    json_schema: { name: "answer", schema: schema as Record<string, unknown>, strict: true },
  };
}

function effortOf(params: MessagesCreateParams): Effort | undefined {
  const { type, budget_tokens: budget } = params.thinking ?? {};
  if (type === "enabled" && typeof budget === "number") {
    return BUDGETS.find(([most]) => budget <= most)?.[1] ?? "high";
  }
  const { effort } = outputConfig(params);
  return EFFORTS.has(effort) ? (effort as Effort) : undefined;
}

function outputConfig({ output_config: config }: MessagesCreateParams): { format?: unknown; effort?: unknown } {
  return typeof config === "object" && config !== null ? config : {};
}
