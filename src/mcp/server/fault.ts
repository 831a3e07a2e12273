// Errors as MCP's clients know them. What the broker and the protocol both have a word for gets the protocol's code of the
// client's era; the rest keeps the broker's own, outside of the reserved range. What a server behind the broker answered is
// passed on. The kind is in `data`, a stack never.

import { BrokerError, toWireError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import type { ErrorKind } from "../../generated/types.ts";
import type { Era, Id } from "./wire.ts";

/** An error that only the protocol has. */
export class ProtocolFault extends Error {
  override readonly name = "ProtocolFault";
  readonly code: number;
  /** Of HTTP. */
  readonly status: number;
  readonly data: object | undefined;

  constructor(code: number, message: string, status: number, data?: object) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

export const HEADER_MISMATCH = -32020;
const MISSING_CAPABILITY = -32021;
export const UNSUPPORTED_VERSION = -32022;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const RESOURCE_NOT_FOUND = -32002;
/** Of 2025-11-25 alone. */
const URL_NEEDED = -32042;

const CODES: { readonly [K in ErrorKind]?: number } = {
  tool_not_found: INVALID_PARAMS,
  prompt_not_found: INVALID_PARAMS,
  mcp_server_not_found: INVALID_PARAMS,
};

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** `undefined` for what is a bug: it is the caller's to log. */
export function toFault(cause: unknown, era: Era, requestId: string): Fault | undefined {
  if (cause instanceof ProtocolFault) {
    const { code, message, data } = cause;
    return data === undefined ? { code, message } : { code, message, data };
  }
  if (!(cause instanceof BrokerError)) return undefined;
  const fault = toWireError(cause, requestId);
  const told = cause.kind === "mcp_rejected" ? cause.facts.upstream : undefined;
  if (isObject(told) && Number.isInteger(told.code)) return passedOn(told, fault, era);
  if (cause.kind === "resource_not_found")
    return { ...fault, code: era === "modern" ? INVALID_PARAMS : RESOURCE_NOT_FOUND };
  return { ...fault, code: CODES[cause.kind] ?? fault.code };
}

/** A server's own error. Codes that the client's era has given up are not used. */
function passedOn(told: Readonly<Record<string, unknown>>, fault: Fault, era: Era): Fault {
  const { kind, request_id } = fault.data as { readonly kind: unknown; readonly request_id: unknown };
  const message = typeof told.message === "string" ? told.message : fault.message;
  const data =
    told.data === undefined
      ? { kind, request_id }
      : isObject(told.data)
        ? { ...told.data, kind, request_id }
        : told.data;
  const code = told.code as number;
  if (era === "legacy") return { code, message, data };
  if (code === RESOURCE_NOT_FOUND) return { code: INVALID_PARAMS, message, data };
  return { code: code === URL_NEEDED ? fault.code : code, message, data };
}

export function faultMessage(id: Id | null, error: Fault): object {
  return { jsonrpc: "2.0", id, error };
}

/** HTTP status of a modern request's error; what its handler found is told by the body alone. */
export function statusOf(cause: unknown, { code }: Fault): number {
  if (cause instanceof ProtocolFault) return cause.status;
  if (cause instanceof BrokerError && cause.kind === "unauthorized") return 401;
  if (code === METHOD_NOT_FOUND) return 404;
  return code === MISSING_CAPABILITY ? 400 : 200;
}
