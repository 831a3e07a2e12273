// How the translation of Responses says what it can't take: the pointer of the param, as validation does.

import { BrokerError } from "../errors.ts";
import { isObject } from "../json-object.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Characters of a client's own that are told back to it. */
const LONGEST_WORD = 64;

/** `param` is a JSON pointer into the params. */
export function unfit(param: string, what: string): BrokerError {
  return new BrokerError("invalid_params", `${param}: ${what}`, { param });
}

export function textAt(of: Json, name: string, param: string): string {
  const value = of[name];
  if (typeof value === "string") return value;
  throw unfit(`${param}/${name}`, value === undefined ? "is required" : "must be text");
}

/** What a client has put where a word belongs, for a message to it. */
export function worded(value: unknown): string {
  return typeof value === "string" ? value.slice(0, LONGEST_WORD) : "unknown";
}

export function objectAt(value: unknown, param: string): Json {
  if (isObject(value)) return value;
  throw unfit(param, "must be an object");
}

/** `undefined` for a member that is not there, or `null`. */
export function oneOf<T extends string>(value: unknown, words: readonly T[], param: string): T | undefined {
  if (value === undefined || value === null) return undefined;
  if (words.includes(value as T)) return value as T;
  throw unfit(param, `must be one of ${words.join(", ")}`);
}
