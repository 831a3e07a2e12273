// The provider that needs no key and no network: a tiny demo model, one for embeddings and a voice, each in a
// thread of this process. Weights and computation live in those threads; here are only translation and delivery.

import { randomInt, randomUUID } from "node:crypto";
import { extname } from "node:path";
import type { ChunkRun } from "../core/completion.ts";
import type { ChatProvider, Provider, ProviderCall } from "../core/provider.ts";
import { ChunkWriter } from "./embedded/chunks.ts";
import { createEmbedder } from "./embedded/embedding.ts";
import { ModelThread } from "./embedded/model-thread.ts";
import { toGenerateRequest } from "./embedded/request.ts";
import { createVoice } from "./embedded/voice.ts";
import { aborted } from "./local-failure.ts";

export interface EmbeddedDeps {
  /** Module of the model's thread. */
  readonly workerUrl?: URL;
}

export type EmbeddedProvider = ChatProvider & Required<Pick<Provider, "embed" | "speak">>;

/** Seeds below this are tried when the caller names none. */
const SEEDS = 2 ** 32;

/** Starts nothing before the first call. */
export function createEmbeddedProvider(deps: EmbeddedDeps = {}): EmbeddedProvider {
  // Beside this file in either form, source or compiled.
  const entry = deps.workerUrl ?? new URL(`embedded/worker${extname(import.meta.url)}`, import.meta.url);
  const thread = new ModelThread(entry);
  const embedder = createEmbedder();
  const voice = createVoice();
  return {
    stream: (call) => stream(thread, call),
    embed: (call) => embedder.embed(call),
    speak: (call) => voice.speak(call),
    async close() {
      await Promise.all([thread.close(), embedder.close(), voice.close()]);
    },
  };
}

async function* stream(thread: ModelThread, call: ProviderCall): AsyncGenerator<ChunkRun, void, void> {
  const { signal } = call;
  if (signal.aborted) throw aborted(signal);
  const inbox = thread.open(toGenerateRequest(call.params, randomInt(SEEDS), call.maxTokens));
  const chunks = new ChunkWriter(`chatcmpl-${randomUUID()}`, Math.floor(Date.now() / 1_000));
  const abort = (): void => {
    inbox.fail(aborted(signal));
    thread.release(inbox);
  };
  signal.addEventListener("abort", abort);
  try {
    for (let over = false; !over; ) {
      if (inbox.empty) await inbox.wait();
      const { deltas, spent } = inbox.take();
      over = spent !== undefined;
      yield { values: chunks.write(deltas, spent) };
    }
  } finally {
    signal.removeEventListener("abort", abort);
    thread.release(inbox);
  }
}
