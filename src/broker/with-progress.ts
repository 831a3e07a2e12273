// A use case that answers over another one's stream hands it the same call with a stream of its own.

import type { Call, Progress } from "../core/call.ts";

/** The same call in everything but where its progress goes. */
export function withProgress(call: Call, progress: Progress): Call {
  const { requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent } = call;
  return {
    ...{ requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress },
    // Made when it is first asked for, which is not now.
    get signal() {
      return call.signal;
    },
    tellReceipt: (receipt) => call.tellReceipt(receipt),
    authenticate: (token) => call.authenticate(token),
  };
}
