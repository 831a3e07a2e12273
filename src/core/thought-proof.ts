// A vendor's proof that a thought is its own, on its way to a client that has a word for it: an item of Responses has one
// for each thought. Chat has one for the whole answer, which is known at its end alone; so until then the proof goes along
// under a symbol (see messages/sent.ts), with the first chunk after its thought.

import type { ChatChunk } from "../generated/types.ts";

const PROOF: unique symbol = Symbol("proof of a thought");

type Carrying = ChatChunk & { readonly [PROOF]?: string };

/** A copy that carries the proof of the thought before it. */
export function withProof(chunk: ChatChunk, proof: string): ChatChunk {
  const carrying: Carrying = { ...chunk, [PROOF]: proof };
  return carrying;
}

/** The proof of the thought that has just ended. */
export function proofOf(chunk: ChatChunk): string | undefined {
  return (chunk as Carrying)[PROOF];
}
