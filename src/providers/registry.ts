// A provider for every dialect. Total, so that a dialect without a provider does not compile; the embedded model loads
// with its first call and not before.

import type { Provider } from "../core/provider.ts";
import type { Dialect } from "../generated/types.ts";
import { createAnthropicProvider } from "./anthropic.ts";
import type { Http } from "./http.ts";
import { createOllamaProvider } from "./ollama.ts";
import { createOpenAiProvider } from "./openai.ts";

export interface ProvidersDeps {
  readonly http: Http;
  /** Brings the embedded provider; for tests. Default: its own module, when it is first used. */
  readonly loadEmbedded?: () => Promise<Provider>;
}

export function createProviders(deps: ProvidersDeps): Record<Dialect, Provider> {
  return {
    openai: createOpenAiProvider(deps.http),
    anthropic: createAnthropicProvider(deps.http),
    ollama: createOllamaProvider(deps.http),
    embedded: createLazyProvider(deps.loadEmbedded ?? loadEmbedded),
  };
}

async function loadEmbedded(): Promise<Provider> {
  const { createEmbeddedProvider } = await import("./embedded.ts");
  return createEmbeddedProvider();
}

/** Loads once; a load that failed is tried again with the next call. */
function createLazyProvider(load: () => Promise<Provider>): Provider {
  let loading: Promise<Provider> | undefined;
  const loaded = () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    async *stream(call) {
      yield* (await loaded()).stream(call);
    },
    async close() {
      const provider = await loading?.catch(() => undefined);
      await provider?.close();
    },
  };
}
