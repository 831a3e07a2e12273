// How much of request bodies is held while they arrive, of all connections together: nobody has been asked who they are yet,
// and each may be as large as a body can be.

import { BrokerError } from "../core/errors.ts";

export class Arriving {
  readonly #most: number;
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Throws `overloaded`; what is added then counts all the same, until it is removed. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#most) throw new BrokerError("overloaded", "Too many large requests arrive at once");
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }
}
