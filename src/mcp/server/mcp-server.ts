// The broker as one MCP server: what it stands on, made when its first client comes.

import type { ToolServers } from "../../core/tool.ts";
import type { Waist } from "../../dispatch/dispatch.ts";
import { McpHttpServer } from "./http.ts";
import type { HttpDeps } from "./http-face.ts";
import { createOffer } from "./offer.ts";
import { createOwnTools } from "./own-tools.ts";
import { WaitingCalls } from "./waiting.ts";

export interface McpServerDeps {
  readonly waist: Waist;
  readonly tools: ToolServers;
  readonly newRequestId: () => string;
  /** Milliseconds. */
  readonly ticks: () => number;
  readonly onBug: (cause: unknown, requestId: string) => void;
  /** Aborted when the broker drains. */
  readonly draining: AbortSignal;
}

export function createMcpHttpServer(deps: McpServerDeps, limits: HttpDeps["limits"] = {}): McpHttpServer {
  return new McpHttpServer({ ...partsOf(deps), ticks: deps.ticks, limits });
}

/** Shared by HTTP and stdio. */
export function partsOf({
  waist,
  tools,
  newRequestId,
  onBug,
  draining,
}: McpServerDeps): Omit<HttpDeps, "ticks" | "limits"> {
  return {
    ...{ dispatcher: waist, tools, newRequestId, onBug, draining },
    waiting: new WaitingCalls(draining),
    offer: createOffer({ tools, own: createOwnTools(waist) }),
    identify: (credential, caller) => waist.identify(credential, caller),
  };
}
