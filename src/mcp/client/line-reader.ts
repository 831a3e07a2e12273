// Cuts a byte stream into lines of JSON. Lines that are no JSON (programs that print what is not meant for us) are passed
// over; a line beyond the limit is a fault that ends the stream, since nothing after it can be believed.

const NEWLINE = 10;

export interface LineReaderOptions {
  /** Bytes of one line. */
  readonly most: number;
  /** A value and the bytes that it took. */
  readonly take: (value: unknown, bytes: number) => void;
  readonly tooLong: () => void;
}

export class LineReader {
  readonly #options: LineReaderOptions;
  #waiting: Buffer[] = [];
  #size = 0;
  #ended = false;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  push(bytes: Buffer): void {
    let from = 0;
    while (!this.#ended) {
      const at = bytes.indexOf(NEWLINE, from);
      if (at < 0) break;
      const last = bytes.subarray(from, at);
      from = at + 1;
      this.#line(this.#waiting.length === 0 ? last : this.#joined(last));
    }
    if (this.#ended || from === bytes.length) return;
    this.#waiting.push(from === 0 ? bytes : bytes.subarray(from));
    this.#size += bytes.length - from;
    if (this.#size > this.#options.most) this.#end();
  }

  #joined(last: Buffer): Buffer {
    this.#waiting.push(last);
    const line = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    return line;
  }

  #line(line: Buffer): void {
    if (line.length > this.#options.most) {
      this.#end();
      return;
    }
    const value = parsed(line);
    if (value !== undefined) this.#options.take(value, line.length);
  }

  #end(): void {
    this.#ended = true;
    this.#waiting = [];
    this.#options.tooLong();
  }
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}
