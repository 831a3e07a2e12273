// Tools, resources and prompts of the MCP servers behind the broker: the port to those servers, and who may use what.

import type {
  McpCompleteParams,
  McpCompletion,
  McpProgress,
  McpPrompt,
  McpPromptMessages,
  McpResource,
  McpResourceContents,
  McpResourceTemplate,
  McpServer,
  McpTool,
  McpToolResult,
} from "../generated/types.ts";
import { type Key, matches } from "./key.ts";
import type { NanoUsd } from "./money.ts";

/** What a client of MCP 2026-07-28 sends when it asks again, to be passed on to the server as it is. */
export interface Again {
  readonly inputResponses?: Readonly<Record<string, unknown>>;
  readonly requestState?: string;
}

/** A caller that can be asked things in return while its call is under way: a client of MCP's. */
export interface Peer {
  /** Unique to the session, or to the principal where there is none: what servers remember of it is not another caller's. */
  readonly session: string;
  /** As the client declared them: `sampling`, `elicitation`, `roots` ... */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /**
   * Present for a client of 2026-07-28: it answers by asking again. A server's `input_required` result goes to it as it
   * is, in place of the call's own, and what it sent with its request goes to the server.
   */
  readonly again?: Again;
  /** A request of MCP's (`sampling/createMessage`, `elicitation/create`, `roots/list`); rejects with what the client answered. */
  ask(method: string, params: object, signal: AbortSignal): Promise<object>;
}

/** For whom and how a server is asked. */
export interface ToolOrder {
  /** Name of the principal or of the MCP session: each has its own connection to a server that is not `shared`. */
  readonly owner: string;
  readonly peer: Peer | undefined;
  /** Aborted: the server is told to cancel. */
  readonly signal: AbortSignal;
  /** Progress and log messages of the server that belong to this call. A promise is waited for. */
  readonly onProgress: ((value: McpProgress) => void | Promise<void>) | undefined;
  /** Told when the server may have begun, at the latest before the call is settled; not where it surely did nothing. */
  readonly onBegun?: () => void;
}

/** A tool as the broker calls it. */
export interface Tool {
  /** As it is listed: alias, server, the server's own name, schemas. */
  readonly shown: McpTool;
  /** Of one call. */
  readonly cost: NanoUsd;
}

/** What changed on the servers: who serves lists to clients tells them. */
export type ToolChange = "tools" | "resources" | "prompts";

/**
 * The servers. Lists come from memory, sorted by name. Calls reject with `mcp_server_unavailable`, `mcp_server_failed`,
 * `mcp_server_timeout`, `mcp_rejected` (the server's own error in the facts) or, aborted, with the signal's reason.
 */
export interface ToolServers {
  servers(): readonly McpServer[];
  /** Throws `mcp_server_not_found`; resolves whatever the outcome of connecting. */
  restart(server: string): Promise<McpServer>;
  tools(): readonly Tool[];
  /** By alias, or by the bare name where it is unique. Throws `tool_not_found`, or `invalid_params` for a name that several have. */
  tool(name: string): Tool;
  /** Checks the arguments against the tool's schema first: `invalid_params` names the path. */
  call(tool: Tool, args: Readonly<Record<string, unknown>>, order: ToolOrder): Promise<McpToolResult>;
  resources(): readonly McpResource[];
  resourceTemplates(): readonly McpResourceTemplate[];
  /** Names of servers that have the URI, by list or by template. */
  serversOf(uri: string): readonly string[];
  read(server: string, uri: string, order: ToolOrder): Promise<McpResourceContents>;
  /** Resolves once subscribed, with what ends it. */
  subscribe(server: string, uri: string, order: ToolOrder): Promise<() => Promise<void>>;
  prompts(): readonly McpPrompt[];
  /** As `tool`, with `prompt_not_found`. */
  prompt(name: string): McpPrompt;
  fill(prompt: McpPrompt, args: Readonly<Record<string, string>>, order: ToolOrder): Promise<McpPromptMessages>;
  /** `ref` names the server's own prompt or template. */
  complete(server: string, params: Omit<McpCompleteParams, "_meta">, order: ToolOrder): Promise<McpCompletion>;
  /** Told of changed lists; the answer ends it. */
  onChange(listener: (change: ToolChange) => void): () => void;
  /** The owner is gone: its connections end. */
  forget(owner: string): void;
}

/** Whether a key may use the tool or prompt of that alias; keys without a list may use all. */
export function mayCall(key: Pick<Key, "tools"> | undefined, alias: string): boolean {
  return key?.tools === undefined || key.tools.some((pattern) => matches(pattern, alias));
}

/** Resources and prompts of a server are for keys that may use all its tools. */
export function mayReach(key: Pick<Key, "tools"> | undefined, server: string): boolean {
  return key?.tools === undefined || key.tools.some((pattern) => pattern === "*" || pattern === `${server}__*`);
}
