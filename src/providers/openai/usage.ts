// The usage of vendors that speak OpenAI's dialect with other counts. OpenAI counts thinking inside completion_tokens; xAI
// counts it beside them, and Gemini's OpenAI door tells it in total_tokens alone: both bill it as output. DeepSeek and
// Moonshot tell cache hits, which they bill for less, by names of their own.

import { tokenCount } from "../../core/usage.ts";
import type { Usage } from "../../generated/types.ts";

type Told = NonNullable<Usage>;

/** The same usage as OpenAI would tell it; the very same object where it does. */
export function asOpenAiTells(usage: Told): Told {
  return withThinking(withCacheHits(usage));
}

function withCacheHits(usage: Told): Told {
  const { prompt_tokens_details: details, prompt_cache_hit_tokens: deepSeek, cached_tokens: moonshot } = usage;
  const cached_tokens = tokenCount(deepSeek) || tokenCount(moonshot);
  if (cached_tokens === 0 || tokenCount(details?.cached_tokens) > 0) return usage;
  return { ...usage, prompt_tokens_details: { ...details, cached_tokens } };
}

/** All thinking in completion_tokens. A total that cached input explains is left alone. */
function withThinking(usage: Told): Told {
  const prompt = tokenCount(usage.prompt_tokens);
  const completion = tokenCount(usage.completion_tokens);
  const beside = tokenCount(usage.total_tokens) - prompt - completion;
  if (prompt === 0 || beside <= 0 || !isThinking(beside, usage)) return usage;
  return {
    ...usage,
    completion_tokens: completion + beside,
    completion_tokens_details: { ...usage.completion_tokens_details, reasoning_tokens: beside },
  };
}

function isThinking(
  beside: number,
  { prompt_tokens_details: input, completion_tokens_details: output }: Told,
): boolean {
  if (output) return beside === tokenCount(output.reasoning_tokens);
  return beside !== tokenCount(input?.cached_tokens) + tokenCount(input?.cache_write_tokens);
}
