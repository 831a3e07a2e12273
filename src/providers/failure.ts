// How a provider's trouble becomes a ProviderFailure: its words are found in every shape that vendors use, bounded and
// freed of the key that was sent; retry hints are read; errors of the HTTP client get their kind.

import type { ProviderKey } from "../core/model.ts";
import { type FailureKind, ProviderFailure } from "../core/provider.ts";
import type { Target } from "../core/target.ts";

/** Characters of a provider's words that are kept. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_FACT = 200;
/** A hint beyond a day is as good as none. */
const LONGEST_RETRY_MS = 86_400_000;

/** Lower-case names. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Who is spoken to, for messages, and with which key, to be kept out of them. */
export interface Peer {
  readonly name: string;
  readonly key: ProviderKey | undefined;
}

export function peerOf(target: Target): Peer {
  return { name: target.backend.provider.name, key: target.key };
}

type Json = Record<string, unknown>;

/** An answer whose status is not 2xx. */
export function statusFailure(
  peer: Peer,
  status: number,
  headers: ResponseHeaders,
  body: Buffer,
  now: number,
): ProviderFailure {
  const upstream = words(peer, parse(body.toString()));
  return new ProviderFailure("status", `${peer.name} answered ${status}${upstream ? `: ${upstream.message}` : ""}`, {
    status,
    retryAfterMs: retryAfterMs(headers, now),
    upstream,
  });
}

/** An error object inside an answer that began with 200. `status` is used when the error names none. */
export function errorInAnswer(peer: Peer, value: unknown, status = 502): ProviderFailure {
  const upstream = words(peer, value) ?? { message: "an error without a message" };
  return new ProviderFailure("status", `${peer.name} answered with an error: ${upstream.message}`, {
    status: namedStatus(value) ?? status,
    upstream,
  });
}

/** An answer that is not what was asked for. */
export function garbled({ name }: Pick<Peer, "name">, message: string): ProviderFailure {
  return new ProviderFailure("garbled", `${name}: ${message}`);
}

/** A request that this dialect can't carry; what the vendor itself would answer. */
export function refusal(peer: Peer, message: string, param: string): ProviderFailure {
  return new ProviderFailure("status", `${peer.name} can't take this request: ${message}`, {
    status: 400,
    upstream: { message, type: "invalid_request_error", param },
  });
}

/** `{error: ...}` or a list of it, Anthropic's `{type: "error"}`, vLLM's `{object: "error"}`. */
export function isErrorObject(value: object): boolean {
  const { error, type, object } = (Array.isArray(value) ? (value[0] ?? value) : value) as Json;
  return (error !== undefined && error !== null && error !== false) || type === "error" || object === "error";
}

/** An error of the HTTP client. `answered`: the first byte of the answer had come. */
export function transportFailure(peer: Peer, error: Error & { code?: unknown }, answered: boolean): ProviderFailure {
  const code = typeof error.code === "string" && error.name !== NOT_HTTP ? error.code : error.name;
  const kind = transportKind(code, answered);
  // The parser's error holds bytes of the answer, which may say anything.
  const cause = code === NOT_HTTP ? undefined : error;
  const proxy = PROXY_REFUSED.exec(error.message)?.[1];
  const reason = proxy === undefined ? code : `the proxy answered ${proxy}`;
  return new ProviderFailure(kind, `${peer.name}: ${SAYS[kind]} (${reason})`, { cause, reason });
}

/** As undici says it of CONNECT. */
const PROXY_REFUSED = /^Proxy response \((\d{3})\)/;
const NOT_HTTP = "HTTPParserError";

const SAYS: Readonly<Record<FailureKind, string>> = {
  connect: "no connection",
  timeout: "no answer in time",
  status: "refused",
  cut: "the answer ended before it was complete",
  garbled: "the answer can't be read",
  aborted: "the call was ended",
};

function transportKind(code: string, answered: boolean): FailureKind {
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return "timeout";
  if (answered) return "cut";
  return code === NOT_HTTP || code === "UND_ERR_HEADERS_OVERFLOW" ? "garbled" : "connect";
}

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds or a date). */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | undefined {
  const exact = Number.parseFloat(one(headers["retry-after-ms"]));
  if (exact >= 0) return Math.min(Math.ceil(exact), LONGEST_RETRY_MS);
  const text = one(headers["retry-after"]).trim();
  if (text === "") return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, Math.ceil(ms)), LONGEST_RETRY_MS);
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? "";
}

/** JSON where it is JSON; a short plain text stands for itself; a page of HTML says nothing. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trimStart().startsWith("<") ? undefined : text.trim();
  }
}

function words(peer: Peer, value: unknown): ProviderFailure["upstream"] {
  const error = innermost(value);
  if (typeof error === "string") return error === "" ? undefined : { message: clean(peer, error, LONGEST_MESSAGE) };
  if (error === undefined) return undefined;
  const message = [error.message, error.detail, error.msg, error.type].find(
    (text) => typeof text === "string" && text !== "",
  );
  const facts: { type?: string; code?: string; param?: string } = {};
  for (const name of ["type", "code", "param"] as const) {
    const fact = error[name];
    if (typeof fact === "string" || typeof fact === "number") facts[name] = clean(peer, String(fact), LONGEST_FACT);
  }
  return {
    message: clean(peer, (message as string | undefined) ?? "an error without a message", LONGEST_MESSAGE),
    ...facts,
  };
}

/** The object or text that holds the words: `{error: X}` and lists of it are opened. */
function innermost(value: unknown): string | Json | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === "string") return first;
  if (typeof first !== "object" || first === null) return undefined;
  const { error } = first as Json;
  return typeof error === "string" || (typeof error === "object" && error !== null)
    ? (error as string | Json)
    : (first as Json);
}

function namedStatus(value: unknown): number | undefined {
  const outer = (Array.isArray(value) ? value[0] : value) as Json | null;
  const inner = innermost(value);
  for (const place of [inner, outer]) {
    if (typeof place !== "object" || place === null) continue;
    for (const number of [Number(place.code), Number(place.status), Number(place.status_code)]) {
      if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
    }
  }
  return undefined;
}

/** The secret goes first, then the excess: a cut through the secret would hide a part of it from the search. */
function clean(peer: Peer, text: string, longest: number): string {
  const { secret } = peer.key ?? {};
  const plain = secret?.reveal() ?? "";
  const masked = plain === "" ? text : text.replaceAll(plain, () => String(secret));
  return masked.length > longest ? `${masked.slice(0, longest - 1)}…` : masked;
}
