// The one error that crosses the wire. Its kind fixes code, HTTP status and OpenAI type; anything else that is thrown is
// a bug, logged with its stack and shown as `internal` without details.

import { ERRORS } from "../generated/methods.ts";
import type { ErrorKind } from "../generated/types.ts";

/** What an error tells besides its kind; never a secret, never a stack. */
export interface ErrorFacts {
  /** JSON pointer or name of the param at fault. */
  readonly param?: string;
  /** Milliseconds after which a retry can help. */
  readonly retry_after_ms?: number;
  /** The provider's or MCP server's own error, where it refused the caller's request; a server's `code` is a number. */
  readonly upstream?: {
    readonly status?: number;
    readonly message: string;
    readonly type?: string;
    readonly code?: string | number;
    readonly data?: unknown;
  };
  readonly [fact: string]: unknown;
}

interface KindRow {
  /** HTTP status of REST answers. */
  readonly status: number;
  /** `error.type` of OpenAI's shape. */
  readonly openaiType: string;
  /** A later identical call can succeed. */
  readonly retryable: boolean;
}

/** Total over the closed set, so that a forgotten kind does not compile. */
export const KINDS: Readonly<Record<ErrorKind, KindRow>> = {
  parse_error: { status: 400, openaiType: "invalid_request_error", retryable: false },
  invalid_request: { status: 400, openaiType: "invalid_request_error", retryable: false },
  method_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  invalid_params: { status: 400, openaiType: "invalid_request_error", retryable: false },
  internal: { status: 500, openaiType: "server_error", retryable: true },
  unauthorized: { status: 401, openaiType: "authentication_error", retryable: false },
  forbidden: { status: 403, openaiType: "permission_error", retryable: false },
  key_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  model_not_allowed: { status: 403, openaiType: "permission_error", retryable: false },
  rate_limited: { status: 429, openaiType: "rate_limit_error", retryable: true },
  budget_exceeded: { status: 402, openaiType: "budget_exceeded", retryable: false },
  max_cost_exceeded: { status: 402, openaiType: "budget_exceeded", retryable: false },
  price_unknown: { status: 403, openaiType: "permission_error", retryable: false },
  model_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  no_usable_target: { status: 503, openaiType: "server_error", retryable: false },
  capability_missing: { status: 400, openaiType: "invalid_request_error", retryable: false },
  context_length_exceeded: { status: 400, openaiType: "invalid_request_error", retryable: false },
  targets_cooling: { status: 503, openaiType: "server_error", retryable: true },
  response_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  model_kind_unavailable: { status: 501, openaiType: "server_error", retryable: false },
  provider_failed: { status: 502, openaiType: "server_error", retryable: true },
  provider_timeout: { status: 504, openaiType: "server_error", retryable: true },
  provider_rejected: { status: 400, openaiType: "invalid_request_error", retryable: false },
  provider_rate_limited: { status: 429, openaiType: "rate_limit_error", retryable: true },
  provider_credentials_exhausted: { status: 502, openaiType: "server_error", retryable: false },
  stream_cut: { status: 502, openaiType: "server_error", retryable: true },
  tool_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  tool_not_allowed: { status: 403, openaiType: "permission_error", retryable: false },
  mcp_server_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  mcp_server_unavailable: { status: 503, openaiType: "server_error", retryable: true },
  mcp_server_failed: { status: 502, openaiType: "server_error", retryable: true },
  mcp_server_timeout: { status: 504, openaiType: "server_error", retryable: true },
  mcp_rejected: { status: 400, openaiType: "invalid_request_error", retryable: false },
  resource_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  prompt_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  overloaded: { status: 503, openaiType: "server_error", retryable: true },
  draining: { status: 503, openaiType: "server_error", retryable: true },
  too_large: { status: 413, openaiType: "invalid_request_error", retryable: false },
  cancelled: { status: 499, openaiType: "invalid_request_error", retryable: false },
  request_timeout: { status: 408, openaiType: "invalid_request_error", retryable: true },
  config_invalid: { status: 422, openaiType: "invalid_request_error", retryable: false },
  route_not_found: { status: 404, openaiType: "invalid_request_error", retryable: false },
  verb_not_allowed: { status: 405, openaiType: "invalid_request_error", retryable: false },
  unsupported_media_type: { status: 415, openaiType: "invalid_request_error", retryable: false },
  deadline_exceeded: { status: 504, openaiType: "server_error", retryable: true },
  storage_unavailable: { status: 503, openaiType: "server_error", retryable: true },
};

/** An answer that is not a result. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
  readonly kind: ErrorKind;
  readonly facts: ErrorFacts;

  constructor(kind: ErrorKind, message?: string, facts: ErrorFacts = {}) {
    super(message ?? ERRORS[kind].message);
    this.kind = kind;
    this.facts = facts;
  }

  /** JSON-RPC code, also the catalogue's number. */
  get code(): number {
    return ERRORS[this.kind].code;
  }

  /** HTTP status; a provider's refusal of the caller's request keeps the provider's. */
  get status(): number {
    return this.kind === "provider_rejected" ? (this.facts.upstream?.status ?? 400) : KINDS[this.kind].status;
  }

  get retryable(): boolean {
    return KINDS[this.kind].retryable;
  }

  /** The same error, of the same cause, that tells more. */
  with(facts: ErrorFacts): BrokerError {
    const fuller = new BrokerError(this.kind, this.message, { ...this.facts, ...facts });
    fuller.cause = this.cause;
    return fuller;
  }
}

/** JSON-RPC's error object: `{code, message, data: {kind, retryable, request_id, ...facts}}`. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly kind: ErrorKind; readonly retryable: boolean; readonly [fact: string]: unknown };
}

export function toWireError(error: BrokerError, requestId?: string): WireError {
  const id = requestId === undefined ? {} : { request_id: requestId };
  return {
    code: error.code,
    message: error.message,
    data: { kind: error.kind, retryable: error.retryable, ...id, ...error.facts },
  };
}
