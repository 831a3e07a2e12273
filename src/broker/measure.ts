// How many tokens a call took: as the provider told, or counted where it told nothing (and marked so).

import { tokensRoughly } from "../core/text-size.ts";
import { NO_UNITS, tokenParts } from "../core/usage.ts";
import type { ChatMessage, Usage } from "../generated/types.ts";
import { NOTHING_TAKEN, type Taken } from "./taken.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface Measured extends Taken {
  readonly usage: NonNullable<Usage>;
}

/** What OpenAI adds around each message. */
const TOKENS_A_MESSAGE = 4;
/** A picture of low detail at OpenAI; larger ones cost more, so this is a lower bound. */
const TOKENS_AN_IMAGE = 85;

/** Of a call that took nothing, or of which nothing can be told. */
export const NOTHING: Measured = {
  usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  ...NOTHING_TAKEN,
};

/** What can be known of a call that has ended. */
export interface Asked {
  readonly told: Usage | undefined;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[] | null | undefined;
  readonly text: () => string;
  /** The answer came whole; otherwise what was told may be of its beginning. */
  readonly whole: boolean;
  /** An upstream call took the request, so that there is something to count. */
  readonly spent: boolean;
}

/** Never rejects. */
export async function measure(counter: TokenCounter, call: Asked): Promise<Measured> {
  const { told } = call;
  if (isTold(told)) {
    const written = call.whole ? 0 : await count(counter, call.text());
    const of = (usage: NonNullable<Usage>) => ({ usage, tokens: tokenParts(usage), units: NO_UNITS });
    if (written <= told.completion_tokens) return { ...of(told), source: "provider" };
    const { prompt_tokens } = told;
    const more = { ...told, completion_tokens: written, total_tokens: prompt_tokens + written };
    return { ...of(more), source: "estimated" };
  }
  if (!call.spent) return NOTHING;
  const prompt =
    TOKENS_A_MESSAGE * call.messages.length + imageTokens(call.messages) + (await count(counter, promptText(call)));
  const completion = await count(counter, call.text());
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return { usage, tokens: tokenParts(usage), units: NO_UNITS, source: "estimated" };
}

/** Some servers send a usage of zeros when they have not counted. */
export function isTold(usage: Usage | undefined): usage is NonNullable<Usage> {
  return !!usage && (usage.prompt_tokens > 0 || usage.completion_tokens > 0);
}

/** Whatever the tokenizer does, a call gets its row. */
export async function count(counter: TokenCounter, text: string): Promise<number> {
  try {
    return await counter.count(text);
  } catch {
    return tokensRoughly(text.length);
  }
}

/** One text, so that the counter's own bound is the bound of the call. */
function promptText({ messages, tools }: Pick<Asked, "messages" | "tools">): string {
  const texts = tools?.length ? [JSON.stringify(tools)] : [];
  for (const message of messages) {
    if (typeof message.content === "string") texts.push(message.content);
    else for (const part of message.content ?? []) if (part.type === "text") texts.push(part.text);
    if (message.role === "assistant" && message.tool_calls?.length) texts.push(JSON.stringify(message.tool_calls));
  }
  return texts.join("\n");
}

function imageTokens(messages: readonly ChatMessage[]): number {
  let tokens = 0;
  for (const { content } of messages) {
    if (typeof content === "string") continue;
    for (const part of content ?? []) if (part.type === "image_url") tokens += TOKENS_AN_IMAGE;
  }
  return tokens;
}
