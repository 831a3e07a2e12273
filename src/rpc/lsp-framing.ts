// `Content-Length: n`, an empty line, n bytes of JSON: the framing of language servers. Other header lines are passed
// over. A header that can't be read ends the connection, for nothing then tells where a message begins.

import { BrokerError } from "../core/errors.ts";
import { ByteTail } from "./byte-tail.ts";
import { type Framing, type FramingLimits, tooLarge } from "./framing.ts";
import { parseJson } from "./json.ts";

const HEADER_BYTES = 8192;
const NONE = Buffer.alloc(0);

export class LspFraming implements Framing {
  broken = false;
  readonly filler = undefined;
  readonly #limits: FramingLimits;
  /** Bytes not looked at; part of a header is carried over in it. */
  #chunk: Buffer = NONE;
  readonly #body = new ByteTail();
  /** Length of the body that is being read; -1: a header is. */
  #length = -1;

  constructor(limits: FramingLimits) {
    this.#limits = limits;
  }

  get partial(): boolean {
    return this.#length >= 0 || this.#chunk.length > 0;
  }

  get held(): number {
    return this.#body.size + this.#chunk.length;
  }

  push(chunk: Buffer): void {
    this.#chunk = this.#chunk.length === 0 ? chunk : Buffer.concat([this.#chunk, chunk]);
  }

  /** Half a message at the end is nobody's: its sender is gone. */
  finish(): void {}

  frame(text: string): string {
    return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  }

  next(): unknown {
    if (this.#length < 0) {
      const fault = this.#readHeader();
      if (fault) {
        this.broken = true;
        this.#chunk = NONE;
        return fault;
      }
    }
    return this.#length < 0 ? undefined : this.#readBody();
  }

  #readHeader(): BrokerError | undefined {
    if (this.broken) return undefined;
    const end = this.#chunk.indexOf("\r\n\r\n");
    if ((end < 0 ? this.#chunk.length : end) > HEADER_BYTES) return headerFault(`is longer than ${HEADER_BYTES} bytes`);
    if (end < 0) return undefined;
    const length = contentLength(this.#chunk.toString("latin1", 0, end));
    if (length === undefined) return headerFault("names no Content-Length");
    if (length > this.#limits.messageBytes) return tooLarge(this.#limits.messageBytes);
    this.#length = length;
    this.#chunk = this.#chunk.subarray(end + 4);
    return undefined;
  }

  #readBody(): unknown {
    const rest = this.#length - this.#body.size;
    if (this.#chunk.length < rest) {
      this.#body.append(this.#chunk);
      this.#chunk = NONE;
      return undefined;
    }
    let bytes = this.#chunk.subarray(0, rest);
    if (this.#body.size > 0) {
      this.#body.append(bytes);
      bytes = this.#body.take();
    }
    this.#chunk = this.#chunk.subarray(rest);
    this.#length = -1;
    return parseJson(bytes, this.#limits.depth);
  }
}

/** The one number of the header; `undefined` where there is none, or are two that differ. */
function contentLength(header: string): number | undefined {
  const lengths = [...header.matchAll(/^content-length:[ \t]*(\d{1,15})[ \t]*\r?$/gim)].map((match) => match[1]);
  return new Set(lengths).size === 1 ? Number(lengths[0]) : undefined;
}

function headerFault(fault: string): BrokerError {
  return new BrokerError("parse_error", `The header ${fault}`);
}
