// What a key may use: patterns name models by id or alias, or one backend as provider/model_id.

import { allows } from "./key.ts";
import type { Backend, Model } from "./model.ts";

/** `provider/model_id`: the name of a backend wherever it stands. */
export function nameOf({ provider, modelId }: Backend): string {
  return `${provider.name}/${modelId}`;
}

/** `undefined` as patterns allows all. */
export function mayUse(patterns: readonly string[] | undefined, model: Model, backend: Backend): boolean {
  if (patterns === undefined) return true;
  return allows(patterns, [model.id, ...model.aliases, nameOf(backend)]);
}

/** Backends of a model that may be used; none: the model is not for this key. */
export function usableBy(patterns: readonly string[] | undefined, model: Model): readonly Backend[] {
  return patterns === undefined ? model.backends : model.backends.filter((each) => mayUse(patterns, model, each));
}
