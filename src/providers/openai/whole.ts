// A completion as chunks: for servers that answer a request for a stream in one piece. Folded, they give the completion.

import type { ChatChunk, ChatCompletion, ChunkChoice } from "../../generated/types.ts";
import { asOpenAiTells } from "./usage.ts";

/** One chunk with every choice, and one with the usage where there is one. */
export function completionChunks(completion: ChatCompletion): ChatChunk[] {
  const { choices, usage, ...head } = completion;
  const base = { ...head, object: "chat.completion.chunk" as const };
  const chunks: ChatChunk[] = [{ ...base, choices: choices.map(chunkChoice) }];
  if (usage) chunks.push({ ...base, choices: [], usage: asOpenAiTells(usage) });
  return chunks;
}

function chunkChoice({ message, ...choice }: ChatCompletion["choices"][number]): ChunkChoice {
  const { tool_calls, ...rest } = message ?? {};
  const delta: ChunkChoice["delta"] = rest;
  if (tool_calls?.length) delta.tool_calls = tool_calls.map((call, index) => ({ ...call, index }));
  return { ...choice, delta };
}
