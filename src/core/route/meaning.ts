// What the name of a model means: a configured id or alias first (these may hold `:` and `/`), then auto, autocheapest,
// autobest, a configured provider/model_id, the suffixes :floor and :nitro, any model of a provider that costs nothing.

import { nameOf } from "../allowed.ts";
import { BrokerError } from "../errors.ts";
import { type Backend, type Catalogue, type Model, NO_TIMEOUTS, type ProviderEntry } from "../model.ts";
import type { Strategy } from "../plan.ts";
import { pricesOf } from "../price.ts";

/** `order`: how its backends are put in order; `undefined`: as configured. */
export type Meaning =
  | { readonly kind: "model"; readonly model: Model; readonly order: Strategy | undefined }
  | { readonly kind: "backend"; readonly model: Model; readonly backend: Backend; readonly order: undefined }
  | { readonly kind: "auto"; readonly order: Strategy };

const AUTO: Readonly<Record<string, Strategy | "configured">> = {
  auto: "configured",
  autocheapest: "cheapest",
  autobest: "best",
};
const SUFFIX: readonly (readonly [text: string, order: Strategy])[] = [
  [":floor", "cheapest"],
  [":nitro", "fastest"],
];
/** Characters of an unknown name that are told back. */
const LONGEST_NAME = 256;

/** `configured` is what `auto` does. Throws `model_not_found` with `param`. */
export function meaningOf(catalogue: Catalogue, name: string, configured: Strategy, param: string): Meaning {
  const plain = known(catalogue, name, configured);
  if (plain) return plain;
  for (const [suffix, order] of SUFFIX) {
    if (!name.endsWith(suffix)) continue;
    const base = name.slice(0, -suffix.length);
    const meaning = known(catalogue, base, configured) ?? direct(catalogue, base, param);
    return meaning.kind === "backend" ? meaning : { ...meaning, order };
  }
  return direct(catalogue, name, param);
}

function known(catalogue: Catalogue, name: string, configured: Strategy): Meaning | undefined {
  const model = catalogue.byName.get(name);
  if (model) return { kind: "model", model, order: undefined };
  const auto = Object.hasOwn(AUTO, name) ? AUTO[name] : undefined;
  if (auto) return { kind: "auto", order: auto === "configured" ? configured : auto };
  return name.includes("/") ? configuredBackend(catalogue, name) : undefined;
}

function configuredBackend(catalogue: Catalogue, name: string): Meaning | undefined {
  for (const model of catalogue.models)
    for (const backend of model.backends)
      if (name.endsWith(backend.modelId) && nameOf(backend) === name)
        return { kind: "backend", model, backend, order: undefined };
  return undefined;
}

function direct(catalogue: Catalogue, name: string, param: string): Meaning {
  const slash = name.indexOf("/");
  const provider = catalogue.providers.find((each) => each.name === name.slice(0, slash));
  const modelId = name.slice(slash + 1);
  if (slash < 0 || !provider || modelId === "") {
    throw new BrokerError("model_not_found", `No model is called "${name.slice(0, LONGEST_NAME)}"`, { param });
  }
  if (provider.auth === "bearer") {
    const shown = modelId.slice(0, LONGEST_NAME);
    throw new BrokerError(
      "model_not_found",
      `"${shown}" of ${provider.name} is not configured: add it to the models configuration with its price`,
      { param },
    );
  }
  return { kind: "backend", ...unlisted(catalogue, provider, name, modelId), order: undefined };
}

/** Free, unless the provider is known to take money for others of its models: then nobody knows what this one costs. */
function unlisted(
  catalogue: Catalogue,
  provider: ProviderEntry,
  id: string,
  modelId: string,
): { model: Model; backend: Backend } {
  const paid = catalogue.models.some(({ backends }) =>
    backends.some((each) => each.provider.name === provider.name && each.config.free !== true),
  );
  const config = { provider: provider.name, model_id: modelId, free: true };
  const backend = { provider, modelId, priority: 1, prices: paid ? undefined : pricesOf(config), config };
  const model: Model = {
    id,
    kind: "chat",
    displayName: id,
    tier: "free",
    quality: 0,
    capabilities: new Set(),
    contextWindow: 0,
    maxOutput: undefined,
    timeouts: NO_TIMEOUTS,
    aliases: [],
    backends: [backend],
    demo: false,
  };
  return { model, backend };
}
