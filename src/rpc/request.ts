// Which JSON values are JSON-RPC 2.0 requests. Every refusal says what is wrong, and goes out under the request's id
// where that is an id.

import { BrokerError } from "../core/errors.ts";
import { isObject } from "../core/json-object.ts";

export type RpcId = string | number | null;

/** A valid request object; without `id` it is a notification. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params?: object;
  readonly id?: RpcId;
}

/** What keeps a value from being a request, or `undefined`. */
export function faultOf(message: unknown): BrokerError | undefined {
  if (!isObject(message)) return new BrokerError("invalid_request", "A request is an object");
  const { jsonrpc, id, method, params } = message;
  if (jsonrpc !== "2.0") return invalid("jsonrpc", 'must be "2.0"');
  if (typeof method !== "string") return invalid("method", "must be a string");
  if (params !== undefined && (typeof params !== "object" || params === null)) {
    return invalid("params", "must be an object or an array, or be left out");
  }
  if (id === undefined || isId(id)) return undefined;
  return invalid(
    "id",
    typeof id === "number" ? "is too large a number: send it as a string" : "must be a string, a number or null",
  );
}

/** The id to answer under; null where there is none. */
export function idOf(message: unknown): RpcId {
  const id = (message as { id?: unknown } | null)?.id;
  return isId(id) ? id : null;
}

/** Whole numbers beyond 2^53 have lost digits already, so they could not be echoed exactly. */
function isId(id: unknown): id is RpcId {
  if (typeof id === "number") return Number.isSafeInteger(id) || (Number.isFinite(id) && !Number.isInteger(id));
  return typeof id === "string" || id === null;
}

function invalid(param: string, fault: string): BrokerError {
  return new BrokerError("invalid_request", `"${param}" ${fault}`, { param });
}
