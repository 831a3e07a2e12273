// A BrokerError as the SDKs read it: OpenAI's, Anthropic's, or JSON-RPC's. A provider's refusal of the caller's request
// keeps the provider's own type and code, so that a program written for that provider finds what it looks for.

import { type BrokerError, KINDS, toWireError } from "../core/errors.ts";
import type { ErrorKind } from "../generated/types.ts";

/** How an error is shown: as the row's dialect does, or as a JSON-RPC response where the request was one. */
export type ErrorShape = "openai" | "anthropic" | "rpc";

export interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    /** JSON pointer or name of the param at fault. */
    readonly param: string | null;
    readonly code: string;
    readonly request_id: string;
  } & Told;
}

/** What an error tells besides. */
interface Told {
  /** How the call was routed, where the caller asked to know. */
  readonly route?: unknown;
  /** What the call took and cost until it failed. */
  readonly usage?: unknown;
}

export interface AnthropicError {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string } & Told;
  readonly request_id: string;
}

/** The body of an answer. */
export function toErrorBody(error: BrokerError, requestId: string, shape: ErrorShape): object {
  switch (shape) {
    case "openai":
      return toOpenAiError(error, requestId);
    case "anthropic":
      return toAnthropicError(error, requestId);
    case "rpc":
      return { jsonrpc: "2.0", id: null, error: toWireError(error, requestId) };
  }
}

/** A provider's status is passed on only where it is one of an error. */
export function errorStatus({ status, kind }: BrokerError, shape: ErrorShape): number {
  if (shape === "anthropic" && OVERLOADED.has(kind)) return OVERLOADED_STATUS;
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : KINDS[kind].status;
}

export function toOpenAiError({ kind, message, facts }: BrokerError, requestId: string): OpenAiError {
  const upstream = kind === "provider_rejected" ? facts.upstream : undefined;
  return {
    error: {
      message,
      type: upstream?.type ?? KINDS[kind].openaiType,
      param: facts.param ?? null,
      code: `${upstream?.code ?? kind}`,
      request_id: requestId,
      ...toldIn(facts),
    },
  };
}

export function toAnthropicError(error: BrokerError, requestId: string): AnthropicError {
  const { kind, message, facts } = error;
  const told = kind === "provider_rejected" ? facts.upstream?.type : undefined;
  const type = told !== undefined && ANTHROPIC_TYPES.has(told) ? told : typeOf(errorStatus(error, "anthropic"));
  return { type: "error", error: { type, message, ...toldIn(facts) }, request_id: requestId };
}

function toldIn({ route, usage }: BrokerError["facts"]): Told {
  return { ...(route === undefined ? undefined : { route }), ...(usage === undefined ? undefined : { usage }) };
}

/** Anthropic has a status of its own for who is too busy now. */
const OVERLOADED: ReadonlySet<ErrorKind> = new Set<ErrorKind>(["overloaded", "targets_cooling", "draining"]);
const OVERLOADED_STATUS = 529;

const TYPE_BY_STATUS: ReadonlyMap<number, string> = new Map([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [409, "conflict_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [504, "timeout_error"],
  [OVERLOADED_STATUS, "overloaded_error"],
]);
const ANTHROPIC_TYPES: ReadonlySet<string> = new Set([
  ...TYPE_BY_STATUS.values(),
  "invalid_request_error",
  "api_error",
]);

function typeOf(status: number): string {
  return TYPE_BY_STATUS.get(status) ?? (status < 500 ? "invalid_request_error" : "api_error");
}
