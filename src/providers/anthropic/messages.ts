// A conversation in Anthropic's form: system text on top, tool results as the user's, neighbours of one role merged,
// because turns alternate there and all results of parallel tools belong into one message.

import type { AssistantMessage, ChatMessage, ToolCall } from "../../generated/types.ts";
import { type Peer, refusal } from "../failure.ts";
import { toolInput } from "../tool-input.ts";
import { type Block, blocks } from "./content.ts";

export interface Conversation {
  readonly system: Block[];
  readonly messages: { readonly role: "user" | "assistant"; readonly content: Block[] }[];
}

/** Throws a ProviderFailure with status 400 for what can't be carried. */
export function conversation(list: readonly ChatMessage[], peer: Peer): Conversation {
  const system: Block[] = [];
  const messages: Conversation["messages"] = [];
  const add = (role: "user" | "assistant", content: Block[]) => {
    const last = messages.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) messages.push({ role, content });
  };
  for (const message of list) {
    switch (message.role) {
      case "system":
      case "developer":
        system.push(...blocks(message.content, peer));
        break;
      case "user":
        add("user", blocks(message.content, peer));
        break;
      case "assistant":
        add("assistant", assistantBlocks(message, peer));
        break;
      case "tool": {
        const content = typeof message.content === "string" ? message.content : blocks(message.content, peer);
        add("user", [{ type: "tool_result", tool_use_id: toolId(message.tool_call_id), content, ...cached(message) }]);
        break;
      }
      case "function":
        throw refusal(peer, "function messages are not known here: use tools", "messages");
    }
  }
  return { system, messages };
}

/** Thinking comes first, and only with the signature that proves it. */
function assistantBlocks(message: AssistantMessage, peer: Peer): Block[] {
  const { reasoning_content, reasoning_signature, content, refusal: refused, tool_calls } = message;
  const list: Block[] = [];
  if (reasoning_content && typeof reasoning_signature === "string") {
    list.push({ type: "thinking", thinking: reasoning_content, signature: reasoning_signature });
  }
  list.push(...blocks(content ?? "", peer));
  if (refused) list.push({ type: "text", text: refused });
  for (const call of tool_calls ?? []) list.push(toolUse(call, peer));
  return list;
}

function toolUse(call: ToolCall, peer: Peer): Block {
  const { name = "", arguments: text = "" } = call.function ?? {};
  return { type: "tool_use", id: toolId(call.id), name, input: toolInput(text, peer) };
}

/** Other vendors' ids may hold characters that Anthropic refuses; call and result change alike. */
function toolId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, "_");
}

function cached(message: { [member: string]: unknown }): Block | Record<string, never> {
  return message.cache_control === undefined ? {} : { cache_control: message.cache_control };
}
