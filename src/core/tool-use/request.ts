// The chat request of each round with the model: the caller's own with the tools as functions, then with what the rounds
// before have added. A request in Anthropic's dialect that goes along says the same in its own words.

import type { ChatChoice, ChatCompletion, ChatCompletionsCreateParams, ToolCall } from "../../generated/types.ts";
import { sentOf as sentMessage, withSent } from "../messages/sent.ts";
import { withFunctions, withToolRound } from "../messages/tool-rounds.ts";
import { withoutSent } from "../responses/sent.ts";
import { type Offer, toFunction } from "./choose.ts";
import { laterChoice, type ToolTurn, turnsOf } from "./conversation.ts";

type Chat = ChatCompletionsCreateParams;

/** Nothing of the broker's own members is left of `mcp`. */
export function firstRound(params: Chat, offer: Offer): Chat {
  const { mcp: _, tools: asked, tool_choice: choice, parallel_tool_calls: parallel, ...rest } = withoutSent(params);
  const functions = [...offer.tools.values()].map(({ tool }) => toFunction(tool));
  const tools = [...(asked ?? []).filter(({ type }) => type !== "mcp"), ...functions];
  // Vendors refuse words about tools where there are none.
  const words = {
    tools,
    ...(choice === undefined ? {} : { tool_choice: choice }),
    ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
  };
  const first: Chat = tools.length > 0 ? { ...rest, ...words } : rest;
  const sent = sentMessage(params);
  return sent ? withSent(first, withFunctions(sent, functions)) : first;
}

/** `calls` are those of the completion, under the ids that the results have. */
export function nextRound(
  params: Chat,
  completion: ChatCompletion,
  calls: readonly ToolCall[],
  results: readonly ToolTurn[],
): Chat {
  const { message } = completion.choices[0] as ChatChoice;
  const next: Chat = { ...params, messages: [...params.messages, ...turnsOf(message, calls, results)] };
  if (params.tool_choice !== undefined) next.tool_choice = laterChoice(params.tool_choice) ?? null;
  const sent = sentMessage(params);
  return sent ? withSent(next, withToolRound(sent, completion, calls, results)) : next;
}
