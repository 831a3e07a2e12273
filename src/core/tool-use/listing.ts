// The tools of an answer, server by server, as dialects that list them tell it at the beginning.

import type { McpTool } from "../../generated/types.ts";
import type { Json } from "../responses/fault.ts";
import type { Offer } from "./choose.ts";
import type { ToolsListed } from "./event.ts";

/** Of tools that the broker runs; a server that the conversation has listed before is not listed again. */
export function openingOf({ tools }: Offer, earlier: readonly Json[]): ToolsListed[] {
  const known = new Set(earlier.filter(({ type }) => type === "mcp_list_tools").map((item) => item.server_label));
  const servers = new Map<string, McpTool[]>();
  for (const { tool, auto } of tools.values()) {
    const { server } = tool.shown;
    if (!auto || known.has(server)) continue;
    const list = servers.get(server);
    if (list) list.push(tool.shown);
    else servers.set(server, [tool.shown]);
  }
  return [...servers].map(([server, list]) => ({ type: "tools", server, tools: list }));
}
