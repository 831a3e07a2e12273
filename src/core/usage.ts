// Usage in one normal form: parts that never overlap and are never negative, so that each can have its own price.
// Providers report in OpenAI's shape (prompt_tokens includes cached tokens); adapters of other dialects translate to it.

import type { Usage } from "../generated/types.ts";

/** Tokens by kind; the input parts sum to prompt_tokens, the output parts to completion_tokens. */
export interface TokenParts {
  readonly inputUncached: number;
  readonly cacheRead: number;
  /** Written to a cache of the default lifetime (5 minutes at Anthropic). */
  readonly cacheWrite: number;
  readonly cacheWrite1h: number;
  readonly audioInput: number;
  readonly outputText: number;
  readonly reasoning: number;
  readonly audioOutput: number;
}

export const NO_TOKENS: TokenParts = {
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: 0,
  audioInput: 0,
  outputText: 0,
  reasoning: 0,
  audioOutput: 0,
};

/** What is not counted in tokens. */
export interface Units {
  /** Of audio. */
  readonly seconds: number;
  /** Of spoken text, in UTF-16 units. */
  readonly characters: number;
  readonly images: number;
}

export const NO_UNITS: Units = { seconds: 0, characters: 0, images: 0 };

/** Counted for one call at most: a provider's absurd number must not make a row that can't be written. */
export const MAX_TOKENS = 1_000_000_000;

/** Splits a provider's usage. A part larger than what is left of its total is clamped, so the sum always holds. */
export function tokenParts(usage: NonNullable<Usage>): TokenParts {
  const input = new Remainder(usage.prompt_tokens);
  const output = new Remainder(usage.completion_tokens);
  const written = tokenCount(usage.prompt_tokens_details?.cache_write_tokens);
  const written1h = Math.min(written, tokenCount(usage.prompt_tokens_details?.cache_write_1h_tokens));
  const cacheRead = input.take(usage.prompt_tokens_details?.cached_tokens);
  const cacheWrite1h = input.take(written1h);
  const cacheWrite = input.take(written - written1h);
  const audioInput = input.take(usage.prompt_tokens_details?.audio_tokens);
  const reasoning = output.take(usage.completion_tokens_details?.reasoning_tokens);
  const audioOutput = output.take(usage.completion_tokens_details?.audio_tokens);
  return {
    inputUncached: input.left,
    cacheRead,
    cacheWrite,
    cacheWrite1h,
    audioInput,
    outputText: output.left,
    reasoning,
    audioOutput,
  };
}

/** The parts in OpenAI's shape again, kinds that there are none of left out: `tokenParts` of it gives the same parts. */
export function usageOf(tokens: TokenParts): NonNullable<Usage> {
  const { cacheRead, cacheWrite, cacheWrite1h, audioInput, reasoning, audioOutput } = tokens;
  const prompt_tokens = inputTokens(tokens);
  const completion_tokens = outputTokens(tokens);
  const input = someOf({
    cached_tokens: cacheRead,
    cache_write_tokens: cacheWrite + cacheWrite1h,
    cache_write_1h_tokens: cacheWrite1h,
    audio_tokens: audioInput,
  });
  const output = someOf({ reasoning_tokens: reasoning, audio_tokens: audioOutput });
  return {
    ...{ prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
    ...(input ? { prompt_tokens_details: input } : undefined),
    ...(output ? { completion_tokens_details: output } : undefined),
  };
}

function someOf(counts: Readonly<Record<string, number>>): Record<string, number> | undefined {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? undefined : Object.fromEntries(some);
}

type Told = NonNullable<Usage>;

/** What a stream has told by now: some tell input and output apart, or zeros at the end, which take nothing back. */
export function laterUsage(before: Told | undefined, now: Told): Told {
  if (!before) return now;
  const { prompt_tokens_details: input, completion_tokens_details: output } = before;
  const usage = laterCounts(before, now);
  if (input) usage.prompt_tokens_details = laterCounts(input, now.prompt_tokens_details ?? {});
  if (output) usage.completion_tokens_details = laterCounts(output, now.completion_tokens_details ?? {});
  const isWhole = now.prompt_tokens > 0 && now.completion_tokens > 0;
  if (!isWhole) usage.total_tokens = tokenCount(usage.prompt_tokens) + tokenCount(usage.completion_tokens);
  return usage;
}

function laterCounts<Counts extends object>(before: Counts, now: Counts): Counts {
  const counts = { ...now };
  for (const name in before)
    if (tokenCount(before[name]) > 0 && tokenCount(now[name]) === 0) counts[name] = before[name];
  return counts;
}

/** All input, whatever its kind. */
export function inputTokens(tokens: TokenParts): number {
  return tokens.inputUncached + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWrite1h + tokens.audioInput;
}

/** All output, whatever its kind. */
export function outputTokens(tokens: TokenParts): number {
  return tokens.outputText + tokens.reasoning + tokens.audioOutput;
}

export function addTokens(a: TokenParts, b: TokenParts): TokenParts {
  return {
    inputUncached: a.inputUncached + b.inputUncached,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    audioInput: a.audioInput + b.audioInput,
    outputText: a.outputText + b.outputText,
    reasoning: a.reasoning + b.reasoning,
    audioOutput: a.audioOutput + b.audioOutput,
  };
}

export function addUnits(a: Units, b: Units): Units {
  return { seconds: a.seconds + b.seconds, characters: a.characters + b.characters, images: a.images + b.images };
}

class Remainder {
  left: number;

  constructor(total: number) {
    this.left = tokenCount(total);
  }

  take(part: number | null | undefined): number {
    const taken = Math.min(this.left, tokenCount(part));
    this.left -= taken;
    return taken;
  }
}

/** What a provider says as a count that can be believed: whole, not negative, not absurd. */
export function tokenCount(value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return 0;
  return Math.min(MAX_TOKENS, Math.floor(value));
}
