// What went wrong between us and a server, told from the SDK's errors: whose fault it is, whether the server may have begun
// the request, and whether the connection can be used again.

import { BrokerError, type ErrorFacts } from "../../core/errors.ts";
import { masked } from "../../core/mcp-server.ts";
import type { ErrorKind } from "../../generated/types.ts";
import { isTooDeep } from "../depth.ts";

export interface Failure {
  readonly kind: Extract<ErrorKind, "mcp_server_unavailable" | "mcp_server_failed" | "mcp_rejected">;
  readonly message: string;
  /** The server may have begun. */
  readonly begun: boolean;
  /** The connection is not to be used again. */
  readonly lost: boolean;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The server's own error. */
  readonly upstream?: NonNullable<ErrorFacts["upstream"]>;
}

/** `data` of errors that we answer in a server's place. */
export const STREAM_ENDED = { ended: true } as const;
export const TOO_LONG = { long: true } as const;

/** Characters that are looked at: what is told is less, so that no secret is cut in two and then not found. */
const MOST_WORDS = 65_536;
/** Characters of a server's message, and of its data as JSON. */
const LONGEST = 4096;
const MOST_DATA = 16_384;
const LONGEST_TOLD = 512;
/** Nothing was sent. */
const NOT_SENT = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EACCES", "ENOENT"],
  ...["UND_ERR_CONNECT_TIMEOUT", "NOT_CONNECTED", "ERR_TLS_CERT_ALTNAME_INVALID", "DEPTH_ZERO_SELF_SIGNED_CERT"],
]);

interface Shape {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly data?: unknown;
  readonly status?: unknown;
  readonly cause?: unknown;
  readonly syscall?: unknown;
}

/** `session`: the connection has a session, which the server may have forgotten. */
export function failureOf(cause: unknown, session = false): Failure {
  if (cause instanceof BrokerError) return failed(cause.message, { lost: false }); // no answer in time
  const error = (typeof cause === "object" && cause !== null ? cause : { message: String(cause) }) as Shape;
  const message = error.message ?? "";
  if (error.data === TOO_LONG || error.name === "TooLong") return failed(message, { lost: false });
  if (error.data === STREAM_ENDED) return failed(message, { lost: true });
  const status = statusOf(error);
  if (status !== undefined) return ofStatus(status, message, session);
  if (typeof error.code === "number") return rejected(error.code, message, error.data);
  const code = innerCode(error);
  if (error.name === "Gone" || message === "Not connected" || NOT_SENT.has(code)) {
    return { kind: "mcp_server_unavailable", message: deepest(error), begun: false, lost: true };
  }
  if (code === "CONNECTION_CLOSED") return failed("the connection closed", { lost: true });
  if (/^[A-Z_]+$/.test(code) && !code.startsWith("E") && !code.startsWith("UND_"))
    return failed(message, { lost: false });
  return failed(deepest(error), { lost: true });
}

/** For the caller; nothing secret in it. */
export function toBrokerError({ kind, message, upstream }: Failure, secrets: readonly string[]): BrokerError {
  const told = masked(message, secrets).slice(0, LONGEST);
  if (kind !== "mcp_rejected" || upstream === undefined) return new BrokerError(kind, told.slice(0, LONGEST_TOLD));
  const { code, data } = upstream;
  const facts = data === undefined ? {} : { data: JSON.parse(masked(JSON.stringify(data), secrets)) as unknown };
  return new BrokerError(kind, told, { upstream: { code: code ?? 0, message: told, ...facts } });
}

function failed(message: string, { lost }: { lost: boolean }): Failure {
  return { kind: "mcp_server_failed", message, begun: true, lost };
}

function rejected(code: number, message: string, data: unknown): Failure {
  const words = message.replace(/^MCP error -?\d+: /, "");
  const facts = data !== undefined && !isTooDeep(data) && JSON.stringify(data).length <= MOST_DATA ? { data } : {};
  const upstream = { code, message: words, ...facts };
  return { kind: "mcp_rejected", message: words, begun: true, lost: false, upstream };
}

/** A server that no longer knows our session has begun nothing; one that says so otherwise than by 404 says it by 400. */
function ofStatus(status: number, message: string, session: boolean): Failure {
  const told = `HTTP ${status}${reasonOf(message)}`;
  if (session && (status === 404 || status === 400)) return { ...failed(told, { lost: true }), begun: false, status };
  if (status >= 500) return { ...failed(told, { lost: true }), status };
  return { ...failed(told, { lost: false }), begun: false, status };
}

function reasonOf(message: string): string {
  const words = message.replace(/^(Error POSTing to endpoint(?: \(HTTP \d+\))?|Failed to open SSE stream): /, "");
  return words === "" || words === message ? "" : `: ${words.replaceAll(/\s+/g, " ").slice(0, MOST_WORDS)}`;
}

/** The SDK tells some only in words. */
function statusOf({ status, data, message = "", name, code }: Shape): number | undefined {
  if (typeof status === "number") return status;
  const inner = (data as { readonly status?: unknown } | undefined)?.status;
  if (name === "SdkHttpError" && typeof inner === "number") return inner;
  if (typeof code === "number" && message.startsWith("SSE error")) return code;
  const told = /\(HTTP (\d{3})\)/.exec(message)?.[1];
  return told === undefined || typeof code === "number" ? undefined : Number(told);
}

function innerCode(error: Shape): string {
  for (let at: Shape | undefined = error, steps = 0; at && steps < 5; at = at.cause as Shape | undefined, steps++) {
    if (typeof at.code === "string") return at.code;
    if (at.name === "PrivateAddress" || at.name === "Redirected") return "NOT_CONNECTED";
  }
  return "";
}

/** "fetch failed" says nothing, what it was caused by does. */
function deepest(error: Shape): string {
  let at = error;
  for (let steps = 0; steps < 5 && typeof at.cause === "object" && at.cause !== null; steps++) at = at.cause;
  // The system's own words have the program's whole path.
  if (typeof at.syscall === "string" && at.syscall.startsWith("spawn"))
    return `the program can't be started (${at.code})`;
  return at.message || String(at.code ?? error.message ?? at.name);
}
