// What every face of the MCP server stands on.

import type { ToolServers } from "../../core/tool.ts";
import type { Dispatcher } from "../../dispatch/request.ts";
import type { Offer } from "./offer.ts";
import type { WaitingCalls } from "./waiting.ts";

export interface ServerDeps {
  readonly dispatcher: Dispatcher;
  readonly tools: ToolServers;
  readonly offer: Offer;
  readonly waiting: WaitingCalls;
  readonly newRequestId: () => string;
  /** Of a bug, shown to the client as an internal error. */
  readonly onBug: (cause: unknown, requestId: string) => void;
  /** Streams of changes end when it is aborted, and no session begins. */
  readonly draining: AbortSignal;
}
