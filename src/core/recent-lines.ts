// The newest lines of a text that grows, within a bound of lines and one of bytes. Lines are kept in large pieces outside of
// the collector's heap: as strings of their own, thousands of them would be moved by every collection.

/** Characters after which lines become a piece. */
const PIECE = 32 * 1024;

export class RecentLines {
  readonly #mostLines: number;
  readonly #mostBytes: number;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;
  #text = "";

  /** Up to a piece more than `bytes` may be kept. */
  constructor(lines: number, bytes: number) {
    this.#mostLines = lines;
    this.#mostBytes = bytes;
  }

  /** `line` ends with its line feed. */
  push(line: string): void {
    this.#text += line;
    if (this.#text.length >= PIECE) this.#close();
  }

  /** Oldest first, without their line feeds. */
  all(): string[] {
    const text = Buffer.concat(this.#pieces).toString() + this.#text;
    return text.split("\n").slice(0, -1).slice(-this.#mostLines);
  }

  #close(): void {
    const piece = Buffer.from(this.#text);
    this.#text = "";
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    while (this.#pieces.length > 1 && this.#bytes > this.#mostBytes) {
      this.#bytes -= this.#pieces.shift()?.length ?? 0;
    }
  }
}
