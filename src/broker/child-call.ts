// A use case that makes further calls for the one it serves hands each of them a call of its own: the same caller, signal
// and deadline, but its own row of the request log, under that of the call it is made for.

import type { Call } from "../core/call.ts";

/** What is different. */
export type Difference = Partial<Omit<Call, "signal" | "authenticate">>;

export function childCall(call: Call, difference: Difference): Call {
  const { requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress } =
    call;
  return {
    ...{ requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress },
    tellReceipt: (receipt) => call.tellReceipt(receipt),
    ...difference,
    signal: call.signal,
    authenticate: (token) => call.authenticate(token),
  };
}
