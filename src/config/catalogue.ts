// From configuration file, environment and discovery to the catalogue that routing reads. A new one is built whole for
// every change; nothing in it changes afterwards.

import {
  type Backend,
  type Catalogue,
  type Model,
  type ModelTimeouts,
  NO_TIMEOUTS,
  type ProviderEntry,
} from "../core/model.ts";
import { tokenPrices } from "../core/price.ts";
import type { DiscoveredModel } from "../core/provider.ts";
import type { BackendConfig, ModelConfig, ModelsConfig, ProviderConfig } from "../generated/types.ts";
import type { Env } from "./env.ts";
import { BUILT_IN } from "./providers.ts";

/** Models by provider that answered to discovery; a provider that was asked and did not answer has `undefined`. */
export type Discovered = ReadonlyMap<string, readonly DiscoveredModel[] | undefined>;

const TIMEOUTS = { connectMs: 10_000, firstByteMs: 300_000, idleMs: 120_000 };

export function buildCatalogue(config: ModelsConfig, env: Pick<Env, "provider">, discovered: Discovered): Catalogue {
  const names = new Set([...Object.keys(BUILT_IN), ...Object.keys(config.providers ?? {})]);
  const providers = new Map<string, ProviderEntry>();
  for (const name of names) providers.set(name, providerEntry(name, config.providers?.[name], env, discovered));
  const models = Object.entries(config.models).map(([id, model]) => configured(id, model, providers));
  const byName = new Map<string, Model>();
  for (const model of models) for (const name of [model.id, ...model.aliases]) byName.set(name, model);
  for (const model of found(discovered, providers)) {
    if (byName.has(model.id)) continue; // what the file says wins
    models.push(model);
    byName.set(model.id, model);
  }
  return { models, providers: [...providers.values()], byName };
}

function providerEntry(
  name: string,
  own: ProviderConfig | undefined,
  env: Pick<Env, "provider">,
  discovered: Discovered,
): ProviderEntry {
  const { dialect, base_url, auth } = {
    dialect: "openai" as const,
    base_url: "",
    auth: "bearer" as const,
    ...(Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined),
    ...own,
  };
  const { keys, baseUrl, keyVariable } = env.provider(name);
  const url = (baseUrl ?? base_url).replace(/\/+$/, "");
  const missing =
    auth === "bearer" && keys.length === 0
      ? keyVariable
      : discovered.has(name) && discovered.get(name) === undefined
        ? `${name} running at ${url}`
        : undefined;
  return {
    name,
    dialect,
    baseUrl: url,
    auth,
    keys:
      keys.length > 0
        ? keys.map((secret, index) => ({ label: `${name}-${index}`, secret }))
        : [{ label: name, secret: undefined }],
    timeouts: {
      connectMs: own?.connect_timeout_ms ?? TIMEOUTS.connectMs,
      firstByteMs: own?.first_byte_timeout_ms ?? TIMEOUTS.firstByteMs,
      idleMs: own?.idle_timeout_ms ?? TIMEOUTS.idleMs,
    },
    ...(missing === undefined ? {} : { missing }),
  };
}

function configured(id: string, model: ModelConfig, providers: ReadonlyMap<string, ProviderEntry>): Model {
  const backends = model.backends.map((backend, index) => toBackend(backend, index, providers));
  return {
    id,
    displayName: model.display_name ?? id,
    tier: model.tier ?? "standard",
    quality: model.quality ?? 50,
    capabilities: new Set(model.capabilities ?? []),
    contextWindow: model.context_window ?? 0,
    maxOutput: model.max_output,
    aliases: model.aliases ?? [],
    timeouts: modelTimeouts(model.timeouts),
    backends: backends.sort((a, b) => a.priority - b.priority),
    demo: backends.every((backend) => backend.provider.dialect === "embedded"),
  };
}

function modelTimeouts(own: ModelConfig["timeouts"]): ModelTimeouts {
  if (!own) return NO_TIMEOUTS;
  const { connect_ms, first_token_ms, idle_ms, total_ms } = own;
  return { connectMs: connect_ms, firstTokenMs: first_token_ms, idleMs: idle_ms, totalMs: total_ms };
}

function toBackend(config: BackendConfig, index: number, providers: ReadonlyMap<string, ProviderEntry>): Backend {
  const provider = providers.get(config.provider)!; // the file's reader has checked it
  const { model_id: modelId, priority = index + 1 } = config;
  return { provider, modelId, priority, prices: tokenPrices(config), config };
}

function* found(discovered: Discovered, providers: ReadonlyMap<string, ProviderEntry>): Generator<Model> {
  for (const [name, models] of discovered) {
    if (!providers.has(name)) continue; // gone from the file since it was asked
    for (const { modelId, contextWindow = 0, capabilities } of models ?? []) {
      const id = `${name}/${modelId}`;
      const backend: BackendConfig = { provider: name, model_id: modelId, free: true };
      yield {
        id,
        displayName: modelId,
        tier: "free",
        quality: 10,
        capabilities: new Set(["streaming", ...capabilities]),
        contextWindow,
        maxOutput: undefined,
        aliases: [],
        timeouts: NO_TIMEOUTS,
        backends: [toBackend(backend, 0, providers)],
        demo: false,
      };
    }
  }
}
