// A conversation in Ollama's form: content is text, images are base64 beside it, tool results name their tool.

import type { AssistantMessage, ChatMessage, ToolCall, UserMessage } from "../../generated/types.ts";
import { dataUrl } from "../data-url.ts";
import { type Peer, refusal } from "../failure.ts";
import { toolInput } from "../tool-input.ts";

type Json = Record<string, unknown>;
type Content = UserMessage["content"] | AssistantMessage["content"];

/** Throws a ProviderFailure with status 400 for what can't be carried. */
export function ollamaMessages(list: readonly ChatMessage[], peer: Peer): Json[] {
  const toolNames = new Map<string, string>();
  return list.map((message) => {
    switch (message.role) {
      case "system":
      case "developer":
        return { role: "system", ...content(message.content, peer) };
      case "user":
        return { role: "user", ...content(message.content, peer) };
      case "assistant":
        return assistant(message, toolNames, peer);
      case "tool": {
        const tool_name = toolNames.get(message.tool_call_id);
        const tool = { role: "tool", tool_call_id: message.tool_call_id, ...(tool_name ? { tool_name } : {}) };
        return { ...tool, ...content(message.content, peer) };
      }
      case "function":
        throw refusal(peer, "function messages are not known here: use tools", "messages");
    }
    return message;
  });
}

function assistant(message: AssistantMessage, toolNames: Map<string, string>, peer: Peer): Json {
  const { reasoning_content, tool_calls } = message;
  for (const call of tool_calls ?? []) toolNames.set(call.id, call.function?.name ?? "");
  return {
    role: "assistant",
    ...content(message.content ?? message.refusal, peer),
    ...(reasoning_content ? { thinking: reasoning_content } : {}),
    ...(tool_calls?.length ? { tool_calls: tool_calls.map((call) => toolCall(call, peer)) } : {}),
  };
}

function toolCall(call: ToolCall, peer: Peer): Json {
  const { name = "", arguments: text = "" } = call.function ?? {};
  return { id: call.id, function: { name, arguments: toolInput(text, peer) } };
}

function content(value: Content, peer: Peer): Json {
  if (typeof value === "string" || !value) return { content: value ?? "" };
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of value) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "refusal") texts.push(part.refusal);
    else if (part.type === "image_url") images.push(image(part.image_url.url, peer));
    else throw refusal(peer, `parts of type ${part.type} are not taken`, "messages");
  }
  return { content: texts.join("\n"), ...(images.length > 0 ? { images } : {}) };
}

/** Ollama does not fetch, and nor do we: a caller's URL could point anywhere. */
function image(url: string, peer: Peer): string {
  const inline = dataUrl(url);
  if (inline) return inline.base64;
  throw refusal(peer, "images must be data: URLs in base64", "messages");
}
