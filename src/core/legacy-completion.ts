// OpenAI's legacy completions in terms of chat: a prompt is what a user says, the text is what the model answers. What chat
// has no words for (token ids, a suffix, the best of many) is refused by name.

import type {
  ChatChunk,
  ChatCompletion,
  ChatCompletionsCreateParams,
  CompletionsCreateParams,
  Logprobs,
  TextCompletion,
} from "../generated/types.ts";
import { BrokerError } from "./errors.ts";

/** Each is a chat call of its own, one after the other. */
const MAX_PROMPTS = 20;

const SAME_IN_CHAT = [
  ...(["model", "models", "max_tokens", "temperature", "top_p", "n", "stop", "seed"] as const),
  ...(["frequency_penalty", "presence_penalty", "logit_bias", "user"] as const),
];

type TextChoice = TextCompletion["choices"][number];

/** The prompts of a request that chat can answer. Throws `invalid_params`. */
export function promptsOf(params: CompletionsCreateParams): string[] {
  const { prompt, n, best_of, suffix, echo, logprobs } = params;
  const prompts = typeof prompt === "string" ? [prompt] : prompt;
  if (typeof best_of === "number" && best_of > (n ?? 1)) throw unfit("/best_of", "above `n` is not supported");
  if (suffix) throw unfit("/suffix", "is not supported");
  if (echo && typeof logprobs === "number") throw unfit("/logprobs", "is not supported together with `echo`");
  if (prompts.length === 0) throw unfit("/prompt", "is required");
  if (prompts.length > MAX_PROMPTS) throw unfit("/prompt", `must have at most ${MAX_PROMPTS} texts`);
  return prompts.map((text) => {
    if (typeof text === "string") return text;
    throw unfit("/prompt", "token ids are not supported: send text");
  });
}

/** The chat call of one prompt; `maxCost` is what is left for it, in USD. */
export function toChatParams(
  params: CompletionsCreateParams,
  prompt: string,
  stream: boolean,
  maxCost: number | undefined,
): ChatCompletionsCreateParams {
  const chat: Record<string, unknown> = {};
  for (const name of SAME_IN_CHAT) {
    if (params[name] !== undefined && params[name] !== null) chat[name] = params[name];
  }
  if (typeof params.logprobs === "number") Object.assign(chat, { logprobs: true, top_logprobs: params.logprobs });
  return {
    ...(chat as Pick<ChatCompletionsCreateParams, "model">),
    messages: [{ role: "user", content: prompt }],
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(maxCost === undefined ? {} : { max_cost: maxCost }),
  };
}

/** What OpenAI calls the same answer there. */
export function completionId(chatId: string): string {
  return chatId.startsWith("cmpl-") ? chatId : `cmpl-${chatId.replace(/^chatcmpl-/, "")}`;
}

/** One prompt's answers, whole or in chunks; indices go on from `first`. */
export class TextAnswer {
  readonly #first: number;
  readonly #echo: string;
  /** By choice: characters told so far, the prompt's included; undefined: nothing yet. */
  readonly #told: (number | undefined)[] = [];

  constructor(first: number, echo: string) {
    this.#first = first;
    this.#echo = echo;
  }

  whole({ choices }: ChatCompletion): TextChoice[] {
    return choices.map(({ index, message, finish_reason, logprobs }) =>
      this.#choice(index, message.content ?? "", logprobs, finish_reason),
    );
  }

  /** Nothing where there is nothing to read. */
  part({ choices }: ChatChunk): TextChoice[] {
    const parts: TextChoice[] = [];
    for (const { index, delta, finish_reason, logprobs } of choices) {
      const part = this.#choice(index, delta.content ?? "", logprobs, finish_reason ?? null);
      if (part.text !== "" || part.finish_reason !== null) parts.push(part);
    }
    return parts;
  }

  #choice(index: number, said: string, logprobs: Logprobs | undefined, finish_reason: string | null): TextChoice {
    const begun = this.#told[index];
    const text = begun === undefined ? this.#echo + said : said;
    const at = begun ?? this.#echo.length;
    this.#told[index] = at + said.length;
    return { index: this.#first + index, text, logprobs: toLegacyLogprobs(logprobs, at), finish_reason };
  }
}

/** Lists side by side, a token each; `at` is the offset of the first in the text. */
function toLegacyLogprobs(logprobs: Logprobs | undefined, at: number): Record<string, unknown> | null {
  if (!logprobs?.content) return null;
  const tokens: string[] = [];
  const text_offset: number[] = [];
  let offset = at;
  for (const { token } of logprobs.content) {
    tokens.push(token);
    text_offset.push(offset);
    offset += token.length;
  }
  return {
    tokens,
    token_logprobs: logprobs.content.map(({ logprob }) => logprob),
    top_logprobs: logprobs.content.map(({ top_logprobs = [] }) =>
      Object.fromEntries(top_logprobs.map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset,
  };
}

function unfit(param: string, what: string): BrokerError {
  return new BrokerError("invalid_params", `${param}: ${what}`, { param });
}
