// What a conversation that was translated from another dialect says otherwise at a server of chat: thoughts go back only
// where they may have come from, their proofs to nobody, for vendors refuse members of messages that they don't know.

import { sentOf as sentMessage } from "../../core/messages/sent.ts";
import type { ProviderCall } from "../../core/provider.ts";
import { sentOf as sentResponse } from "../../core/responses/sent.ts";
import type { AssistantMessage, ChatCompletionsCreateParams, ChatMessage } from "../../generated/types.ts";

type Messages = ChatCompletionsCreateParams["messages"];

/** Vendors whose chat takes no thoughts back; most others want them beside calls of tools. */
const THOUGHTLESS: ReadonlySet<string> = new Set(["openai", "groq"]);

/** `undefined`: as they are. Callers who write chat themselves know what they write. */
export function translatedMessages({ params, target }: ProviderCall): Messages | undefined {
  if (!sentMessage(params) && !sentResponse(params)) return undefined;
  if (!params.messages.some(hasThoughts)) return undefined;
  const isThoughtless = THOUGHTLESS.has(target.backend.provider.name);
  return params.messages.map((message) => {
    if (!hasThoughts(message)) return message;
    const { reasoning_content: thoughts, reasoning_signature: _, ...rest } = message;
    return isThoughtless ? rest : { ...rest, reasoning_content: thoughts };
  });
}

function hasThoughts(message: ChatMessage): message is AssistantMessage {
  return message.role === "assistant" && (message.reasoning_content ?? message.reasoning_signature) !== undefined;
}
