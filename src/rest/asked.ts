// What a request's headers say to the broker itself: by whom it is made, how long the call may take, whether to tell how it
// was routed, and the caller's trace context. A look-up each where none is there.

import type { IncomingHttpHeaders } from "node:http";
import { BrokerError } from "../core/errors.ts";
import { type Asked, credentialOf } from "../rpc/caller.ts";

const TIMEOUT = "x-request-timeout-ms";
const LONGEST_MS = 86_400_000;
/** W3C Trace Context; what a later version adds behind it is kept. An id of zeros is none. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,200})?$/;

/** The bearer token or key. Throws `unauthorized` for one of more than `most` characters. */
export function credentialIn(headers: IncomingHttpHeaders, most: number): string | undefined {
  const credential = credentialOf(headers);
  if (credential === undefined || credential.length <= most) return credential;
  throw new BrokerError("unauthorized", "The credential is too long");
}

/** `undefined`: nothing is asked. Throws `invalid_request` for a timeout that is none; a bad trace context is passed over. */
export function askedOf(headers: IncomingHttpHeaders): Asked | undefined {
  const { [TIMEOUT]: timeout, "x-broker-explain": explain, traceparent } = headers;
  if (timeout === undefined && explain === undefined && traceparent === undefined) return undefined;
  return {
    timeoutMs: timeout === undefined ? undefined : timeoutOf(String(timeout)),
    explain: explain === "true" ? true : undefined,
    traceparent: typeof traceparent === "string" && TRACEPARENT.test(traceparent) ? traceparent : undefined,
  };
}

function timeoutOf(text: string): number {
  const ms = /^\d{1,8}$/.test(text) ? Number(text) : 0;
  if (ms >= 1 && ms <= LONGEST_MS) return ms;
  throw new BrokerError("invalid_request", `${TIMEOUT} must be a whole number from 1 to ${LONGEST_MS}`, {
    param: TIMEOUT,
  });
}
