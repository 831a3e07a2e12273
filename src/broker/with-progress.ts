// A use case that answers over another one's stream hands it the same call with a stream of its own.

import type { Call, Progress } from "../core/call.ts";

/** The same call in everything but where its progress goes and, where one is given, its signal. */
export function withProgress(call: Call, progress: Progress, signal?: AbortSignal): Call {
  const { requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent } = call;
  return {
    ...{ requestId, parentId, peer, method, principal, ip, startedAt, deadline, explain, traceparent, progress },
    // Made when it is first asked for, which is not now.
    get signal() {
      return signal ?? call.signal;
    },
    tellReceipt: (receipt) => call.tellReceipt(receipt),
    authenticate: (token) => call.authenticate(token),
  };
}
