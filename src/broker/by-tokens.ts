// Some audio models are billed by tokens, most by seconds or characters. Only of the former may a call count as tokens:
// limits would refuse a long recording for tokens that nobody charges.

import type { Catalogue } from "../core/model.ts";
import type { Needs } from "../core/needs.ts";

/** Of a call to these models, by id or alias; the estimates hold where one of their backends is billed by tokens. */
export function tokenNeeds(
  { byName }: Catalogue,
  models: readonly string[],
  estimate: { readonly input: number; readonly output: number },
): Pick<Needs, "promptTokens" | "maxTokens"> {
  const counts = models.some((name) =>
    byName.get(name)?.backends.some(({ config }) => config.input_cost !== undefined),
  );
  if (!counts) return { promptTokens: 0, maxTokens: 0 };
  return { promptTokens: Math.ceil(estimate.input), maxTokens: Math.ceil(estimate.output) };
}
