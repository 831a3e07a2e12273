// From configuration file, environment and discovery to the catalogue that routing reads. A new one is built whole for
// every change; nothing in it changes afterwards.

import {
  type Backend,
  type Catalogue,
  type Catalogues,
  type Model,
  type ModelTimeouts,
  NO_TIMEOUTS,
  type ProviderEntry,
} from "../core/model.ts";
import type { ModelKind } from "../core/model-kind.ts";
import { pricesOf } from "../core/price.ts";
import type { DiscoveredModel } from "../core/provider.ts";
import type { BackendConfig, ModelConfig, ModelsConfig, ProviderConfig } from "../generated/types.ts";
import type { Env } from "./env.ts";
import { BUILT_IN } from "./providers.ts";

/** Models by provider that answered to discovery; a provider that was asked and did not answer has `undefined`. */
export type Discovered = ReadonlyMap<string, readonly DiscoveredModel[] | undefined>;

const TIMEOUTS = { connectMs: 10_000, firstByteMs: 300_000, idleMs: 120_000 };

/** The configuration's section of each kind. */
const SECTIONS = {
  chat: "models",
  embedding: "embedding_models",
  transcription: "stt_models",
  speech: "tts_models",
  moderation: "moderation_models",
  image: "image_models",
} as const satisfies Record<ModelKind, keyof ModelsConfig>;

export function buildCatalogues(config: ModelsConfig, env: Pick<Env, "provider">, discovered: Discovered): Catalogues {
  const names = new Set([...Object.keys(BUILT_IN), ...Object.keys(config.providers ?? {})]);
  const providers = new Map<string, ProviderEntry>();
  for (const name of names) providers.set(name, providerEntry(name, config.providers?.[name], env, discovered));
  const entries = [...providers.values()];
  const section = (kind: ModelKind): Catalogue => {
    const models = Object.entries(config[SECTIONS[kind]] ?? {}).map(([id, model]) =>
      configured(id, kind, model, providers),
    );
    // What the file says wins over what was found.
    const named = namesOf(models);
    if (kind === "chat") for (const model of found(discovered, providers)) if (!named.has(model.id)) models.push(model);
    return { models, providers: entries, byName: namesOf(models) };
  };
  return {
    chat: section("chat"),
    embedding: section("embedding"),
    transcription: section("transcription"),
    speech: section("speech"),
    moderation: section("moderation"),
    image: section("image"),
  };
}

function namesOf(models: readonly Model[]): Map<string, Model> {
  return new Map(models.flatMap((model) => [model.id, ...model.aliases].map((name) => [name, model] as const)));
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

function configured(
  id: string,
  kind: ModelKind,
  model: ModelConfig,
  providers: ReadonlyMap<string, ProviderEntry>,
): Model {
  const backends = model.backends.map((backend, index) => toBackend(backend, index, kind, providers));
  return {
    id,
    kind,
    displayName: model.display_name ?? id,
    tier: model.tier ?? "standard",
    quality: model.quality ?? 50,
    capabilities: new Set(model.capabilities ?? []),
    contextWindow: model.context_window ?? 0,
    maxOutput: model.max_output,
    aliases: model.aliases ?? [],
    timeouts: modelTimeouts(model.timeouts),
    backends: backends.sort((a, b) => a.priority - b.priority),
    ...(model.dimensions === undefined ? {} : { dimensions: model.dimensions }),
    demo: backends.every((backend) => backend.provider.dialect === "embedded"),
  };
}

function modelTimeouts(own: ModelConfig["timeouts"]): ModelTimeouts {
  if (!own) return NO_TIMEOUTS;
  const { connect_ms, first_token_ms, idle_ms, total_ms } = own;
  return { connectMs: connect_ms, firstTokenMs: first_token_ms, idleMs: idle_ms, totalMs: total_ms };
}

function toBackend(
  config: BackendConfig,
  index: number,
  kind: ModelKind,
  providers: ReadonlyMap<string, ProviderEntry>,
): Backend {
  const provider = providers.get(config.provider)!; // the file's reader has checked it
  const { model_id: modelId, priority = index + 1 } = config;
  return { provider, modelId, priority, prices: pricesOf(config, kind), config };
}

function* found(discovered: Discovered, providers: ReadonlyMap<string, ProviderEntry>): Generator<Model> {
  for (const [name, models] of discovered) {
    if (!providers.has(name)) continue; // gone from the file since it was asked
    for (const { modelId, contextWindow = 0, capabilities } of models ?? []) {
      const id = `${name}/${modelId}`;
      const backend: BackendConfig = { provider: name, model_id: modelId, free: true };
      yield {
        id,
        kind: "chat",
        displayName: modelId,
        tier: "free",
        quality: 10,
        capabilities: new Set(["streaming", ...capabilities]),
        contextWindow,
        maxOutput: undefined,
        aliases: [],
        timeouts: NO_TIMEOUTS,
        backends: [toBackend(backend, 0, "chat", providers)],
        demo: false,
      };
    }
  }
}
