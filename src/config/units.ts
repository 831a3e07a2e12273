// Parsers for the values of environment variables. Each gives the value or throws a sentence that says what is expected.

import type { Budget } from "../core/budget.ts";
import { fromUsd } from "../core/money.ts";
import { Secret } from "../core/secret.ts";

/** Thrown by a parser; the reader adds the variable's name. */
export class Malformed extends Error {}

export const text = (value: string): string => value;

/** What a header may hold. */
export function headerText(value: string): string {
  if (/^[\t\x20-\x7e]+$/.test(value)) return value;
  throw new Malformed("must be printable ASCII without line breaks");
}

export function oneOf<T extends string>(...allowed: readonly T[]): (value: string) => T {
  return (value) => {
    if ((allowed as readonly string[]).includes(value)) return value as T;
    throw new Malformed(`must be one of ${allowed.join(", ")}`);
  };
}

export function integer(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= min && number <= max) return number;
    throw new Malformed(`must be a whole number from ${min} to ${max}`);
  };
}

export function decimal(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^\d+(\.\d+)?$/.test(value) && number >= min && number <= max) return number;
    throw new Malformed(`must be a number from ${min} to ${max}`);
  };
}

/** File mode in octal, `0600` or `600`. */
export function mode(value: string): number {
  if (/^0?[0-7]{3}$/.test(value)) return Number.parseInt(value, 8);
  throw new Malformed("must be a file mode in octal, for example 0600");
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `30s`, `500ms`, `2m`, `1h`; a bare number counts `bare` (seconds, unless said otherwise). Gives milliseconds. */
export function duration(bare: "s" | "ms" = "s"): (value: string) => number {
  return (value) => {
    const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value);
    const ms = match ? Number(match[1]) * (UNITS[match[2] ?? bare] ?? 1) : Number.NaN;
    if (ms <= 2_147_483_647) return Math.round(ms);
    throw new Malformed("must be a duration, for example 30s or 500ms");
  };
}

/** `100/month`: USD for each calendar day, week, month, or in total. */
export function budget(value: string): Budget {
  const match = /^(\d{1,9}(?:\.\d{1,9})?)\/(day|week|month|total)$/.exec(value);
  if (!match) throw new Malformed("must be USD for a period, for example 100/month (day, week, month or total)");
  return {
    limit: fromUsd(Number(match[1])),
    period: match[2] as Budget["period"],
    reset: "calendar",
    alert: undefined,
  };
}

/** Comma-separated, blanks dropped. */
export function list(value: string): readonly string[] {
  return value
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** A list of keys; header values take no other characters. */
export function apiKeys(value: string): readonly string[] {
  const keys = list(value);
  if (keys.every((key) => /^[\x21-\x7e]+$/.test(key))) return keys;
  throw new Malformed("has a character that no key has");
}

/** Credentials may be in it; without a scheme it is http. */
export function proxyUrl(value: string): Secret {
  const text = value.includes("://") ? value : `http://${value}`;
  const { protocol = "", hostname = "", pathname = "" } = URL.parse(text) ?? {};
  if (/^(?:https?|socks5):$/.test(protocol) && hostname !== "" && (pathname === "" || pathname === "/"))
    return new Secret(text);
  throw new Malformed("must be the URL of a proxy: http, https or socks5, a host and a port");
}

export function httpUrl(value: string): string {
  const url = URL.parse(value);
  if (url && (url.protocol === "http:" || url.protocol === "https:") && !url.search && !url.hash && !url.username) {
    return value.replace(/\/+$/, "");
  }
  throw new Malformed("must be an http or https URL without credentials, query or fragment");
}
