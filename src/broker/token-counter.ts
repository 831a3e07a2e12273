// Counts tokens where a provider told no usage. The tokenizer is loaded at first need (it is large), and text goes through
// it in short pieces: unbroken text costs the square of its length.

export interface TokenCounter {
  /** Tokens of the text in the o200k encoding; exact for OpenAI's newer models, an estimate elsewhere. */
  count(text: string): Promise<number>;
}

const PIECE = 512;
const WHOLE = 4096;
/** Text beyond this many characters is extrapolated, so that counting never blocks for long. */
const MAX_COUNTED = 2_000_000;

export function createTokenCounter(): TokenCounter {
  let loading: Promise<(text: string) => number> | undefined;
  return {
    async count(text) {
      if (text === "") return 0;
      loading ??= load().catch((cause: unknown) => {
        loading = undefined; // the next call tries again
        throw cause;
      });
      const countPiece = await loading;
      const counted = text.slice(0, MAX_COUNTED);
      let tokens = 0;
      for (const piece of pieces(counted)) tokens += countPiece(piece);
      return Math.ceil((tokens * text.length) / counted.length);
    },
  };
}

async function load(): Promise<(text: string) => number> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  const options = { disallowedSpecial: new Set<string>() }; // special tokens in user text are plain text
  return (text) => countTokens(text, options);
}

/** Cuts long text at a space in the second half of each piece where there is one, never inside a surrogate pair. */
export function* pieces(text: string): Generator<string> {
  if (text.length <= WHOLE) {
    yield text;
    return;
  }
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + PIECE);
    if (end < text.length) {
      const space = text.lastIndexOf(" ", end);
      if (space > start + PIECE / 2) end = space;
      else if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    }
    yield text.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
