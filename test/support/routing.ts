// Catalogues and requests for tests of routing, without a file behind them.

import { type Backend, type Catalogue, type Model, NO_TIMEOUTS, type ProviderEntry } from "../../src/core/model.ts";
import type { Needs } from "../../src/core/needs.ts";
import type { Ask, Outlook } from "../../src/core/plan.ts";
import { pricesOf } from "../../src/core/price.ts";
import { NO_UNITS } from "../../src/core/usage.ts";
import type { BackendConfig } from "../../src/generated/types.ts";

export const OPENAI = provider("openai");
export const GROQ = provider("groq");
/** Without a key. */
export const ABSENT = provider("anthropic", false);
export const LOCAL = provider("ollama", true, "none");
export const EMBEDDED = provider("embedded", true, "none");

/** With one key unless told otherwise. */
export function provider(
  name: string,
  usable = true,
  auth: ProviderEntry["auth"] = "bearer",
  keys: readonly string[] = [`${name}-0`],
): ProviderEntry {
  return {
    name,
    dialect: name === "embedded" ? "embedded" : "openai",
    baseUrl: `http://${name}`,
    auth,
    keys: keys.map((label) => ({ label, secret: undefined })),
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1 },
    ...(usable ? {} : { missing: `${name.toUpperCase()}_API_KEY` }),
  };
}

export function backend(from: ProviderEntry, modelId: string, more: Partial<BackendConfig> = {}): Backend {
  const config = { provider: from.name, model_id: modelId, ...more };
  return { provider: from, modelId, priority: more.priority ?? 1, prices: pricesOf(config), config };
}

export function model(id: string, backends: readonly Backend[], more: Partial<Model> = {}): Model {
  return {
    id,
    kind: "chat",
    displayName: id,
    tier: "standard",
    quality: 50,
    capabilities: new Set(),
    contextWindow: 100_000,
    maxOutput: undefined,
    aliases: [],
    timeouts: NO_TIMEOUTS,
    backends,
    demo: false,
    ...more,
  };
}

export function catalogue(
  models: readonly Model[],
  providers: readonly ProviderEntry[] = [OPENAI, GROQ, ABSENT, LOCAL, EMBEDDED],
): Catalogue {
  const named = models.flatMap((each) => [each.id, ...each.aliases].map((name): [string, Model] => [name, each]));
  return { models, providers, byName: new Map(named) };
}

/** USD per million tokens. */
export function price(input: number, output: number): { input_cost: number; output_cost: number } {
  return { input_cost: input, output_cost: output };
}

export const PLAIN: Needs = {
  capabilities: new Set(),
  promptTokens: 10,
  promptTokensAtMost: 10,
  maxTokens: undefined,
  choices: 1,
  units: NO_UNITS,
};

export function needing(more: Partial<Needs>): Needs {
  const { promptTokens = PLAIN.promptTokens } = more;
  return { ...PLAIN, promptTokensAtMost: promptTokens, ...more };
}

export function asking(model: string, more: Partial<Ask> = {}): Ask {
  return {
    ...{ model, models: [], needs: PLAIN, allowed: undefined, maxCost: undefined, unknownPrice: "flag" },
    ...{ strategy: "cheapest", chance: () => 0.5, ...more },
  };
}

export const NOW = 1_000_000;
/** All targets are ready and nothing was measured. */
export const WELL: Outlook = { now: () => NOW, coolingUntil: () => undefined, speed: () => undefined };

/** `model>provider/model_id` of each, in order. */
export function names(list: readonly { readonly model: Model; readonly backend: Backend }[]): string[] {
  return list.map((each) => `${each.model.id}>${each.backend.provider.name}/${each.backend.modelId}`);
}
