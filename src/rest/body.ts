// Request bodies: JSON, bounded before and while they arrive, refused early by what their headers say.

import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders } from "node:http";
import { BrokerError } from "../core/errors.ts";
import { isObject } from "../core/json-object.ts";
import { keepText } from "../core/json-text.ts";
import { parseJson } from "../rpc/json.ts";
import { jsonFaultAt } from "./json-fault.ts";

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;
/** In a longer body the fault is not looked for: it would take as long as parsing did. */
const LOCATE_BYTES = 1024 * 1024;

export const NO_BYTES: Buffer = Buffer.alloc(0);

/** The chunks of one body. */
export class Body {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  readonly #most: number;

  constructor(mostBytes: number) {
    this.#most = mostBytes;
  }

  /** Throws `too_large`. */
  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#most) throw tooLarge(this.#most);
    this.#chunks.push(chunk);
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#size);
  }
}

/** Throws `too_large` or `unsupported_media_type`, before a byte of the body was read. */
export function checkLength(headers: IncomingHttpHeaders, mostBytes: number): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new BrokerError("unsupported_media_type", "Send the body without content-encoding");
  }
  if (Number(headers["content-length"] ?? 0) > mostBytes) throw tooLarge(mostBytes);
}

/** Throws `unsupported_media_type`. A missing content type passes. */
export function checkType({ "content-type": type }: IncomingHttpHeaders): void {
  if (type === undefined || type === "application/json" || JSON_TYPE.test(type)) return;
  throw new BrokerError("unsupported_media_type");
}

export function isEmpty(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
}

/** No bytes are `{}`. Throws `parse_error`, or `invalid_request` for what JSON allows and the broker does not. */
export function parseObject(bytes: Buffer, depth: number): object {
  if (bytes.length === 0) return {};
  const value = parseJson(bytes, depth);
  if (value instanceof BrokerError) throw value.kind === "parse_error" ? located(bytes) : value;
  if (isObject(value)) {
    keepText(value, bytes);
    return value;
  }
  throw new BrokerError("invalid_request", "The body must be a JSON object");
}

/** Tells the place and nothing of what stands there. */
function located(bytes: Buffer): BrokerError {
  if (!isUtf8(bytes)) return new BrokerError("parse_error", "The body is not UTF-8");
  if (bytes.length > LOCATE_BYTES) return new BrokerError("parse_error", "The body is not JSON");
  const text = bytes.toString();
  const position = jsonFaultAt(text);
  const before = text.slice(0, position).split("\n");
  const place = `position ${position} (line ${before.length} column ${(before.at(-1) ?? "").length + 1})`;
  return new BrokerError("parse_error", `The body is not JSON at ${place}`, { position });
}

function tooLarge(mostBytes: number): BrokerError {
  return new BrokerError("too_large", `A request body holds at most ${mostBytes} bytes`, { limit: mostBytes });
}
