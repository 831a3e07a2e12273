// A chat completion as Anthropic's message: as its provider told it where that speaks the same dialect, else translated.

import type { ChatChoice, ChatCompletion, Message } from "../../generated/types.ts";
import { messageOf } from "./told.ts";
import { toolInput } from "./tool-input.ts";
import { messageUsage } from "./usage.ts";

type Block = Message["content"][number];

/** `requestId` names a message that its provider did not name. */
export function toMessage(completion: ChatCompletion, requestId: string): Message {
  const told = messageOf(completion);
  const usage = messageUsage(completion.usage);
  const route = completion.route ? { route: completion.route } : {};
  if (told)
    return { ...told, stop_reason: told.stop_reason ?? "end_turn", usage: { ...told.usage, ...usage }, ...route };
  const choice = completion.choices[0];
  const content = choice ? blocks(choice.message, requestId) : [];
  const stop_reason = stopReason(
    choice?.finish_reason,
    content.some(({ type }) => type === "tool_use"),
    Boolean(choice?.message.refusal),
  );
  return {
    id: messageId(completion, requestId),
    type: "message",
    role: "assistant",
    model: completion.model,
    content,
    stop_reason,
    stop_sequence: null,
    stop_details: stop_reason === "refusal" ? UNEXPLAINED : null,
    usage,
    ...route,
  };
}

function blocks(message: ChatChoice["message"], requestId: string): Block[] {
  const list: Block[] = [];
  const { reasoning_content, reasoning, reasoning_signature, content, refusal, tool_calls } = message;
  const thinking = reasoning_content || reasoning;
  if (typeof thinking === "string" && thinking !== "") {
    list.push({ type: "thinking", thinking, signature: String(reasoning_signature ?? "") });
  }
  const text = `${content ?? ""}${refusal ?? ""}`;
  if (text !== "") list.push({ type: "text", text });
  for (const [index, call] of (tool_calls ?? []).entries()) {
    const { name = "", arguments: input = "" } = call.function ?? {};
    list.push({ type: "tool_use", id: toolUseId(call.id, requestId, index), name, input: toolInput(input) });
  }
  return list;
}

export function messageId({ id }: Pick<ChatCompletion, "id">, requestId: string): string {
  return id.startsWith("msg_") ? id : `msg_${id || requestId}`;
}

/** Anthropic refuses ids with other characters, and a call whose vendor gave none must be found again by its result. */
export function toolUseId(id: string, requestId: string, index: number): string {
  return id === "" ? `toolu_${requestId}_${index}` : id.replace(/[^a-zA-Z0-9_-]/g, "_");
}

/** Anthropic tells of every refusal why, where it can. */
const UNEXPLAINED = { type: "refusal", category: null, explanation: null };

const STOP_REASONS: Readonly<Record<string, string>> = {
  length: "max_tokens",
  tool_calls: "tool_use",
  function_call: "tool_use",
  content_filter: "refusal",
};

/** Some vendors say `stop` beside tool calls, and no reason at all where they cut nothing. */
export function stopReason(finishReason: string | null | undefined, hasTools: boolean, refused: boolean): string {
  const told = STOP_REASONS[finishReason ?? "stop"];
  return told ?? (refused ? "refusal" : hasTools ? "tool_use" : "end_turn");
}
