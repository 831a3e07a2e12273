// Which tools of MCP servers a chat request lets its model use, and which of them the broker runs by itself. Requests name
// servers of the configuration and nothing else: no address of a request is ever connected to.

import type { ChatCompletionsCreateParams, ChatTool, McpUse } from "../../generated/types.ts";
import { BrokerError } from "../errors.ts";
import { type Key, matches } from "../key.ts";
import { mayCall, type Tool, type ToolServers } from "../tool.ts";
import { type Approval, approvalOf, type McpToolParam, namedTools } from "./param.ts";

type Chat = ChatCompletionsCreateParams;

export interface Offered {
  readonly tool: Tool;
  /** The broker runs it; otherwise its calls go back to the caller. */
  readonly auto: boolean;
}

export interface Offer {
  /** By the name that the model is told. */
  readonly tools: ReadonlyMap<string, Offered>;
  /** Some are run by the broker. */
  readonly auto: boolean;
  /** Names of the caller's own functions. */
  readonly own: ReadonlySet<string>;
  /** Requests to the model at most. */
  readonly maxRounds: number;
}

const DEFAULT_ROUNDS = 8;
/** More confuse every model, and most vendors refuse them. */
const MOST_TOOLS = 512;

/** The one question that requests without such tools pay for. */
export function asksForTools({ mcp, tools }: Pick<Chat, "mcp" | "tools">): boolean {
  if (mcp !== undefined) return true;
  if (tools) for (const { type } of tools) if (type === "mcp") return true;
  return false;
}

/**
 * `approval`: what becomes of tools that are not to be run without one. Throws `invalid_params`, `tool_not_allowed` or
 * `mcp_server_unavailable`, naming the param.
 */
export function chooseTools(
  servers: ToolServers,
  params: Pick<Chat, "mcp" | "tools" | "functions">,
  key: Pick<Key, "tools"> | undefined,
  approval: Approval,
): Offer {
  const choice = new Choice(servers, key);
  if (params.mcp) choice.addUse(params.mcp);
  for (const [index, tool] of (params.tools ?? []).entries()) {
    if (tool.type === "mcp") choice.addServer(tool, `/tools/${index}`, approval);
  }
  const { tools } = choice;
  if (tools.size > MOST_TOOLS)
    throw unfit("/mcp", `${tools.size} tools are too many, at most ${MOST_TOOLS} can be used`);
  return {
    tools,
    auto: [...tools.values()].some(({ auto }) => auto),
    own: ownNames(params, tools),
    maxRounds: params.mcp?.max_rounds ?? DEFAULT_ROUNDS,
  };
}

class Choice {
  readonly tools = new Map<string, Offered>();
  readonly #servers: ToolServers;
  readonly #key: Pick<Key, "tools"> | undefined;

  constructor(servers: ToolServers, key: Pick<Key, "tools"> | undefined) {
    this.#servers = servers;
    this.#key = key;
  }

  addUse({ servers, tools, auto = false }: McpUse): void {
    if (!servers && !tools) {
      for (const tool of this.#servers.tools()) if (mayCall(this.#key, tool.shown.name)) this.#add(tool, auto);
    }
    for (const [index, name] of (servers ?? []).entries()) {
      const at = `/mcp/servers/${index}`;
      for (const tool of this.#allowed(this.#ofServer(name, at), at)) this.#add(tool, auto);
    }
    for (const [index, name] of (tools ?? []).entries()) {
      const at = `/mcp/tools/${index}`;
      for (const tool of this.#allowed(this.#named(name, at), at)) this.#add(tool, auto);
    }
  }

  /** A tool as OpenAI's Responses has it. */
  addServer(param: McpToolParam, at: string, approval: Approval): void {
    const { server_label: label } = param;
    if (typeof label !== "string") throw unfit(`${at}/server_label`, "is required");
    for (const name of ["server_url", "connector_id", "tunnel_id", "authorization", "headers"]) {
      if (param[name] !== undefined && param[name] !== null)
        throw unfit(`${at}/${name}`, "is not taken from requests: server_label names a server that the broker knows");
    }
    const named = namedTools(param, this.#ofServer(label, `${at}/server_label`), at);
    for (const tool of this.#allowed(named, at)) this.#add(tool, approvalOf(param, tool, at, approval));
  }

  /** One that is run stays so. */
  #add(tool: Tool, auto: boolean): void {
    const { name } = tool.shown;
    this.tools.set(name, { tool, auto: auto || this.tools.get(name)?.auto === true });
  }

  #ofServer(name: string, at: string): Tool[] {
    const server = this.#servers.servers().find((each) => each.name === name);
    if (!server) throw unfit(at, `no MCP server is called "${name.slice(0, 64)}"`);
    const tools = this.#servers.tools().filter(({ shown }) => shown.server === name);
    if (tools.length === 0 && server.state !== "healthy" && server.state !== "unstable")
      throw new BrokerError("mcp_server_unavailable", undefined, { param: at });
    return tools;
  }

  #named(name: string, at: string): Tool[] {
    if (!name.includes("*")) return [this.#one(name, at)];
    const tools = this.#servers.tools().filter(({ shown }) => matches(name, shown.name));
    if (tools.length === 0) throw unfit(at, "no tool has such a name");
    return tools;
  }

  #one(name: string, at: string): Tool {
    try {
      return this.#servers.tool(name);
    } catch (cause) {
      if (cause instanceof BrokerError) throw unfit(at, cause.message);
      throw cause;
    }
  }

  #allowed(tools: readonly Tool[], at: string): Tool[] {
    const allowed = tools.filter(({ shown }) => mayCall(this.#key, shown.name));
    if (tools.length > 0 && allowed.length === 0) throw new BrokerError("tool_not_allowed", undefined, { param: at });
    return allowed;
  }
}

/** Throws for a function that has the name of a tool: nobody could tell whose call it is. */
function ownNames({ tools, functions }: Pick<Chat, "tools" | "functions">, offered: Offer["tools"]): Set<string> {
  const own = new Set<string>();
  const add = (name: string | undefined, at: string): void => {
    if (name === undefined) return;
    if (offered.has(name)) throw unfit(at, "is also the name of an MCP tool of this request");
    own.add(name);
  };
  tools?.forEach((tool, index) => {
    add(tool.function?.name, `/tools/${index}/function/name`);
  });
  functions?.forEach(({ name }, index) => {
    add(name, `/functions/${index}/name`);
  });
  return own;
}

/** As the model is told of it. */
export function toFunction({ shown }: Tool): ChatTool {
  const { name, title, description = title, inputSchema } = shown;
  const { $schema: _, ...schema } = inputSchema as Record<string, unknown>;
  // Vendors refuse objects that don't say what they hold.
  const parameters = { type: "object", properties: {}, ...schema };
  return { type: "function", function: { name, ...(description ? { description } : {}), parameters } };
}

function unfit(param: string, what: string): BrokerError {
  return new BrokerError("invalid_params", `${param}: ${what}`, { param });
}
