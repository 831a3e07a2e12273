// The catalogue: what the configuration file says, made ready for routing. A backend is one row under a model; a target
// is a backend made callable with one key of its provider.

import type { BackendConfig, Capability, Dialect, Tier } from "../generated/types.ts";
import type { ModelKind } from "./model-kind.ts";
import type { Prices } from "./price.ts";
import type { Secret } from "./secret.ts";

/** A provider as it can be called now. */
export interface ProviderEntry {
  readonly name: string;
  readonly dialect: Dialect;
  readonly baseUrl: string;
  /** `none`: works without a key. */
  readonly auth: "bearer" | "none";
  readonly keys: readonly ProviderKey[];
  readonly timeouts: Timeouts;
  /** Why it can't be called (the variable that is missing, or what is not reachable). */
  readonly missing?: string;
}

/** One key of a provider's pool. Labels (`openai-0`) name it in the request log; they are not secret. */
export interface ProviderKey {
  readonly label: string;
  readonly secret: Secret | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  /** From the request to the first byte of the answer. */
  readonly firstByteMs: number;
  /** Between two bytes of an answer. */
  readonly idleMs: number;
}

export interface Backend {
  readonly provider: ProviderEntry;
  /** The model's name at the provider. */
  readonly modelId: string;
  readonly priority: number;
  /** `undefined`: the price is not known. */
  readonly prices: Prices | undefined;
  readonly config: BackendConfig;
}

export interface Model {
  readonly id: string;
  readonly kind: ModelKind;
  readonly displayName: string;
  readonly tier: Tier;
  readonly quality: number;
  readonly capabilities: ReadonlySet<Capability>;
  /** Tokens; 0: not known. */
  readonly contextWindow: number;
  readonly maxOutput: number | undefined;
  readonly aliases: readonly string[];
  /** Instead of the provider's; milliseconds. */
  readonly timeouts: ModelTimeouts;
  /** By priority, then as written. */
  readonly backends: readonly Backend[];
  /** Of an embedding model: numbers in its vectors, where the configuration tells. */
  readonly dimensions?: number;
  /** Shown as a demonstration wherever it is listed. */
  readonly demo: boolean;
}

/** What a model's configuration says of time; `undefined`: the provider's, or no bound. */
export interface ModelTimeouts {
  readonly connectMs: number | undefined;
  /** From the request to the first text. */
  readonly firstTokenMs: number | undefined;
  readonly idleMs: number | undefined;
  /** The whole answer. */
  readonly totalMs: number | undefined;
}

export const NO_TIMEOUTS: ModelTimeouts = {
  connectMs: undefined,
  firstTokenMs: undefined,
  idleMs: undefined,
  totalMs: undefined,
};

/** The models of one kind; never changed in place, so a call keeps the one it began with. */
export interface Catalogue {
  readonly models: readonly Model[];
  readonly providers: readonly ProviderEntry[];
  /** Ids and aliases. */
  readonly byName: ReadonlyMap<string, Model>;
}

/** All models of one configuration. */
export type Catalogues = Readonly<Record<ModelKind, Catalogue>>;

/** A provider that has what it needs to be called. */
export function isUsable(provider: ProviderEntry): boolean {
  return provider.missing === undefined;
}

export function isUsableModel(model: Model): boolean {
  return model.backends.some((backend) => isUsable(backend.provider));
}
