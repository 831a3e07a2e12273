// MCP's messages as they come and go, and the protocol versions that the broker speaks: 2026-07-28, where each request tells
// all that it needs (`modern`), and those before it, which begin with a handshake (`legacy`).

import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";

/** Newest first: what a client is offered that asks for a version nobody knows. */
export const LEGACY_VERSIONS: readonly string[] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
export const MODERN_VERSIONS: readonly string[] = ["2026-07-28"];

export type Era = "legacy" | "modern";
export type Id = string | number;
export type Params = Readonly<Record<string, unknown>>;

export interface Request {
  readonly kind: "request";
  readonly id: Id;
  readonly method: string;
  readonly params: Params;
}

export interface Notification {
  readonly kind: "notification";
  readonly method: string;
  readonly params: Params;
}

/** A client's answer to what it was asked. */
export interface Answer {
  readonly kind: "answer";
  readonly id: unknown;
  readonly result: object | undefined;
  readonly error: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown } | undefined;
}

export type Message = Request | Notification | Answer;

/** Where messages of one exchange, or of a whole connection, go. A promise: wait for it, the client reads slowly. */
export interface Outlet {
  send(message: object): Promise<void> | undefined;
  /** Nothing but the response goes this way: the client can be asked nothing. */
  readonly mute?: boolean;
}

/** Characters. */
const LONGEST_ID = 1024;

/** Throws `invalid_request`. */
export function readMessage(value: unknown): Message {
  if (!isObject(value) || value.jsonrpc !== "2.0")
    throw new BrokerError("invalid_request", "Not a JSON-RPC 2.0 message");
  const { id, method, params = {}, result, error } = value;
  if (method === undefined) {
    if (isObject(result)) return { kind: "answer", id, result, error: undefined };
    if (isObject(error)) return { kind: "answer", id, result: undefined, error };
    throw new BrokerError("invalid_request", "Neither a request nor a notification nor a response");
  }
  if (typeof method !== "string" || !isObject(params)) {
    throw new BrokerError("invalid_request", "`method` must be a string and `params` an object");
  }
  if (id === undefined) return { kind: "notification", method, params };
  if (!isId(id)) throw new BrokerError("invalid_request", "`id` must be a string or an integer");
  return { kind: "request", id, method, params };
}

/** For the answer to a message that could not be read. */
export function idOf(value: unknown): Id | null {
  return isObject(value) && isId(value.id) ? value.id : null;
}

export function notification(method: string, params?: object): object {
  return params === undefined ? { jsonrpc: "2.0", method } : { jsonrpc: "2.0", method, params };
}

function isId(value: unknown): value is Id {
  return typeof value === "string" ? value.length <= LONGEST_ID : Number.isSafeInteger(value);
}
