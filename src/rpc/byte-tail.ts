// Bytes of a message that has not arrived in full. They are kept in one buffer that doubles, so that a peer that sends
// byte by byte costs no more memory than one that sends at once, and every byte is copied a constant number of times.

const FIRST = 4096;
const NONE = Buffer.alloc(0);

export class ByteTail {
  #bytes: Buffer = NONE;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(bytes: Buffer): void {
    const size = this.#size + bytes.length;
    if (size > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST, size, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.#size);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.#size);
    this.#size = size;
  }

  /** All bytes; the tail is empty afterwards and holds no memory. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.#size);
    this.#bytes = NONE;
    this.#size = 0;
    return bytes;
  }
}
