// Newline-delimited JSON as it comes off a socket. Reads may split lines anywhere; only new bytes are searched, and a line
// is bounded.

import { ProviderFailure } from "../core/provider.ts";

/** Bytes of one line. */
const LONGEST_LINE = 8 * 1_024 * 1_024;
const LF = 10;
const NONE: readonly string[] = [];

export class Lines {
  #tail: Buffer[] = [];
  #tailSize = 0;

  /** The lines that these bytes complete, empty ones left out. Throws a ProviderFailure when a line is too long. */
  push(bytes: Buffer): readonly string[] {
    const end = bytes.lastIndexOf(LF) + 1;
    if (end === 0) {
      this.#keep(bytes);
      return NONE;
    }
    const lines = split(Buffer.concat([...this.#tail, bytes.subarray(0, end)]));
    this.#tail = [];
    this.#tailSize = 0;
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    return lines;
  }

  /** The end of the stream: a last line without its newline counts. */
  end(): readonly string[] {
    const lines = split(Buffer.concat(this.#tail));
    this.#tail = [];
    this.#tailSize = 0;
    return lines;
  }

  #keep(bytes: Buffer): void {
    this.#tail.push(bytes);
    this.#tailSize += bytes.length;
    if (this.#tailSize > LONGEST_LINE) {
      throw new ProviderFailure("garbled", `a line of the stream is longer than ${LONGEST_LINE} bytes`);
    }
  }
}

function split(bytes: Buffer): string[] {
  return bytes
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "");
}
