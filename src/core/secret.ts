// A credential in memory. Every way of printing it shows the last four characters only; `reveal` is the one way out.

import { inspect } from "node:util";

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain value, for the header that needs it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask(this.#value);
  }

  toJSON(): string {
    return mask(this.#value);
  }

  [inspect.custom](): string {
    return mask(this.#value);
  }
}

/** `sk-…last4`; short values show nothing of themselves. */
export function mask(value: string): string {
  return value.length < 12 ? "sk-…" : `sk-…${value.slice(-4)}`;
}
