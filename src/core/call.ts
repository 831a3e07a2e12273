// One call on its way through the house: who makes it, how to stop it, where its progress goes, what it turned out to cost.

import type { Key } from "./key.ts";
import type { NanoUsd } from "./money.ts";
import type { Peer } from "./tool.ts";

export type Scope = "public" | "inference" | "admin";

/** Who a caller turned out to be. */
export interface Principal {
  /** `anonymous`, `admin`, the id of a key, or `jwt:` and the token's subject. */
  readonly name: string;
  /** What ledger rows name: the id of a key, or `jwt:` and a subject. */
  readonly keyId: string | undefined;
  /** Present for an issued key: what it may use and spend. */
  readonly key: Key | undefined;
  readonly scopes: ReadonlySet<Scope>;
}

/** Values of a stream that go to the client together; `sse` is their wire form where one exists already. */
export interface ProgressRun {
  readonly values: readonly object[];
  readonly sse?: Uint8Array | string;
}

/** Hands values to the client. A promise means: wait for it before the next, the client reads slowly. */
export type Progress = (run: ProgressRun) => void | Promise<void>;

/** One limit as it stands; the `x-ratelimit-*` headers tell it. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until all of it is there again. */
  readonly resetMs: number;
}

export interface RateStates {
  readonly requests?: RateState;
  readonly tokens?: RateState;
}

/** What served the call; response headers and the JSON-RPC result tell it. */
export interface Receipt {
  readonly model: string;
  readonly provider: string;
  /** Upstream calls made, the successful one included. */
  readonly attempts: number;
  /** Known once the call is settled. */
  readonly costNanoUsd: NanoUsd | undefined;
  /** The key's or the address' limits, where it has any. */
  readonly rates?: RateStates | undefined;
}

export interface Call {
  readonly requestId: string;
  /** The call that this one is made for. */
  readonly parentId: string | undefined;
  /** Present where the client can be asked things in return. */
  readonly peer: Peer | undefined;
  readonly method: string;
  readonly principal: Principal;
  /** The client's address; `unix:<uid>` on a Unix socket. */
  readonly ip: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Unix milliseconds by which the caller wants the call to have ended; then `signal` is aborted. */
  readonly deadline: number | undefined;
  /** The caller wants to know how the call was routed. */
  readonly explain: boolean;
  /** W3C trace context of the caller, as it was sent. */
  readonly traceparent: string | undefined;
  /** Aborted on hang-up, cancellation, at the deadline and at the end of a drain; the reason is a BrokerError. */
  readonly signal: AbortSignal;
  /** Present when the client wants a stream. */
  readonly progress: Progress | undefined;
  /** Told when the first byte is about to leave, and again when the call is settled. */
  tellReceipt(receipt: Receipt): void;
  /** Whose token this is; that principal makes the connection's later calls. Throws `unauthorized`. */
  authenticate(token: string): Promise<Principal>;
}
