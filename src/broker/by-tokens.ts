// How many tokens a call of another kind than chat may come to. Some audio models are billed by tokens, most by seconds or
// characters; only of the former may a call count as tokens: limits would refuse a long recording for tokens that nobody
// charges.

import type { Catalogue } from "../core/model.ts";
import type { Needs } from "../core/needs.ts";
import { tokensAtMost, tokensRoughly } from "../core/text-size.ts";

/** `auto`, `provider/model_id`, `id:floor`: what they mean is known to the router alone. */
const INDIRECT = /^auto|[/:]/;

/** Of a call whose prompt is this text, which is billed by tokens. */
export function promptNeeds(text: string): Pick<Needs, "promptTokens" | "promptTokensAtMost"> {
  return { promptTokens: tokensRoughly(text.length), promptTokensAtMost: tokensAtMost(Buffer.byteLength(text)) };
}

/** Of a call to these models; the estimates hold where a backend that they may mean is billed by tokens. */
export function tokenNeeds(
  { models: all, byName }: Catalogue,
  models: readonly string[],
  estimate: { readonly input: number; readonly output: number },
): Pick<Needs, "promptTokens" | "maxTokens"> {
  const counts = models.some((name) => {
    const named = byName.get(name);
    const meant = named ? [named] : INDIRECT.test(name) ? all : [];
    return meant.some(({ backends }) => backends.some(({ config }) => config.input_cost !== undefined));
  });
  if (!counts) return { promptTokens: 0, maxTokens: 0 };
  return { promptTokens: Math.ceil(estimate.input), maxTokens: Math.ceil(estimate.output) };
}
