// JSON values one after another: one a line, pretty-printed over many lines, or with nothing between them. A line that
// holds one value is found by a native search and parsed; only where that fails, or a value spans two reads, is it looked
// at byte by byte, each byte once. After bad JSON the next line is read, after a bad value of several lines the next one
// that begins with a bracket, so that one fault is answered once.

import { BrokerError } from "../core/errors.ts";
import { ByteTail } from "./byte-tail.ts";
import { type Framing, type FramingLimits, tooLarge } from "./framing.ts";
import { badJson, faultOfText, isTextTooDeep, parseBounded, parseJson, tooDeep } from "./json.ts";
import { JsonScanner } from "./json-scanner.ts";

const NEWLINE = 10;
const NONE = Buffer.alloc(0);

/** `between` messages · inside a `value` in brackets · in a `line` that begins otherwise · passing over bad bytes. */
type Place = "between" | "value" | "line" | "skip-line" | "skip-to-bracket";

export class RawFraming implements Framing {
  broken = false;
  readonly filler = " ";
  readonly #limits: FramingLimits;
  readonly #scanner: JsonScanner;
  #place: Place = "between";
  #finished = false;
  /** While passing over bad lines: the next byte begins one. */
  #atLineStart = false;
  #chunk: Buffer = NONE;
  /** Where in the chunk the next byte is. */
  #at = 0;
  /** Before this place no whole line is one value. */
  #notWholeUntil = 0;
  /** Bytes of the message under way that came in earlier chunks. */
  readonly #tail = new ByteTail();

  constructor(limits: FramingLimits) {
    this.#limits = limits;
    this.#scanner = new JsonScanner(limits.depth);
  }

  get partial(): boolean {
    return this.#place === "value" || this.#place === "line";
  }

  get held(): number {
    return this.#tail.size + this.#chunk.length - this.#at;
  }

  push(chunk: Buffer): void {
    const rest = this.#chunk.length - this.#at;
    this.#chunk = rest > 0 ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
    this.#notWholeUntil = 0;
  }

  finish(): void {
    this.#finished = true;
  }

  frame(text: string): string {
    return `${text}\n`;
  }

  next(): unknown {
    while (!this.broken && this.#at < this.#chunk.length) {
      const found = this.#step();
      if (found !== undefined) return found;
    }
    this.#chunk = NONE;
    this.#at = 0;
    return this.#finished && this.partial ? this.#atEnd() : undefined;
  }

  /** Goes on from `#at` until a message is found or something else begins. */
  #step(): unknown {
    switch (this.#place) {
      case "between":
        return this.#begin();
      case "value":
        return this.#value();
      case "line":
        return this.#line();
      case "skip-line":
        if (this.#skipLine()) this.#place = "between";
        return undefined;
      case "skip-to-bracket":
        return this.#skipToBracket();
    }
  }

  #begin(): unknown {
    const chunk = this.#chunk;
    let at = this.#at;
    while (at < chunk.length && isSpace(chunk[at])) at++;
    this.#at = at;
    if (at === chunk.length) return undefined;
    if (at >= this.#notWholeUntil) {
      const newline = chunk.indexOf(NEWLINE, at);
      if (newline >= 0) {
        const found = this.#wholeLine(newline);
        if (found !== undefined) return found;
        this.#notWholeUntil = newline;
      }
    }
    this.#place = isBracket(chunk[at]) ? "value" : "line";
    this.#scanner.reset();
    return undefined;
  }

  /** The usual case. `undefined`: the line is not one JSON value. */
  #wholeLine(newline: number): unknown {
    if (newline - this.#at > this.#limits.messageBytes) return this.#break(tooLarge(this.#limits.messageBytes));
    const text = this.#chunk.toString("utf8", this.#at, newline);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const bytes = this.#chunk.subarray(this.#at, newline);
    this.#at = newline + 1;
    if (isTextTooDeep(bytes, this.#limits.depth)) return tooDeep(this.#limits.depth);
    return faultOfText(bytes, text, value) ?? value;
  }

  #value(): unknown {
    const scanner = this.#scanner;
    const from = this.#at;
    const to = scanner.run(this.#chunk, from);
    if (this.#tail.size + to - from > this.#limits.messageBytes)
      return this.#break(tooLarge(this.#limits.messageBytes));
    this.#at = to;
    const bytes = this.#collect(from, to, scanner.state !== "open");
    if (scanner.state === "open") return undefined;
    if (scanner.state === "done") {
      const value = parseBounded(bytes);
      const bad = value instanceof BrokerError && value.kind === "parse_error";
      this.#place = bad ? "skip-line" : "between";
      return value;
    }
    if (scanner.state === "cut") this.#place = "between";
    else this.#place = scanner.multiline ? "skip-to-bracket" : "skip-line";
    return scanner.state === "deep" ? tooDeep(this.#limits.depth) : badJson(bytes, bytes.toString());
  }

  #line(): unknown {
    const from = this.#at;
    const newline = this.#chunk.indexOf(NEWLINE, from);
    const to = newline < 0 ? this.#chunk.length : newline;
    if (this.#tail.size + to - from > this.#limits.messageBytes)
      return this.#break(tooLarge(this.#limits.messageBytes));
    this.#at = to;
    const bytes = this.#collect(from, to, newline >= 0);
    if (newline < 0) return undefined;
    this.#place = "between";
    return parseJson(bytes, this.#limits.depth);
  }

  /** What has come of the message when no more will. */
  #atEnd(): unknown {
    const isLine = this.#place === "line";
    this.#place = "between";
    const bytes = this.#tail.take();
    return isLine ? parseJson(bytes, this.#limits.depth) : badJson(bytes, bytes.toString());
  }

  /** Adds bytes to the message under way; gives all of them when it is complete. */
  #collect(from: number, to: number, complete: boolean): Buffer {
    const part = this.#chunk.subarray(from, to);
    if (complete && this.#tail.size === 0) return part;
    this.#tail.append(part);
    return complete ? this.#tail.take() : NONE;
  }

  /** Passes over the rest of a line; true when its end was there. */
  #skipLine(): boolean {
    const newline = this.#chunk.indexOf(NEWLINE, this.#at);
    this.#at = newline < 0 ? this.#chunk.length : newline + 1;
    return newline >= 0;
  }

  #skipToBracket(): undefined {
    if (this.#atLineStart && isBracket(this.#chunk[this.#at])) {
      this.#atLineStart = false;
      this.#place = "between";
    } else this.#atLineStart = this.#skipLine();
  }

  #break(fault: BrokerError): BrokerError {
    this.broken = true;
    this.#place = "between";
    this.#chunk = NONE;
    this.#tail.take();
    return fault;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === NEWLINE || byte === 13 || byte === 9;
}

function isBracket(byte: number | undefined): boolean {
  return byte === 123 || byte === 91;
}
