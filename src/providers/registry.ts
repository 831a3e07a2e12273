// A provider for every dialect. Total, so that a dialect without a provider does not compile; the embedded model loads
// with its first call and not before.

import type { ChatProvider, Provider } from "../core/provider.ts";
import type { Dialect } from "../generated/types.ts";
import { createAnthropicProvider } from "./anthropic.ts";
import { createCommandProvider } from "./command.ts";
import { SPEECH_FORMATS } from "./embedded/voices.ts";
import type { EmbeddedProvider } from "./embedded.ts";
import type { Http } from "./http.ts";
import { createOllamaProvider } from "./ollama.ts";
import { createOpenAiProvider } from "./openai.ts";

export interface ProvidersDeps {
  readonly http: Http;
  /** Brings the embedded provider; for tests. Default: its own module, when it is first used. */
  readonly loadEmbedded?: () => Promise<EmbeddedProvider>;
}

export type Providers = Record<Exclude<Dialect, "command">, ChatProvider> & { readonly command: Provider };

export function createProviders(deps: ProvidersDeps): Providers {
  return {
    openai: createOpenAiProvider(deps.http),
    anthropic: createAnthropicProvider(deps.http),
    ollama: createOllamaProvider(deps.http),
    embedded: createLazyProvider(deps.loadEmbedded ?? loadEmbedded),
    command: createCommandProvider(),
  };
}

async function loadEmbedded(): Promise<EmbeddedProvider> {
  const { createEmbeddedProvider } = await import("./embedded.ts");
  return createEmbeddedProvider();
}

/** Loads once; a load that failed is tried again with the next call. */
function createLazyProvider(load: () => Promise<EmbeddedProvider>): EmbeddedProvider {
  let loading: Promise<EmbeddedProvider> | undefined;
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
    async embed(call) {
      return (await loaded()).embed(call);
    },
    speechFormats: SPEECH_FORMATS,
    async speak(call) {
      return (await loaded()).speak(call);
    },
    async close() {
      const provider = await loading?.catch(() => undefined);
      await provider?.close();
    },
  };
}
