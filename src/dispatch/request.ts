// What an entry (JSON-RPC, REST, CLI, tests) hands to the waist, and what it gets back.

import type { Progress, Receipt } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import type { Secret } from "../core/secret.ts";
import type { Peer } from "../core/tool.ts";

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
  /** Set by `session.authenticate`; looked at anew by each call, so that a session ends with its key. */
  session?: Secret | undefined;
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
  /** Milliseconds from now in which the call must end; `_meta.deadline_ms` is read by the waist itself, as are the next two. */
  readonly timeoutMs?: number | undefined;
  /** `x-broker-explain: true`, or `_meta.explain`. */
  readonly explain?: boolean | undefined;
  /** W3C `traceparent` header, or `_meta.traceparent`. */
  readonly traceparent?: string | undefined;
  /** Where the client can be asked things in return: a session of MCP's. */
  readonly peer?: Peer | undefined;
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
