// One call inside the model's thread: prompt, then choice after choice, a token a step, so that calls can take turns.
// What it writes depends on its request alone, not on who else is served.

import type { TokenLogprob } from "../../generated/types.ts";
import type { KeyValueCache } from "./cache.ts";
import type { LanguageModel } from "./model.ts";
import { buildPrompt } from "./prompt.ts";
import type { Delta, GenerateRequest, Spent } from "./protocol.ts";
import { createRandom } from "./random.ts";
import { chooseToken, likelihoods } from "./sampling.ts";
import { TextOut } from "./text-out.ts";

/** `undefined`: the newest message is longer than the context. */
export function startGeneration(model: LanguageModel, request: GenerateRequest): Generation | undefined {
  const prompt = buildPrompt(model.tokenizer, request.turns, model.context, request.maxTokens);
  return prompt && new Generation(model, request, prompt);
}

/** One of the `n` answers of a call. */
interface Choice {
  readonly index: number;
  readonly out: TextOut;
  readonly random: () => number;
  readonly counts: Map<number, number>;
  tokens: number;
}

export class Generation {
  /** Every choice is finished. */
  done = false;
  readonly #model: LanguageModel;
  readonly #request: GenerateRequest;
  readonly #prompt: readonly number[];
  readonly #mostTokens: number;
  readonly #cache: KeyValueCache;
  #choice: Choice;
  #lastToken = -1;
  #completionTokens = 0;

  constructor(model: LanguageModel, request: GenerateRequest, prompt: readonly number[]) {
    this.#model = model;
    this.#request = request;
    this.#prompt = prompt;
    this.#mostTokens = Math.min(request.maxTokens ?? model.context, model.context - prompt.length);
    this.#cache = model.decoder.createCache();
    this.#choice = this.#begin(0);
  }

  get spent(): Spent {
    return { prompt: this.#prompt.length, completion: this.#completionTokens };
  }

  /** Feeds one token. Gives a delta when there is something to show; not to be called once `done`. */
  step(): Delta | undefined {
    const { decoder } = this.#model;
    const position = this.#cache.length;
    decoder.feed(this.#cache, this.#prompt[position] ?? this.#lastToken);
    return position + 1 < this.#prompt.length ? undefined : this.#write(decoder.logits());
  }

  #begin(index: number): Choice {
    const { stops, seed } = this.#request;
    return { index, out: new TextOut(stops), random: createRandom(seed, index), counts: new Map(), tokens: 0 };
  }

  #write(logits: Float32Array): Delta | undefined {
    const { tokenizer } = this.#model;
    const choice = this.#choice;
    const token = chooseToken(logits, this.#request, choice.counts, choice.random);
    this.#lastToken = token;
    choice.counts.set(token, (choice.counts.get(token) ?? 0) + 1);
    choice.tokens++;
    this.#completionTokens++;
    if (tokenizer.isSpecial(token)) return this.#finish("stop", "", []);
    const { text, logprobs } = choice.out.push(tokenizer.bytes(token), this.#logprob(logits, token));
    if (choice.out.stopped || choice.tokens >= this.#mostTokens) return this.#finish("length", text, logprobs);
    return text === "" ? undefined : this.#delta(text, logprobs, undefined);
  }

  /** Ends the choice; the next one goes back to the last token of the prompt. */
  #finish(reason: "stop" | "length", text: string, logprobs: TokenLogprob[]): Delta {
    const choice = this.#choice;
    const rest = choice.out.finish();
    const delta = this.#delta(text + rest.text, [...logprobs, ...rest.logprobs], choice.out.stopped ? "stop" : reason);
    if (choice.index + 1 < this.#request.choices) {
      this.#cache.rewind(this.#prompt.length - 1);
      this.#choice = this.#begin(choice.index + 1);
    } else {
      this.done = true;
    }
    return delta;
  }

  #delta(text: string, logprobs: TokenLogprob[], finish: Delta["finish"]): Delta {
    const wanted = this.#request.topLogprobs !== undefined;
    return { choice: this.#choice.index, text, logprobs: wanted ? logprobs : undefined, finish };
  }

  #logprob(logits: Float32Array, token: number): TokenLogprob | undefined {
    const { topLogprobs } = this.#request;
    if (topLogprobs === undefined) return undefined;
    const { chosen, top } = likelihoods(logits, token, topLogprobs);
    const shown = (one: typeof chosen): TokenLogprob => this.#shown(one.token, one.logprob);
    return { ...shown(chosen), top_logprobs: top.map(shown) };
  }

  #shown(token: number, logprob: number): TokenLogprob {
    const { tokenizer } = this.#model;
    return { token: tokenizer.name(token), logprob, bytes: [...tokenizer.bytes(token)] };
  }
}
