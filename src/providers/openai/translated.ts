// What a conversation that was translated from another dialect says otherwise at a server of chat: thoughts go back only
// where they may have come from, their proofs to nobody, for vendors refuse members of messages that they don't know. And
// files that this server can't have are refused before it is asked.

import { sentOf as sentMessage } from "../../core/messages/sent.ts";
import type { ProviderCall } from "../../core/provider.ts";
import { sentOf as sentResponse } from "../../core/responses/sent.ts";
import type { AssistantMessage, ChatCompletionsCreateParams, ChatMessage, FilePart } from "../../generated/types.ts";
import { type Peer, peerOf, refusal } from "../failure.ts";

type Messages = ChatCompletionsCreateParams["messages"];

/** Vendors whose chat takes no thoughts back; most others want them beside calls of tools. */
const THOUGHTLESS: ReadonlySet<string> = new Set(["openai", "groq"]);

/**
 * `undefined`: as they are. Callers who write chat themselves know what they write. Throws a ProviderFailure with status
 * 400 for a file that is kept at Anthropic, or that OpenAI would have to fetch.
 */
export function translatedMessages({ params, target }: ProviderCall): Messages | undefined {
  const isMessage = sentMessage(params) !== undefined;
  if (!isMessage && !sentResponse(params)) return undefined;
  if (isMessage) for (const message of params.messages) refuseFiles(message, peerOf(target));
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

function refuseFiles({ role, content }: ChatMessage, peer: Peer): void {
  if (role !== "user" || typeof content === "string") return;
  for (const part of content) if (part.type === "file") refuseFile(part, peer);
}

function refuseFile({ file: { file_id, file_data } }: FilePart, peer: Peer): void {
  if (file_id !== undefined) throw refusal(peer, "files are known by their ids to their own vendor alone", "messages");
  if (peer.name === "openai" && file_data && !file_data.startsWith("data:")) {
    throw refusal(peer, "documents are not fetched by their addresses: send their bytes", "messages");
  }
}
