// Bytes to lines of bounded length, however they arrive. Blank ones are passed over; one beyond the bound ends it all,
// since nothing after it can be believed.

const NEWLINE = 10;

export interface LinesOptions {
  /** Bytes of one line. */
  readonly most: number;
  /** Without its newline. */
  readonly take: (line: Buffer) => void;
  /** Told once; nothing is taken after that. */
  readonly tooLong: () => void;
}

export class Lines {
  readonly #options: LinesOptions;
  /** Of a line whose end has not come. */
  #parts: Buffer[] = [];
  #size = 0;
  #over = false;

  constructor(options: LinesOptions) {
    this.#options = options;
  }

  add(bytes: Buffer): void {
    let from = 0;
    while (!this.#over) {
      const at = bytes.indexOf(NEWLINE, from);
      this.#keep(bytes.subarray(from, at < 0 ? bytes.length : at));
      if (at < 0) return;
      from = at + 1;
      if (!this.#over) this.#end();
    }
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= this.#options.most) {
      if (part.length > 0) this.#parts.push(part);
      return;
    }
    this.#over = true;
    this.#parts = [];
    this.#options.tooLong();
  }

  #end(): void {
    const [first] = this.#parts;
    const line = this.#parts.length === 1 && first ? first : Buffer.concat(this.#parts, this.#size);
    this.#parts = [];
    this.#size = 0;
    if (line.some((byte) => byte > 32)) this.#options.take(line);
  }
}
