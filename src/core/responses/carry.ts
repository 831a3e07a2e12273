// A Responses request as chat params that carry the request itself. What chat has no words for is no fault yet: a backend
// that speaks Responses may take it, so the fault goes along for when there is none.

import type { ChatCompletionsCreateParams, ChatTool, ResponsesCreateParams } from "../../generated/types.ts";
import { BrokerError } from "../errors.ts";
import { unfit } from "./fault.ts";
import type { Item } from "./items.ts";
import { toChatParams } from "./request.ts";
import { withSent } from "./sent.ts";
import { isOwnMcp } from "./tools.ts";

type Chat = ChatCompletionsCreateParams;

/** Members whose text is not read by the model as text. */
const BINARY: ReadonlySet<string> = new Set(["data", "file_data", "encrypted_content"]);

/** As `toChatParams`; throws `invalid_params` only for what is the broker's own to do, whoever answers. */
export function toCarryingChat(
  params: ResponsesCreateParams,
  earlier: readonly Item[],
  input: readonly Item[],
  stream: boolean,
): Chat {
  if (params.background === true) throw unfit("/background", "responses in the background are not supported");
  if (params.conversation !== undefined && params.conversation !== null)
    throw unfit("/conversation", "is not supported");
  try {
    return withSent(toChatParams(params, earlier, input, stream), { params, earlier, fault: undefined });
  } catch (fault) {
    if (!(fault instanceof BrokerError) || asksForTools(params)) throw fault;
    return withSent(likeness(params, [...earlier, ...input], stream), { params, earlier, fault });
  }
}

/** Of the broker's own MCP servers: no backend has them, so every round goes through chat. */
function asksForTools({ mcp, tools }: ResponsesCreateParams): boolean {
  return mcp !== undefined || (tools ?? []).some(isOwnMcp);
}

/** What routing, holding and counting need to know of a request that chat can't ask. It goes to no backend. */
function likeness(params: ResponsesCreateParams, items: readonly Item[], stream: boolean): Chat {
  const { model, models, max_cost, max_output_tokens: most, reasoning, tools } = params;
  const functions = (tools ?? []).filter(({ type }) => type === "function");
  return {
    model,
    messages: [{ role: "user", content: JSON.stringify([params.instructions ?? "", ...items], textOnly) }],
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(models ? { models } : {}),
    ...(max_cost === undefined ? {} : { max_cost }),
    ...(most ? { max_completion_tokens: most } : {}),
    ...(reasoning?.effort ? { reasoning_effort: reasoning.effort as NonNullable<Chat["reasoning_effort"]> } : {}),
    ...(functions.length > 0 ? { tools: functions.map(toFunction) } : {}),
  };
}

function toFunction({ type, ...definition }: NonNullable<ResponsesCreateParams["tools"]>[number]): ChatTool {
  return { type, function: { ...definition, name: typeof definition.name === "string" ? definition.name : "" } };
}

function textOnly(name: string, value: unknown): unknown {
  return typeof value === "string" && (BINARY.has(name) || value.startsWith("data:")) ? "" : value;
}
