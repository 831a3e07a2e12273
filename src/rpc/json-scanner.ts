// Finds where an array or object ends in a stream of bytes, looking at each byte once. It knows brackets and strings and
// so much of the grammar that a value which was cut off does not swallow the message after it; the rest is the parser's.

import { backslashesBefore } from "./json.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
/** Bytes of a string that are looked at one by one before a native search pays. */
const NEAR = 48;

/** `bad`: no JSON value begins so. `cut`: the value is bad and another one begins at the place reached. */
export type ScanState = "open" | "done" | "bad" | "cut" | "deep";

export class JsonScanner {
  state: ScanState = "open";
  /** The value has a line break outside its strings. */
  multiline = false;
  readonly #open: Uint8Array;
  #depth = 0;
  #inString = false;
  /** The last byte so far was an unpaired backslash inside a string. */
  #escaped = false;
  /** The last byte so far that is no white space. */
  #last = 0;
  #lineStart = false;

  constructor(maxDepth: number) {
    this.#open = new Uint8Array(maxDepth + 1);
  }

  /** Forgets everything: a new value begins. */
  reset(): void {
    this.state = "open";
    this.multiline = false;
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#last = 0;
    this.#lineStart = false;
  }

  /** Goes on at `from`. Returns the place reached: after the value, at the fault, or the end of `bytes`. */
  run(bytes: Buffer, from: number): number {
    let at = this.#inString ? this.#string(bytes, from) : from;
    while (at < bytes.length && this.state === "open") {
      const byte = bytes[at] as number;
      if (byte === QUOTE) at = this.#string(bytes, at + 1);
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) at = this.#push(byte, at);
      else if (byte === 125 || byte === 93) at = this.#pop(byte, at);
      else {
        if (byte === NEWLINE) this.multiline = true;
        if (byte > 32) this.#last = byte;
        this.#lineStart = byte === NEWLINE;
        at++;
      }
    }
    return at;
  }

  #push(byte: number, at: number): number {
    const inArray = this.#open[this.#depth] === OPEN_ARRAY;
    const allowed =
      this.#depth === 0 || this.#last === COLON || (inArray && (this.#last === COMMA || this.#last === OPEN_ARRAY));
    if (!allowed) {
      this.state = this.#lineStart ? "cut" : "bad";
      return at;
    }
    if (this.#depth + 1 >= this.#open.length) {
      this.state = "deep";
      return at;
    }
    this.#open[++this.#depth] = byte;
    this.#last = byte;
    this.#lineStart = false;
    return at + 1;
  }

  #pop(byte: number, at: number): number {
    if (this.#open[this.#depth] !== byte - 2) {
      return this.#bad(at);
    }
    this.#last = byte;
    this.#lineStart = false;
    if (--this.#depth === 0) this.state = "done";
    return at + 1;
  }

  /** Goes to the end of a string; a raw line break inside one is a fault. */
  #string(bytes: Buffer, from: number): number {
    this.#inString = true;
    const near = Math.min(bytes.length, from + NEAR);
    let at = from;
    for (; at < near; at++) {
      const byte = bytes[at];
      if (byte === NEWLINE) return this.#bad(at);
      if (this.#escaped) this.#escaped = false;
      else if (byte === QUOTE) return this.#close(at);
      else if (byte === BACKSLASH) this.#escaped = true;
    }
    return at < bytes.length ? this.#longString(bytes, at) : at;
  }

  /** The same by native search, which most of a long string is passed with. */
  #longString(bytes: Buffer, from: number): number {
    const start = this.#escaped && bytes[from] !== NEWLINE ? from + 1 : from;
    this.#escaped = false;
    let quote = bytes.indexOf(QUOTE, start);
    while (quote >= 0 && backslashesBefore(bytes, quote, start) % 2 === 1) quote = bytes.indexOf(QUOTE, quote + 1);
    const end = quote < 0 ? bytes.length : quote;
    const newline = bytes.subarray(start, end).indexOf(NEWLINE);
    if (newline >= 0) return this.#bad(start + newline);
    if (quote >= 0) return this.#close(quote);
    this.#escaped = backslashesBefore(bytes, end, start) % 2 === 1;
    return end;
  }

  #bad(at: number): number {
    this.state = "bad";
    return at;
  }

  #close(quote: number): number {
    this.#inString = false;
    this.#last = QUOTE;
    this.#lineStart = false;
    return quote + 1;
  }
}
