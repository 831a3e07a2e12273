// A use case that answers over another one hands it a call of its own: the same caller and deadline, but a stream, a row of
// the request log or a signal that differs.

import type { Call } from "../core/call.ts";

/** The same call in everything but what is given. */
export function derivedCall(call: Call, difference: Partial<Omit<Call, "authenticate">>): Call {
  const { requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress } =
    call;
  return {
    ...{ requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress },
    tellReceipt: (receipt) => call.tellReceipt(receipt),
    authenticate: (token) => call.authenticate(token),
    ...difference,
    // Made when it is first asked for, which is not now.
    get signal() {
      return difference.signal ?? call.signal;
    },
  };
}
