// Targets for tests of providers: one model at one provider with one key.

import { NO_TIMEOUTS, type ProviderEntry, type Timeouts } from "../../src/core/model.ts";
import type { ProviderCall } from "../../src/core/provider.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Target } from "../../src/core/target.ts";
import type { ChatCompletionsCreateParams, Dialect } from "../../src/generated/types.ts";

export interface TargetOptions {
  readonly url: string;
  readonly dialect?: Dialect;
  readonly modelId?: string;
  /** `null`: the provider works without a key. */
  readonly secret?: string | null;
  readonly timeouts?: Partial<Timeouts>;
  readonly maxOutput?: number;
}

export const SECRET = "sk-test-0123456789abcdef";

export function createTarget(options: TargetOptions): Target {
  const { url, dialect = "openai", modelId = "vendor-model", secret = SECRET } = options;
  const key = { label: "vendor-0", secret: secret === null ? undefined : new Secret(secret) };
  const provider: ProviderEntry = {
    name: "vendor",
    dialect,
    baseUrl: url,
    auth: secret === null ? "none" : "bearer",
    keys: [key],
    timeouts: { connectMs: 2_000, firstByteMs: 60_000, idleMs: 60_000, ...options.timeouts },
  };
  const config = { provider: "vendor", model_id: modelId };
  const backend = { provider, modelId, priority: 0, prices: undefined, config };
  const model = {
    id: "our-model",
    kind: "chat" as const,
    displayName: "Our model",
    tier: "standard" as const,
    quality: 50,
    capabilities: new Set<never>(),
    contextWindow: 0,
    maxOutput: options.maxOutput,
    aliases: [],
    timeouts: NO_TIMEOUTS,
    backends: [backend],
    demo: false,
  };
  return { model, backend, key };
}

export function createCall(
  target: Target,
  params: Partial<ChatCompletionsCreateParams> = {},
  signal: AbortSignal = new AbortController().signal,
): ProviderCall {
  return { target, params: { model: "our-model", messages: [{ role: "user", content: "Hello" }], ...params }, signal };
}
