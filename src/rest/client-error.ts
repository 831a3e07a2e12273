// Requests that are no HTTP, too long in their headers or too slow: there may be no request object to answer, so the
// answer is written to the socket itself, in the same shape as any other error. Nothing of the input is repeated.

import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BrokerError } from "../core/errors.ts";
import { STATUS_CODES } from "../rpc/node-http.ts";
import type { Connections } from "./connection.ts";
import { toOpenAiError } from "./error-shape.ts";
import type { RestLimits } from "./limits.ts";

export interface ClientErrorDeps {
  readonly connections: Connections;
  readonly limits: RestLimits;
  readonly newRequestId: () => string;
}

/** `code`: of the error that the server's `clientError` tells. */
export function answerClientError(deps: ClientErrorDeps, code: string | undefined, socket: Duplex): void {
  // Already answered or gone: the socket's own teardown does the rest.
  if (!socket.writable || code === "ECONNRESET") return;
  const [status, error] = errorOf(code, deps.limits);
  const open = deps.connections.open(socket as Socket);
  const [only] = open;
  if (only === undefined) writeRaw(socket, status, error, deps);
  else if (open.length === 1 && only.receiving) only.giveUp(error);
  // In the middle of another answer an error would be taken for a part of it.
  else socket.destroy();
}

function errorOf(code: string | undefined, { headerBytes }: RestLimits): [number, BrokerError] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, new BrokerError("too_large", `The header block holds at most ${headerBytes} bytes`)];
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return [413, new BrokerError("too_large", "The chunk extensions are too large")];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, new BrokerError("request_timeout")];
    default:
      return [400, new BrokerError("invalid_request", "The request is not valid HTTP/1.1")];
  }
}

function writeRaw(socket: Duplex, status: number, error: BrokerError, deps: ClientErrorDeps): void {
  const requestId = deps.newRequestId();
  const body = JSON.stringify(toOpenAiError(error, requestId));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      `x-should-retry: ${error.retryable}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
  setTimeout(() => socket.destroy(), deps.limits.lingerMs).unref();
}
