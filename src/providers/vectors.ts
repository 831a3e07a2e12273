// The vectors of an answer, checked: what is kept in an index must not be short of one, out of order or of another length.

import { dimensionsOf } from "../core/embedding.ts";
import type { EmbeddingList } from "../generated/types.ts";
import { garbled, refusal } from "./failure.ts";

/** What was asked for. */
export interface Wanted {
  readonly count: number;
  /** `undefined`: as many as the model's vectors have. */
  readonly dimensions: number | undefined;
}

/** By their place in the list. Throws a ProviderFailure (`garbled`) where they are not what was asked for. */
export function vectorList(name: string, vectors: readonly unknown[], wanted: Wanted): EmbeddingList["data"] {
  const { count } = wanted;
  const peer = { name, key: undefined };
  if (vectors.length !== count) throw garbled(peer, `${vectors.length} vectors for ${count} inputs`);
  const given = dimensionsOf(vectors[0]);
  const dimensions = wanted.dimensions ?? given;
  if (given !== undefined && given !== dimensions && vectors.every((vector) => dimensionsOf(vector) === given)) {
    // The model can't shorten its vectors: no fault of the server, and asking again won't help.
    throw refusal(peer, `its vectors have ${given} dimensions`, "dimensions");
  }
  return vectors.map((vector, index) => {
    const own = dimensionsOf(vector);
    if (own === undefined) throw garbled(peer, `vector ${index} can't be read`);
    if (own !== dimensions) throw garbled(peer, `vector ${index} has ${own} dimensions instead of ${dimensions}`);
    return { object: "embedding", index, embedding: vector as number[] | string };
  });
}
