// messages.*: conversations in Anthropic's dialect, over the same engine as chat.

import { type AnswerMessageDeps, answerMessage } from "../broker/answer-message.ts";
import { measure } from "../broker/measure.ts";
import type { TokenCounter } from "../broker/token-counter.ts";
import type { Call } from "../core/call.ts";
import { toChat } from "../core/messages/to-chat.ts";
import { meaningOf } from "../core/route/meaning.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { MessagesCountTokensParams, TokenCount } from "../generated/types.ts";

export interface MessagesDeps extends AnswerMessageDeps {
  readonly counter: TokenCounter;
}

export function messagesMethods(deps: MessagesDeps): HandlersOf<"messages", Call> {
  return {
    "messages.create": (params, call) => answerMessage(deps, params, call),
    "messages.countTokens": (params) => countTokens(deps, params),
  };
}

/** What a prompt would be counted as, were it sent. Throws `model_not_found`. */
async function countTokens(
  { counter, catalogue }: MessagesDeps,
  params: MessagesCountTokensParams,
): Promise<TokenCount> {
  meaningOf(catalogue(), params.model, "cheapest", "model");
  const { messages, tools } = toChat({ ...params, max_tokens: 0 }, false);
  const { usage } = await measure(counter, {
    told: undefined,
    messages,
    tools,
    text: () => "",
    whole: false,
    spent: true,
  });
  return { input_tokens: usage.prompt_tokens };
}
