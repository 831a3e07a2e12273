// What an MCP server is told of the call that it works for.

import type { Call } from "../core/call.ts";
import type { ToolOrder } from "../core/tool.ts";

/** A session of MCP's is an owner of its own, as it would be if it were connected to the server itself. */
export function orderOf({ peer, principal, signal, progress }: Call): ToolOrder {
  return {
    owner: peer?.session ?? principal.name,
    peer,
    signal,
    onProgress: progress && ((value) => progress({ values: [value] })),
  };
}
