// A conversation in Anthropic's form as chat messages: results of tools become messages of their own, before what the user
// says beside them.

import type { AssistantMessage, ChatMessage, MessageParam, SystemPrompt, ToolCall } from "../../generated/types.ts";
import { type Block, inner, invalid, isText, type Part, parts, simplest, string } from "./content.ts";

/** Throws `invalid_params` with the place of a block that is not whole. */
export function turns(system: SystemPrompt | undefined, list: readonly MessageParam[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  const instructions = textOf(inner(system, "/system"));
  if (instructions !== "") messages.push({ role: "system", content: instructions });
  for (const [index, { role, content }] of list.entries()) {
    const at = `/messages/${index}/content`;
    if (role === "system") messages.push({ role, content: textOf(inner(content, at)) });
    else if (role === "assistant") messages.push(assistantTurn(content, at));
    else pushUserTurn(messages, content, at);
  }
  return messages;
}

function textOf(list: readonly Part[]): string {
  const text = simplest(list.filter(isText));
  return typeof text === "string" ? text : "";
}

function pushUserTurn(messages: ChatMessage[], content: MessageParam["content"], at: string): void {
  if (typeof content === "string") {
    messages.push({ role: "user", content });
    return;
  }
  const said: Part[] = [];
  let results = 0;
  for (const [index, block] of content.entries()) {
    if (block.type === "tool_result") {
      results++;
      messages.push(toolTurn(block, `${at}/${index}`, said));
    } else said.push(...parts(block, `${at}/${index}`));
  }
  if (said.length > 0 || results === 0) messages.push({ role: "user", content: simplest(said) });
}

/** A tool's message holds text alone; pictures and files that it gave are shown by the user. */
function toolTurn(block: Block, at: string, said: Part[]): ChatMessage {
  const result = inner(block.content, `${at}/content`);
  const shown = result.filter((part) => !isText(part));
  said.push(...shown);
  const text = textOf(result) || (shown.length > 0 ? "The result is shown in the next message." : "");
  const content = block.is_error === true ? `Error: ${text}` : text;
  return { role: "tool", tool_call_id: string(block, "tool_use_id", at), content };
}

/**
 * Thinking that carries a signature can be read by its own vendor alone; where there is none, it came from a backend that
 * has no signatures and goes back to it. What Anthropic's own servers did (searches and the like) means nothing elsewhere.
 */
function assistantTurn(content: MessageParam["content"], at: string): AssistantMessage {
  if (typeof content === "string") return { role: "assistant", content };
  const texts: Part[] = [];
  const thoughts: string[] = [];
  const calls: ToolCall[] = [];
  for (const [index, block] of content.entries()) {
    const place = `${at}/${index}`;
    if (block.type === "text") texts.push(...parts(block, place));
    else if (block.type === "tool_use") calls.push(toolCall(block, place));
    else if (isUnsigned(block)) thoughts.push(string(block, "thinking", place));
  }
  const text = textOf(texts);
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(thoughts.length > 0 ? { reasoning_content: thoughts.join("\n\n") } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

/** Thinking that came from a backend without signatures. */
export function isUnsigned({ type, signature }: Block): boolean {
  return type === "thinking" && !signature;
}

function toolCall(block: Block, at: string): ToolCall {
  const { input } = block;
  if (typeof input !== "object" || input === null) throw invalid(`${at}/input`, "must be an object");
  return {
    id: string(block, "id", at),
    type: "function",
    function: { name: string(block, "name", at), arguments: JSON.stringify(input) },
  };
}
