// Which backends may serve a request, in the order in which to try them. Pure: the catalogue in, candidates out.

import type { Tier } from "../generated/types.ts";
import { BrokerError } from "./errors.ts";
import { type Backend, type Catalogue, isUsable, isUsableModel, type Model, type ProviderEntry } from "./model.ts";
import type { Needs } from "./needs.ts";
import { tokenPrices } from "./price.ts";

export type Strategy = "cheapest" | "best";

export interface Candidate {
  readonly model: Model;
  readonly backend: Backend;
}

/** Models tried for one `auto` request. */
const MAX_AUTO_MODELS = 8;
/** Output assumed when the request sets no limit, to compare costs. */
const ASSUMED_OUTPUT_TOKENS = 500;
const TIER_RANK: Readonly<Record<Tier, number>> = { premium: 3, standard: 2, economy: 1, free: 0 };

const AUTO: Readonly<Record<string, Strategy | "configured">> = {
  auto: "configured",
  autocheapest: "cheapest",
  autobest: "best",
};

/**
 * Candidates for the model that was asked for, at least one. `needs` is asked for only where it matters. Throws
 * `model_not_found`, `no_usable_target`, `capability_missing` or `context_length_exceeded`.
 */
export function route(catalogue: Catalogue, asked: string, needs: () => Needs, configured: Strategy): Candidate[] {
  const model = catalogue.byName.get(asked);
  if (model) return usableBackends(model);
  const auto = Object.hasOwn(AUTO, asked) ? AUTO[asked] : undefined;
  if (auto) return automatic(catalogue, needs(), auto === "configured" ? configured : auto);
  return direct(catalogue, asked);
}

function usableBackends(model: Model): Candidate[] {
  const candidates = model.backends
    .filter((backend) => isUsable(backend.provider))
    .map((backend) => ({ model, backend }));
  if (candidates.length > 0) return candidates;
  const missing = [...new Set(model.backends.map((backend) => backend.provider.missing ?? ""))].filter(Boolean);
  throw new BrokerError(
    "no_usable_target",
    `The model "${model.id}" can't be called: it needs ${missing.join(" or ")}`,
    {
      param: "model",
      missing,
    },
  );
}

function automatic(catalogue: Catalogue, needs: Needs, strategy: Strategy): Candidate[] {
  const usable = catalogue.models.filter(isUsableModel);
  const real = usable.filter((model) => !model.demo);
  // The demo model answers only where nothing else can be called at all.
  const pool = real.length > 0 ? real : usable;
  if (pool.length === 0) throw new BrokerError("no_usable_target", "No model can be called: no provider has a key");
  const capable = pool.filter((model) => [...needs.capabilities].every((each) => model.capabilities.has(each)));
  if (capable.length === 0) {
    const capabilities = [...needs.capabilities];
    throw new BrokerError("capability_missing", `No usable model has ${capabilities.join(" and ")}`, { capabilities });
  }
  const able = capable.filter((model) => fits(model, needs));
  if (able.length === 0) {
    throw new BrokerError("context_length_exceeded", `No usable model takes about ${needs.promptTokens} tokens`, {
      param: "messages",
    });
  }
  const compare = strategy === "best" ? byQuality : byCost(needs);
  return able.sort(compare).slice(0, MAX_AUTO_MODELS).flatMap(usableBackends);
}

function fits(model: Model, needs: Needs): boolean {
  return model.contextWindow === 0 || needs.promptTokens + (needs.maxTokens ?? 0) <= model.contextWindow;
}

function byQuality(a: Model, b: Model): number {
  return TIER_RANK[b.tier] - TIER_RANK[a.tier] || b.quality - a.quality || compareIds(a, b);
}

function byCost(needs: Needs): (a: Model, b: Model) => number {
  const output = needs.maxTokens ?? ASSUMED_OUTPUT_TOKENS;
  const costs = new Map<Model, number>();
  const costOf = (model: Model): number => {
    let cost = costs.get(model);
    if (cost === undefined) {
      const prices = model.backends.find((backend) => isUsable(backend.provider))?.prices;
      cost = prices ? needs.promptTokens * prices.inputUncached + output * prices.outputText : Number.POSITIVE_INFINITY;
      costs.set(model, cost);
    }
    return cost;
  };
  // Two unknown prices are equal, not NaN.
  return (a, b) => (costOf(a) === costOf(b) ? compareIds(a, b) : costOf(a) - costOf(b));
}

function compareIds(a: Model, b: Model): number {
  return (a.backends[0]?.priority ?? 0) - (b.backends[0]?.priority ?? 0) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** `provider/model_id`: a configured backend, or any model of a provider that costs nothing. */
function direct(catalogue: Catalogue, asked: string): Candidate[] {
  const slash = asked.indexOf("/");
  const provider = catalogue.providers.find((each) => each.name === asked.slice(0, slash));
  const modelId = asked.slice(slash + 1);
  if (slash < 0 || !provider || modelId === "") throw notFound(asked);
  const known = catalogue.models
    .flatMap((model) => model.backends.map((backend) => ({ model, backend })))
    .filter(({ backend }) => backend.provider.name === provider.name && backend.modelId === modelId);
  if (known.length === 0 && provider.auth === "bearer") {
    throw new BrokerError(
      "model_not_found",
      `"${modelId}" of ${provider.name} is not configured: add it to the models configuration with its price`,
      { param: "model" },
    );
  }
  if (!isUsable(provider)) {
    throw new BrokerError("no_usable_target", `${provider.name} can't be called: it needs ${provider.missing}`, {
      param: "model",
      missing: [provider.missing],
    });
  }
  return known.length > 0 ? known.slice(0, 1) : [freeCandidate(provider, asked, modelId)];
}

function freeCandidate(provider: ProviderEntry, id: string, modelId: string): Candidate {
  const config = { provider: provider.name, model_id: modelId, free: true };
  const backend = { provider, modelId, priority: 1, prices: tokenPrices(config), config };
  const model: Model = {
    id,
    displayName: id,
    tier: "free",
    quality: 0,
    capabilities: new Set(),
    contextWindow: 0,
    maxOutput: undefined,
    aliases: [],
    backends: [backend],
    demo: false,
  };
  return { model, backend };
}

function notFound(asked: string): BrokerError {
  return new BrokerError("model_not_found", `No model is called "${asked.slice(0, 256)}"`, { param: "model" });
}
