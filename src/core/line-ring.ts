// The newest lines of a log, within a bound of lines and one of characters: what is pushed beyond them pushes the oldest
// out. A push costs an array slot, so that it may stand in the way of every log line.

export class LineRing {
  /** Lines that were pushed out. */
  dropped = 0;
  readonly #slots: string[];
  readonly #most: number;
  #first = 0;
  #size = 0;
  #chars = 0;

  constructor(lines: number, chars: number) {
    this.#slots = new Array(lines).fill("");
    this.#most = chars;
  }

  get size(): number {
    return this.#size;
  }

  push(line: string): void {
    if (this.#size === this.#slots.length) this.#drop();
    this.#slots[(this.#first + this.#size) % this.#slots.length] = line;
    this.#size++;
    this.#chars += line.length;
    while (this.#chars > this.#most) this.#drop();
  }

  /** Oldest first. */
  all(): string[] {
    return Array.from({ length: this.#size }, (_, at) => this.#slots[(this.#first + at) % this.#slots.length] ?? "");
  }

  /** Oldest first; the ring is empty then. */
  take(): string[] {
    const lines = this.all();
    this.#slots.fill("");
    this.#size = 0;
    this.#chars = 0;
    return lines;
  }

  #drop(): void {
    this.#chars -= this.#slots[this.#first]?.length ?? 0;
    this.#slots[this.#first] = "";
    this.#first = (this.#first + 1) % this.#slots.length;
    this.#size--;
    this.dropped++;
  }
}
