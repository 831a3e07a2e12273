// mcp.*: the MCP servers behind the broker, and what they offer to this caller.

import { readResource, serverOf, subscribeResource } from "../broker/resources.ts";
import { orderOf } from "../broker/tool-order.ts";
import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Key } from "../core/key.ts";
import { mayCall, mayReach, type Tool, type ToolServers } from "../core/tool.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type {
  McpCompleteParams,
  McpCompletion,
  McpPrompt,
  McpTool,
  McpToolResult,
  McpToolsCallParams,
} from "../generated/types.ts";

export interface McpMethodsDeps {
  readonly tools: ToolServers;
  readonly callTool: (params: McpToolsCallParams, call: Call) => Promise<McpToolResult>;
}

interface Listed {
  readonly server: string;
}

/** Lists that are kept. */
const MOST_KEPT = 256;

export function mcpMethods({ tools, callTool }: McpMethodsDeps): HandlersOf<"mcp", Call> {
  const shown = createShown(tools);
  return {
    "mcp.servers.list": () => ({ servers: [...tools.servers()] }),
    "mcp.servers.restart": ({ server }) => tools.restart(server),
    "mcp.tools.list": ({ server }, { principal }) => ({ tools: shown(principal.key, server) }),
    "mcp.tools.call": callTool,
    "mcp.resources.list": ({ server }, call) => ({
      resources: reachable(tools.resources(), server, call),
      resourceTemplates: reachable(tools.resourceTemplates(), server, call),
    }),
    "mcp.resources.read": (params, call) => readResource(tools, params, call),
    "mcp.resources.subscribe": (params, call) => subscribeResource(tools, params, call),
    "mcp.prompts.list": ({ server }, call) => ({ prompts: reachable(tools.prompts(), server, call) }),
    "mcp.prompts.get": ({ name, arguments: args = {} }, call) =>
      tools.fill(promptOf(tools, name, call), args, orderOf(call)),
    "mcp.complete": (params, call) => complete(tools, params, call),
  };
}

/** What keys with the same patterns see is put together once, until a list changes. */
function createShown(tools: ToolServers): (key: Key | undefined, server: string | undefined) => McpTool[] {
  let of: readonly Tool[] | undefined;
  const kept = new Map<string, McpTool[]>();
  return (key, server) => {
    const all = tools.tools();
    if (all !== of || kept.size >= MOST_KEPT) kept.clear();
    of = all;
    const who = JSON.stringify([key?.tools, server]);
    const known = kept.get(who);
    if (known !== undefined) return known;
    const list = all.map(({ shown }) => shown).filter((tool) => mayCall(key, tool.name) && isOf(server, tool));
    kept.set(who, list);
    return list;
  };
}

function isOf(server: string | undefined, listed: Listed): boolean {
  return server === undefined || listed.server === server;
}

function reachable<T extends Listed>(all: readonly T[], server: string | undefined, { principal }: Call): T[] {
  return all.filter((each) => mayReach(principal.key, each.server) && isOf(server, each));
}

function promptOf(tools: ToolServers, name: string, { principal }: Call): McpPrompt {
  const prompt = tools.prompt(name);
  if (!mayReach(principal.key, prompt.server)) throw new BrokerError("tool_not_allowed");
  return prompt;
}

function complete(
  tools: ToolServers,
  { ref, argument, context }: McpCompleteParams,
  call: Call,
): Promise<McpCompletion> {
  const more = context === undefined ? {} : { context };
  if (ref.type === "ref/resource") {
    return tools.complete(serverOf(tools, ref, call), { ref, argument, ...more }, orderOf(call));
  }
  const { server, prompt } = promptOf(tools, ref.name, call);
  return tools.complete(server, { ref: { type: "ref/prompt", name: prompt }, argument, ...more }, orderOf(call));
}
