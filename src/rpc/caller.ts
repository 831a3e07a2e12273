// Who is at the other end of a socket. The listener knows where a connection came in; HTTP and WebSocket code asks here.
// Node cannot read the peer's uid of a Unix socket, so trust rests on the mode of the socket file alone.

import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { Caller, DispatchRequest } from "../dispatch/request.ts";

/** What the headers of an HTTP request ask for all its calls. */
export type Asked = Pick<DispatchRequest, "timeoutMs" | "explain" | "traceparent">;

/** Where connections came in, as long as they live. */
const origins = new WeakMap<Socket, Caller>();

/** Remembers for `callerOf` that a connection came in over a Unix socket. `uid`: its owner's, 0 where that is not known. */
export function markUnix(socket: Socket, trusted: boolean, uid = 0): void {
  origins.set(socket, { ip: `unix:${uid}`, loopback: true, trusted });
}

/** A caller of its own for each request or connection, so that no session outlives what it was bound to. */
export function callerOf(socket: Socket): Caller {
  const origin = origins.get(socket);
  if (origin) return { ...origin };
  const address = socket.remoteAddress ?? "unknown";
  const ip = address.startsWith("::ffff:") ? address.slice(7) : address;
  return { ip, loopback: ip === "::1" || ip.startsWith("127."), trusted: false };
}

/** The credential of an HTTP request: a bearer token without its prefix, or a key of `x-api-key` or `api-key`. */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  const key = headers["x-api-key"] ?? headers["api-key"];
  return typeof key === "string" ? key : undefined;
}
