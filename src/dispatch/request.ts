// What an entry (JSON-RPC, REST, CLI, tests) hands to the waist, and what it gets back.

import type { Principal, Progress, Receipt } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";

/**
 * Where a call comes from: one per raw or WebSocket connection, one per request over HTTP (where proxies share
 * connections, so nothing may stay on them).
 */
export interface Caller {
  /** Peer address, or `unix:<uid>`. */
  readonly ip: string;
  /** The peer is on this machine. */
  readonly loopback: boolean;
  /** The connection itself is the credential: a Unix socket that only its owner can open. */
  readonly trusted: boolean;
  /** Set by `session.authenticate`. */
  session?: Principal;
}

export interface DispatchRequest {
  readonly method: string;
  /** An object, an array by position, or nothing. */
  readonly params: unknown;
  /** Given by an entry that must tell it before the outcome; else the waist makes one. */
  readonly requestId?: string | undefined;
  readonly caller: Caller;
  /** Of this request: a bearer token without its prefix. `_meta.token` is read by the waist itself. */
  readonly credential?: string | undefined;
  /** Aborted with a BrokerError by a hang-up or a cancellation. Best a getter: few methods look at it. */
  readonly signal: AbortSignal;
  /** Given when the client wants the answer in pieces. */
  readonly progress?: Progress | undefined;
  /** The REST row needs no credential from this machine. */
  readonly open?: "loopback" | undefined;
  /** Told as soon as a receipt exists, before the first progress. */
  readonly onReceipt?: ((receipt: Receipt) => void) | undefined;
}

export type Outcome =
  | { readonly ok: true; readonly requestId: string; readonly result: object; readonly receipt: Receipt | undefined }
  | {
      readonly ok: false;
      readonly requestId: string;
      readonly error: BrokerError;
      readonly receipt: Receipt | undefined;
    };

/** The waist. Never rejects. */
export interface Dispatcher {
  dispatch(request: DispatchRequest): Promise<Outcome>;
}
