// One request of a client that has several under way, from its first moment to the message that answers it.

import type { Calls } from "./calls.ts";
import type { ServerDeps } from "./deps.ts";
import { faultMessage, toFault } from "./fault.ts";
import type { Era, Id, Outlet } from "./wire.ts";

export interface Answering {
  readonly deps: Pick<ServerDeps, "newRequestId" | "onBug">;
  readonly calls: Calls;
  readonly outlet: Outlet;
  readonly era: Era;
}

/** Sends its result or what went wrong; nothing where the client has cancelled it. Never rejects. */
export async function answer(
  { deps, calls, outlet, era }: Answering,
  id: Id,
  work: (signal: AbortSignal, requestId: string) => Promise<object>,
): Promise<void> {
  const requestId = deps.newRequestId();
  let signal: AbortSignal | undefined;
  try {
    signal = calls.begin(id);
    const result = await work(signal, requestId);
    if (!signal.aborted) await outlet.send({ jsonrpc: "2.0", id, result });
  } catch (cause) {
    if (signal?.aborted) return; // who cancels wants no answer
    const fault = toFault(cause, era, requestId);
    if (!fault) deps.onBug(cause, requestId);
    await outlet.send(faultMessage(id, fault ?? { code: -32603, message: "Internal error" }));
  } finally {
    if (signal) calls.end(id);
  }
}
