// What an MCP server is told of the call that it works for.

import type { Call } from "../core/call.ts";
import type { ToolOrder } from "../core/tool.ts";

/** The part of a call that servers hear of. */
export type Asker = Pick<Call, "peer" | "principal" | "signal" | "progress">;

/** A session of MCP's is an owner of its own, as it would be if it were connected to the server itself. */
export function orderOf({ peer, principal, signal, progress }: Asker): ToolOrder {
  return {
    owner: peer?.session ?? principal.name,
    peer,
    signal,
    onProgress: progress && ((value) => progress({ values: [value] })),
  };
}
