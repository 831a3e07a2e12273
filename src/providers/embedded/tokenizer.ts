// Byte-level BPE as the model learned it, read from a Hugging Face tokenizer.json. Special tokens mark the chat's turns
// and never come from text: whoever writes `<|im_end|>` gets the tokens of its characters.

/** The part of tokenizer.json that is used. */
export interface TokenizerFile {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly pre_tokenizer: { readonly pretokenizers: readonly { readonly pattern?: { readonly Regex: string } }[] };
  readonly model: { readonly vocab: Readonly<Record<string, number>>; readonly merges: readonly string[] };
}

export class Tokenizer {
  /** Marks of a turn's beginning and end. */
  readonly turnStart: number;
  readonly turnEnd: number;
  /** Tokens in all; ids are below. */
  readonly size: number;
  /** Ids below are special, the next 256 are the bytes, then come merges in the order of their rank. */
  readonly #firstByte: number;
  readonly #marks: readonly string[];
  readonly #bytes: Uint8Array[] = [];
  /** left × size + right → the token that they merge into. A lower id is an earlier merge. */
  readonly #merges = new Map<number, number>();
  readonly #pieces: RegExp;

  constructor(file: TokenizerFile) {
    const { vocab, merges } = file.model;
    const idOf = (text: string): number => known(vocab[text], text);
    const special = (name: string): number =>
      known(file.added_tokens.find(({ content }) => content === name)?.id, name);
    this.turnStart = special("<|im_start|>");
    this.turnEnd = special("<|im_end|>");
    this.size = Object.keys(vocab).length;
    this.#firstByte = file.added_tokens.length;
    this.#marks = file.added_tokens.map(({ content }) => content);
    for (let id = 0; id < this.#firstByte; id++) this.#bytes.push(new Uint8Array(0));
    for (let byte = 0; byte < 256; byte++) this.#bytes.push(Uint8Array.of(byte));
    for (const merge of merges) {
      const [left, right] = merge.split(" ") as [string, string];
      const id = idOf(left + right);
      if (id !== this.#bytes.length) throw new RangeError(`merge ${merge} is out of order`);
      this.#merges.set(idOf(left) * this.size + idOf(right), id);
      this.#bytes.push(Buffer.concat([this.bytes(idOf(left)), this.bytes(idOf(right))]));
    }
    this.#pieces = new RegExp(known(file.pre_tokenizer.pretokenizers[0]?.pattern, "pattern").Regex, "gu");
  }

  /** Tokens of a plain text. Stops soon after `limit` tokens, so that a long text costs no more than its beginning. */
  encode(text: string, limit = Number.POSITIVE_INFINITY): number[] {
    const tokens: number[] = [];
    for (const [piece] of text.matchAll(this.#pieces)) {
      for (const token of this.#merge(piece)) tokens.push(token);
      if (tokens.length > limit) break;
    }
    return tokens;
  }

  /** What a token stands for: nothing for special ones, else bytes that may be part of a character. */
  bytes(token: number): Uint8Array {
    return this.#bytes[token] as Uint8Array;
  }

  isSpecial(token: number): boolean {
    return token < this.#firstByte;
  }

  /** For people: its text, or the mark that a special token is. */
  name(token: number): string {
    return this.#marks[token] ?? Buffer.from(this.bytes(token)).toString();
  }

  decode(tokens: readonly number[]): string {
    return Buffer.concat(tokens.map((token) => this.bytes(token))).toString();
  }

  /** Joins the pair of the earliest merge everywhere, until no pair merges: each pass is linear. */
  #merge(piece: string): number[] {
    let tokens = Array.from(Buffer.from(piece), (byte) => this.#firstByte + byte);
    for (;;) {
      let earliest = Number.POSITIVE_INFINITY;
      for (let i = 1; i < tokens.length; i++) earliest = Math.min(earliest, this.#pair(tokens, i));
      if (earliest === Number.POSITIVE_INFINITY) return tokens;
      const joined: number[] = [];
      for (let i = 1; i <= tokens.length; i++) {
        const merges = i < tokens.length && this.#pair(tokens, i) === earliest;
        joined.push(merges ? earliest : (tokens[i - 1] as number));
        if (merges) i++;
      }
      tokens = joined;
    }
  }

  /** What the token at `i` and the one before it merge into; infinite if nothing. */
  #pair(tokens: readonly number[], i: number): number {
    const key = (tokens[i - 1] as number) * this.size + (tokens[i] as number);
    return this.#merges.get(key) ?? Number.POSITIVE_INFINITY;
  }
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new RangeError(`the tokenizer file does not know ${name}`);
  return value;
}
