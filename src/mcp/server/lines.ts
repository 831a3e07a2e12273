// Bytes to lines of bounded length. Empty ones are passed over.

const NEWLINE = 10;
const LONGEST_BYTES = 32 * 1024 * 1024;

export class Lines {
  readonly #take: (line: Buffer) => void;
  readonly #tooLong: () => void;
  #chunks: Buffer[] = [];
  #size = 0;
  #over = false;

  /** `tooLong` is told once; nothing is taken after that. */
  constructor(take: (line: Buffer) => void, tooLong: () => void) {
    this.#take = take;
    this.#tooLong = tooLong;
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0 && !this.#over; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      from = at + 1;
      if (!this.#over) this.#end();
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    if (this.#over) return;
    this.#size += part.length;
    if (this.#size <= LONGEST_BYTES) this.#chunks.push(part);
    else {
      this.#over = true;
      this.#chunks = [];
      this.#tooLong();
    }
  }

  #end(): void {
    const line = Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    this.#size = 0;
    if (line.some((byte) => byte > 32)) this.#take(line);
  }
}
