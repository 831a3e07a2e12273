// What rounds of tools that the broker runs add to a request in Anthropic's dialect, so that a backend of that dialect still
// gets the request as it was sent, with its cache marks and the proofs of its own thoughts.

import type {
  ChatCompletion,
  ChatTool,
  MessageParam,
  MessagesCreateParams,
  MessageTool,
  ToolCall,
} from "../../generated/types.ts";
import type { ToolTurn } from "../tool-use/conversation.ts";
import { toMessage, toolUseId } from "./to-message.ts";

type Json = Record<string, unknown>;

export function withFunctions(sent: MessagesCreateParams, functions: readonly ChatTool[]): MessagesCreateParams {
  const { mcp: _, ...rest } = sent;
  if (functions.length === 0) return rest;
  return { ...rest, tools: [...(sent.tools ?? []), ...functions.map(toTool)] };
}

function toTool({ function: definition }: ChatTool): MessageTool {
  const { name = "", description, parameters } = definition ?? {};
  return { name, ...(description ? { description } : {}), input_schema: parameters ?? { type: "object" } };
}

/** The answer as its provider told it where that speaks the dialect; then the results, in the order of the calls. */
export function withToolRound(
  sent: MessagesCreateParams,
  completion: ChatCompletion,
  calls: readonly ToolCall[],
  results: readonly ToolTurn[],
): MessagesCreateParams {
  const choices = completion.choices.map((choice) => ({
    ...choice,
    message: { ...choice.message, tool_calls: [...calls] },
  }));
  const { content } = toMessage({ ...completion, choices }, "");
  const assistant = { role: "assistant", content } as MessageParam;
  const user = { role: "user", content: results.map(toResult) } as MessageParam;
  const next: MessagesCreateParams = { ...sent, messages: [...sent.messages, assistant, user] };
  const { tool_choice: choice } = sent;
  if (choice?.type === "any" || choice?.type === "tool") {
    const { name: _, ...kept } = choice;
    next.tool_choice = { ...kept, type: "auto" };
  }
  return next;
}

function toResult({ id, text, isError, pictures }: ToolTurn): Json {
  const texts = text === "" ? [] : [{ type: "text", text }];
  return {
    type: "tool_result",
    tool_use_id: toolUseId(id, "", 0),
    content: [...texts, ...pictures.map(toImage)],
    ...(isError ? { is_error: true } : {}),
  };
}

/** Pictures of results are data URLs. */
function toImage({ image_url: { url } }: ToolTurn["pictures"][number]): Json {
  const [, media_type = "", data = ""] = /^data:([^;,]*);base64,(.*)$/s.exec(url) ?? [];
  return { type: "image", source: { type: "base64", media_type, data } };
}
