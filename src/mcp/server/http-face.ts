// What the requests of MCP over HTTP share.

import type { Principal } from "../../core/call.ts";
import { BrokerError } from "../../core/errors.ts";
import type { Caller } from "../../dispatch/request.ts";
import type { Origin } from "./ask.ts";
import type { ServerDeps } from "./deps.ts";
import type { Session } from "./session.ts";
import { SESSION_LIMITS, type SessionLimits, type Sessions } from "./sessions.ts";

export interface HttpDeps extends ServerDeps {
  /** Throws or rejects with `unauthorized`. */
  readonly identify: (credential: string | undefined, caller: Caller) => Principal | Promise<Principal>;
  /** Milliseconds. */
  readonly ticks: () => number;
  readonly limits?: Partial<HttpLimits>;
}

export interface HttpLimits extends SessionLimits {
  /** Milliseconds of silence in a stream after which a comment is sent, and a POST becomes a stream. */
  readonly pingMs: number;
  /** Milliseconds in which a client must have taken something of what waits for it. */
  readonly stalledMs: number;
}

export const HTTP_LIMITS: HttpLimits = { ...SESSION_LIMITS, pingMs: 15_000, stalledMs: 60_000 };

export interface HttpFace {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
  readonly sessions: Sessions;
}

/** What happens when the client goes. */
export class Serving {
  gone = false;
  onGone: (() => void) | undefined;

  close(): void {
    this.gone = true;
    this.onGone?.();
  }
}

/** Throws `invalid_request` without an id, `route_not_found` for one that means nothing to this caller. */
export function sessionOf({ sessions }: HttpFace, id: unknown, origin: Origin): Session {
  if (id === undefined) throw new BrokerError("invalid_request", "The Mcp-Session-Id header is missing");
  const session = sessions.find(id, origin);
  if (!session) throw new BrokerError("route_not_found", "There is no such session: initialize anew");
  return session;
}

/** A JSON answer and streams, or JSON alone. */
export function readsStreams(accept = "*/*"): boolean {
  return accept.includes("text/event-stream") || accept.includes("*/*");
}
