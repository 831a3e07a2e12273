// What one connection has under way: its caller and its calls by id. HTTP makes one for each request.

import type { Caller } from "../dispatch/request.ts";
import type { Asked } from "./caller.ts";
import type { RpcId } from "./request.ts";

/** Sends one notification, written as JSON. A promise means: wait for it before the next, the peer reads slowly. */
export type Notify = (text: string) => void | Promise<void>;

/** A call under way, as its connection sees it. */
export interface OpenCall {
  /** `undefined`: a notification. */
  readonly id: RpcId | undefined;
  /** The call still ends by its one response. */
  cancel(): void;
  /** It has been answered. */
  end(): void;
}

export class RpcSession {
  readonly caller: Caller;
  /** A credential of the connection itself, as HTTP and WebSocket have. */
  readonly credential: string | undefined;
  /** `undefined`: this framing has no place for notifications, so no call streams. */
  readonly notify: Notify | undefined;
  readonly asked: Asked | undefined;
  /** By id; notifications by themselves. */
  readonly #calls = new Map<RpcId | OpenCall, OpenCall>();
  #closed = false;

  constructor(caller: Caller, credential?: string, notify?: Notify, asked?: Asked) {
    this.caller = caller;
    this.credential = credential;
    this.notify = notify;
    this.asked = asked;
  }

  /** Calls under way, notifications included. */
  get inFlight(): number {
    return this.#calls.size;
  }

  /** Somebody waits for an answer. */
  get awaited(): boolean {
    for (const call of this.#calls.values()) if (call.id !== undefined) return true;
    return false;
  }

  has(id: RpcId): boolean {
    return this.#calls.has(id);
  }

  begin(call: OpenCall): void {
    this.#calls.set(call.id === undefined ? call : call.id, call);
    if (this.#closed) call.cancel();
  }

  end(call: OpenCall): void {
    call.end();
    this.#calls.delete(call.id === undefined ? call : call.id);
  }

  /** `$/cancelRequest`. An id that is not under way is no fault: its answer is on the way. */
  cancel(id: unknown): void {
    this.#calls.get(id as RpcId)?.cancel();
  }

  /** The peer is gone: every call is cancelled, at once. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls.values()) call.cancel();
  }
}
