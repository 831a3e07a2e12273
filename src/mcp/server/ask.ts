// One request of an MCP client on its way to the waist: who asks, with what, over which of the servers, and what it wants
// to hear of meanwhile.

import type { Principal, Progress } from "../../core/call.ts";
import type { Peer } from "../../core/tool.ts";
import type { Caller, Dispatcher } from "../../dispatch/request.ts";
import type { McpProgress, MethodName } from "../../generated/types.ts";
import { type Level, passes } from "./level.ts";
import { type Era, notification, type Outlet, type Params } from "./wire.ts";

/** What a message came with. */
export interface Origin {
  readonly caller: Caller;
  readonly credential: string | undefined;
  /** Who that is. */
  readonly principal: Principal;
  /** The one server that is shown, under its own names; `undefined` for all. */
  readonly server: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly traceparent?: string | undefined;
}

/** A message's origin, and where answers to it go. */
export interface Delivery extends Origin {
  readonly outlet: Outlet;
}

export interface AskSource extends Delivery {
  readonly dispatcher: Dispatcher;
  readonly era: Era;
  readonly params: Params;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly peer: Peer | undefined;
  /** Least severe log message that the client wants; `undefined` for none. */
  readonly level: Level | undefined;
}

export class Ask {
  readonly era: Era;
  readonly params: Params;
  readonly principal: Principal;
  readonly server: string | undefined;
  readonly signal: AbortSignal;
  readonly #source: AskSource;

  constructor(source: AskSource) {
    const { era, params, principal, server, signal } = source;
    this.era = era;
    this.params = params;
    this.principal = principal;
    this.server = server;
    this.signal = signal;
    this.#source = source;
  }

  /** Through the waist. Rejects with what the waist answers. `heard`: the client hears of its progress. */
  async call<R extends object>(method: MethodName, params: object, heard = true): Promise<R> {
    const progress = heard ? this.#progress() : undefined;
    const { dispatcher, requestId, caller, credential, signal, timeoutMs, traceparent, peer } = this.#source;
    const request = { method, params, requestId, caller, credential, signal, progress, timeoutMs, peer };
    const outcome = await dispatcher.dispatch({ ...request, traceparent: traceparent ?? this.#traceparent() });
    if (!outcome.ok) throw outcome.error;
    return outcome.result as R;
  }

  /** Of the server alone that is shown. */
  get scope(): { readonly server?: string } {
    return this.server === undefined ? {} : { server: this.server };
  }

  get #meta(): Params {
    return (this.params._meta ?? {}) as Params;
  }

  #traceparent(): string | undefined {
    const { traceparent } = this.#meta;
    return typeof traceparent === "string" && traceparent.length <= 128 ? traceparent : undefined;
  }

  /** The server's progress under the token that the client chose, and its log from the level that the client wants. */
  #progress(): Progress | undefined {
    const { outlet, level } = this.#source;
    const { progressToken } = this.#meta;
    const counted = typeof progressToken === "string" || typeof progressToken === "number";
    if (!counted && level === undefined) return undefined;
    return ({ values }) => {
      let slow: Promise<void> | undefined;
      for (const { method, params } of values as readonly McpProgress[]) {
        if (method === "notifications/progress" && counted) {
          slow = outlet.send(notification(method, { ...params, progressToken }));
        } else if (method === "notifications/message" && passes(params.level, level)) {
          slow = outlet.send(notification(method, params));
        }
      }
      return slow;
    };
  }
}
