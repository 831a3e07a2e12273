// Who makes an HTTP request, and whether it may be made from there at all: the peer or, behind a trusted proxy, its client;
// no pages of foreign sites on a machine whose callers need no key. WebSocket upgrades pass here too.

import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";
import { createClientOf } from "./forwarded.ts";
import { originFault } from "./origin.ts";

export interface AdmissionDeps {
  /** Who is at the other end of a socket; a new object each time. */
  readonly callerOf: (socket: Socket) => Caller;
  /** Addresses and subnets whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Host names besides localhost that a caller of this machine may use. */
  readonly allowedHosts: readonly string[];
  /** Origins that browsers may call from; `*` for any. */
  readonly cors: readonly string[];
}

/** The caller of a request, or why it is refused. */
export type Admit = (request: Pick<IncomingMessage, "socket" | "headers" | "httpVersion">) => Caller | BrokerError;

/** Throws `config_invalid` for a faulty proxy. */
export function createAdmit({ callerOf, trustedProxies, allowedHosts, cors }: AdmissionDeps): Admit {
  const clientOf = createClientOf(trustedProxies);
  const rules = { cors, allowedHosts: allowedHosts.map((host) => host.toLowerCase()) };
  return ({ socket, headers, httpVersion }) => {
    const forwardedFor = headers["x-forwarded-for"] ?? headers.forwarded ?? headers["x-real-ip"];
    const caller = clientOf(callerOf(socket), Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor);
    if (headers.host === undefined && httpVersion !== "1.0") {
      return new BrokerError("invalid_request", "The Host header is missing");
    }
    // Only who may do more for being here needs protection, and no web page reaches a Unix socket.
    if (!caller.loopback || caller.ip.startsWith("unix:")) return caller;
    return originFault(headers.host, headers.origin, rules) ?? caller;
  };
}
