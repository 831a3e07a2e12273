// Bytes to a JSON value, safely: UTF-8 only, bounded nesting, no `__proto__` members. What is wrong with the bytes comes
// back as a BrokerError instead of a value (JSON has no such value), ready to be answered.

import { isUtf8 } from "node:buffer";
import { BrokerError } from "../core/errors.ts";

const QUOTE = 34;
const BACKSLASH = 92;
/** Shorter bytes can't hold a value nested deeper than 64. */
const SHORT = 128;

/** The value in `bytes`, or a BrokerError: `parse_error`, or `invalid_request` for nesting and `__proto__`. */
export function parseJson(bytes: Buffer, maxDepth: number): unknown {
  // Before the parser, which needs 80 bytes of memory for each open bracket of 32 million.
  return isTextTooDeep(bytes, maxDepth) ? tooDeep(maxDepth) : parseBounded(bytes);
}

/** The same for bytes whose nesting is known to be bounded. */
export function parseBounded(bytes: Buffer): unknown {
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return badJson(bytes, text);
  }
  return faultOfText(bytes, text, value) ?? value;
}

/** What is wrong with bytes that are JSON: not UTF-8 inside a string, or a `__proto__` member. */
export function faultOfText(bytes: Buffer, text: string, value: unknown): BrokerError | undefined {
  if (text.includes("\uFFFD") && !isUtf8(bytes)) return new BrokerError("parse_error", "The message is not UTF-8");
  if ((text.includes("__proto__") || text.includes("\\u00")) && hasProto(value)) {
    return new BrokerError("invalid_request", 'No member may be called "__proto__"', { param: "__proto__" });
  }
  return undefined;
}

export function badJson(bytes: Buffer, text: string): BrokerError {
  const utf8 = !text.includes("\uFFFD") || isUtf8(bytes);
  return new BrokerError("parse_error", utf8 ? undefined : "The message is not UTF-8");
}

export function isTextTooDeep(bytes: Buffer, maxDepth: number): boolean {
  return (bytes.length > SHORT || maxDepth < 64) && jsonDepth(bytes, maxDepth) > maxDepth;
}

export function tooDeep(maxDepth: number): BrokerError {
  return new BrokerError("invalid_request", `The message is nested deeper than ${maxDepth} levels`, {
    limit: maxDepth,
  });
}

/** How deep arrays and objects are nested; stops counting above `enough`. Linear; brackets inside strings don't count. */
export function jsonDepth(bytes: Buffer, enough: number = Number.POSITIVE_INFINITY): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at + 1);
    else if (byte === 123 || byte === 91) {
      if (++depth > deepest && ++deepest > enough) return deepest;
    } else if (byte === 125 || byte === 93) depth--;
  }
  return deepest;
}

/** Index of the closing quote; the length of `bytes` where there is none. Long strings are searched natively. */
function endOfString(bytes: Buffer, from: number): number {
  const near = Math.min(bytes.length, from + 48);
  let at = from;
  for (; at < near; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at++;
  }
  for (let start = at; ; ) {
    const quote = bytes.indexOf(QUOTE, start);
    if (quote < 0) return bytes.length;
    if (backslashesBefore(bytes, quote, at) % 2 === 0) return quote;
    start = quote + 1;
  }
}

/** Backslashes right before `at`, none before `floor` counted. */
export function backslashesBefore(bytes: Buffer, at: number, floor: number): number {
  let first = at;
  while (first > floor && bytes[first - 1] === BACKSLASH) first--;
  return at - first;
}

/** Called for values whose depth is bounded. */
function hasProto(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Object.hasOwn(value, "__proto__")) return true;
  return Object.values(value).some(hasProto);
}
