// tools/call: one of the broker's own methods, or a tool of a server behind it. What a model can do something about (wrong
// arguments, a server or a provider that failed) is a result that says so; what its program must deal with is an error.

import { BrokerError, toWireError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import { mayCall, type ToolServers } from "../../core/tool.ts";
import type { McpToolResult } from "../../generated/types.ts";
import type { Ask } from "./ask.ts";
import type { OwnTool, OwnTools } from "./own-tools.ts";

interface ToolCallDeps {
  readonly tools: ToolServers;
  readonly own: () => Promise<OwnTools>;
}

/** Of the catalogue: models and routing, providers, and MCP servers that can't be reached, failed or were too slow. */
const FAMILIES = { first: 1200, last: 1399 };
const FAILURES: ReadonlySet<string> = new Set([
  ...["invalid_params", "mcp_server_unavailable", "mcp_server_failed", "mcp_server_timeout", "deadline_exceeded"],
]);

export async function callTool(deps: ToolCallDeps, ask: Ask): Promise<object> {
  const { name, arguments: args = {} } = ask.params;
  if (typeof name !== "string") throw new BrokerError("invalid_params", "/name: must be string", { param: "/name" });
  if (!isObject(args)) throw new BrokerError("invalid_params", "/arguments: must be object", { param: "/arguments" });
  const own = ask.server === undefined ? (await deps.own()).get(name) : undefined;
  const alias = own ? name : aliasOf(deps.tools, ask.server, name);
  try {
    if (own) return await callOwn(own, args, ask);
    return shown(await ask.call<McpToolResult>("mcp.tools.call", { name: alias, arguments: args }), ask);
  } catch (cause) {
    if (cause instanceof BrokerError && isFailure(cause)) return failed(cause);
    throw cause;
  }
}

/** By its own name where one server alone is shown. */
export function aliasOf(tools: ToolServers, server: string | undefined, name: string): string {
  if (server === undefined) return name;
  const found = tools.tools().find(({ shown: tool }) => tool.server === server && tool.tool === name);
  if (!found) throw new BrokerError("tool_not_found", undefined, { param: "/name" });
  return found.shown.name;
}

async function callOwn({ method, speaks, shown: { name } }: OwnTool, args: object, ask: Ask): Promise<object> {
  if (!mayCall(ask.principal.key, name)) throw new BrokerError("tool_not_allowed");
  const { stream, stream_options, _meta, ...params } = args as Readonly<Record<string, unknown>>;
  const result = await ask.call<Readonly<Record<string, unknown>>>(method, params, false);
  if (speaks && typeof result.audio === "string") {
    const { audio, content_type, ...rest } = result;
    return { content: [{ type: "audio", data: audio, mimeType: content_type }], structuredContent: rest };
  }
  return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: result };
}

/** What the call cost is told where it cost something. Before 2026-07-28 structured content is an object, or nothing. */
function shown({ usage, ...result }: McpToolResult, { era }: Ask): object {
  const { structuredContent, ...rest } = result;
  const plain = era === "legacy" && structuredContent !== undefined && !isObject(structuredContent) ? rest : result;
  const { cost } = (usage ?? {}) as { readonly cost?: number };
  return cost ? { ...plain, _meta: { ...plain._meta, "aibroker/usage": usage } } : plain;
}

function isFailure({ kind, code }: BrokerError): boolean {
  return (code >= FAMILIES.first && code <= FAMILIES.last) || FAILURES.has(kind);
}

function failed(error: BrokerError): object {
  return {
    content: [{ type: "text", text: error.message }],
    isError: true,
    _meta: { "aibroker/error": toWireError(error) },
  };
}
