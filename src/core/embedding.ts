// Embeddings without their models: what may be embedded in one call, and vectors in both of their forms, numbers and
// the base64 of float32 little-endian that OpenAI's SDKs ask for unless told otherwise.

import type { EmbeddingInput } from "../generated/types.ts";
import { BrokerError } from "./errors.ts";
import { tokensRoughly } from "./text-size.ts";

/** Texts, or lists of tokens, in one call; OpenAI's bound. */
export const MOST_INPUTS = 2048;
const BYTES_A_NUMBER = 4;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const IS_BIG_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;

/** One vector in either form. */
export type Vector = readonly number[] | string;

/** What is to be embedded: texts, or tokens of the provider's own tokenizer. */
export type EmbeddingInputs =
  | { readonly kind: "texts"; readonly texts: readonly string[] }
  | { readonly kind: "tokens"; readonly lists: readonly (readonly number[])[] };

/** Throws `invalid_params` for more inputs than one call may have, and for texts and tokens mixed. */
export function inputsOf(input: EmbeddingInput): EmbeddingInputs {
  if (typeof input === "string") return { kind: "texts", texts: [input] };
  const kind = typeof input[0];
  const other = input.findIndex((each) => typeof each !== kind);
  if (other > 0) {
    const param = `/input/${other}`;
    throw new BrokerError("invalid_params", `${param}: must be of the same kind as the inputs before it`, { param });
  }
  if (kind === "number") return { kind: "tokens", lists: [input as number[]] };
  if (input.length > MOST_INPUTS) {
    const message = `/input: has ${input.length} inputs, one call takes at most ${MOST_INPUTS}`;
    throw new BrokerError("invalid_params", message, { param: "/input" });
  }
  return kind === "string"
    ? { kind: "texts", texts: input as string[] }
    : { kind: "tokens", lists: input as number[][] };
}

/** How many vectors must come. */
export function countOf(inputs: EmbeddingInputs): number {
  return inputs.kind === "texts" ? inputs.texts.length : inputs.lists.length;
}

/** Exact for tokens, for texts an estimate by their length. */
export function roughTokens(inputs: EmbeddingInputs): number {
  let size = 0;
  if (inputs.kind === "tokens") for (const list of inputs.lists) size += list.length;
  else for (const text of inputs.texts) size += tokensRoughly(text.length);
  return size;
}

/** Numbers in a vector; `undefined`: it is none. */
export function dimensionsOf(vector: unknown): number | undefined {
  if (Array.isArray(vector)) {
    return vector.length > 0 && vector.every((each) => typeof each === "number") ? vector.length : undefined;
  }
  if (typeof vector !== "string" || !BASE64.test(vector)) return undefined;
  const numbers = Buffer.byteLength(vector, "base64") / BYTES_A_NUMBER;
  return Number.isInteger(numbers) && numbers > 0 ? numbers : undefined;
}

/** Base64 of the numbers as float32, little-endian. */
export function toBase64(vector: Vector): string {
  if (typeof vector === "string") return vector;
  return inOrder(Buffer.from(Float32Array.from(vector).buffer)).toString("base64");
}

/** The numbers of a vector. */
export function toNumbers(vector: Vector): readonly number[] {
  if (typeof vector !== "string") return vector;
  const bytes = Uint8Array.from(Buffer.from(vector, "base64")); // aligned, unlike a slice of a pool
  return Array.from(new Float32Array(inOrder(Buffer.from(bytes.buffer)).buffer));
}

/** Little-endian to this machine's order, and back. */
function inOrder(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  return IS_BIG_ENDIAN ? bytes.swap32() : bytes;
}
