// What the broker offers as an MCP server: tools, resources and prompts of the servers behind it, and its own methods as
// tools. A translation of MCP's requests into calls of the waist and back; it decides nothing about who may do what.

import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import { mayCall, type ToolServers } from "../../core/tool.ts";
import type {
  McpPrompt,
  McpPromptList,
  McpResource,
  McpResourceList,
  McpResourceTemplate,
  McpTool,
  McpToolList,
} from "../../generated/types.ts";
import type { Ask } from "./ask.ts";
import type { OwnTools } from "./own-tools.ts";
import { callTool } from "./tool-call.ts";

export interface OfferDeps {
  readonly tools: ToolServers;
  readonly own: () => Promise<OwnTools>;
}

/** Requests of both eras, by method. They reject with BrokerError or ProtocolFault. */
export type Offer = Readonly<Record<string, (ask: Ask) => Promise<object>>>;

/** Requests that a client may have to repeat with answers of its user (2026-07-28). */
export const ASKS_BACK: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

export const CAPABILITIES = {
  tools: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  prompts: { listChanged: true },
  completions: {},
};

export function createOffer(deps: OfferDeps): Offer {
  const { tools } = deps;
  return {
    "tools/list": (ask) => listTools(deps, ask),
    "tools/call": (ask) => callTool(deps, ask),
    "resources/list": async (ask) => {
      const { resources } = await listed<McpResourceList>(ask, "mcp.resources.list");
      return { resources: resources.map(withoutServer) };
    },
    "resources/templates/list": async (ask) => {
      const { resourceTemplates } = await listed<McpResourceList>(ask, "mcp.resources.list");
      return { resourceTemplates: resourceTemplates.map(withoutServer) };
    },
    "resources/read": readResource,
    "prompts/list": async (ask) => {
      const { prompts } = await listed<McpPromptList>(ask, "mcp.prompts.list");
      return { prompts: prompts.map((prompt) => toPrompt(prompt, ask)) };
    },
    "prompts/get": (ask) => {
      const { name, arguments: args } = ask.params;
      return ask.call("mcp.prompts.get", {
        name: promptName(tools, ask, name),
        ...(args === undefined ? {} : { arguments: args }),
      });
    },
    "completion/complete": (ask) => complete(tools, ask),
  };
}

function listed<R extends object>(
  ask: Ask,
  method: "mcp.tools.list" | "mcp.resources.list" | "mcp.prompts.list",
): Promise<R> {
  if (ask.params.cursor !== undefined) {
    throw new BrokerError("invalid_params", "Lists have one page: there is no such cursor", { param: "/cursor" });
  }
  return ask.call<R>(method, ask.scope);
}

async function listTools({ own }: OfferDeps, ask: Ask): Promise<object> {
  const { tools } = await listed<McpToolList>(ask, "mcp.tools.list");
  const shown: object[] = tools.map((tool) => toTool(tool, ask));
  if (ask.server !== undefined) return { tools: shown };
  const ours = [...(await own()).values()].filter((tool) => mayCall(ask.principal.key, tool.shown.name));
  return { tools: [...ours.map((tool) => tool.shown), ...shown] };
}

/**
 * `execution` is about tasks, which the broker answers for its callers. Before 2026-07-28 what a tool promises is an object,
 * or nothing.
 */
function toTool({ server, tool, cost, execution, ...rest }: McpTool, { era, server: only }: Ask): object {
  const shown = only === undefined ? rest : { ...rest, name: tool };
  const { outputSchema, ...promising } = shown;
  return era === "legacy" && isObject(outputSchema) && outputSchema.type !== "object" ? promising : shown;
}

function toPrompt({ server, prompt, ...rest }: McpPrompt, { server: only }: Ask): object {
  return only === undefined ? rest : { ...rest, name: prompt };
}

function withoutServer({ server, ...rest }: McpResource | McpResourceTemplate): object {
  return rest;
}

async function readResource(ask: Ask): Promise<object> {
  const { uri } = ask.params;
  try {
    return await ask.call("mcp.resources.read", { uri, ...ask.scope });
  } catch (cause) {
    if (!(cause instanceof BrokerError) || cause.kind !== "resource_not_found") throw cause;
    throw new BrokerError("resource_not_found", cause.message, { ...cause.facts, uri });
  }
}

/** By its own name where one server alone is shown. */
function promptName(tools: ToolServers, { server }: Ask, name: unknown): unknown {
  if (server === undefined) return name;
  const found = tools.prompts().find((prompt) => prompt.server === server && prompt.prompt === name);
  if (!found) throw new BrokerError("prompt_not_found", undefined, { param: "/name" });
  return found.name;
}

function complete(tools: ToolServers, ask: Ask): Promise<object> {
  const { ref, argument, context } = ask.params;
  const more = context === undefined ? {} : { context };
  if (!isObject(ref)) throw new BrokerError("invalid_params", "/ref: must be object", { param: "/ref" });
  const name = ref.type === "ref/prompt" ? { name: promptName(tools, ask, ref.name) } : {};
  return ask.call("mcp.complete", { ref: { ...ref, ...ask.scope, ...name }, argument, ...more });
}
