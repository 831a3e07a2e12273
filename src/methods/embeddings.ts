// embeddings.*: text as vectors.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { EmbeddingList, EmbeddingsCreateParams } from "../generated/types.ts";

export interface EmbeddingsDeps {
  readonly embed: (params: EmbeddingsCreateParams, call: Call) => Promise<EmbeddingList>;
}

export function embeddingsMethods({ embed }: EmbeddingsDeps): HandlersOf<"embeddings", Call> {
  return { "embeddings.create": embed };
}
