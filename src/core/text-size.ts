// How many tokens a text is by its size alone, where a tokenizer would cost more than it tells.

const CHARACTERS_A_TOKEN = 4;
/** Text is rarely shorter in tokens than a third of its bytes, whatever its script. */
const BYTES_A_TOKEN_AT_LEAST = 3;

/** An estimate, by characters or bytes. */
export function tokensRoughly(size: number): number {
  return Math.ceil(size / CHARACTERS_A_TOKEN);
}

/** For money: hardly any text of this size is more. */
export function tokensAtMost(bytes: number): number {
  return Math.ceil(bytes / BYTES_A_TOKEN_AT_LEAST);
}
