// The MCP servers behind the broker: the port `ToolServers` over all of them. Lists come from memory and are put together
// again only when one of them has changed. A new configuration is put in force server by server: what stayed the same keeps
// its connections.

import { isDeepStrictEqual } from "node:util";
import { BrokerError } from "../../core/errors.ts";
import { isAliasOf } from "../../core/mcp-names.ts";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import type { Proxies } from "../../core/proxies.ts";
import type { Tool, ToolChange, ToolOrder, ToolServers } from "../../core/tool.ts";
import type { McpCompletion, McpPromptMessages, McpResourceContents, McpToolResult } from "../../generated/types.ts";
import { paramHeaders } from "../header-params.ts";
import { type Arguments, createArguments } from "./arguments.ts";
import { Chatter } from "./chatter.ts";
import { createGuardedHttp } from "./http.ts";
import { createMerged, type Merged } from "./merged.ts";
import { createReaper } from "./reaper.ts";
import { loadSdk } from "./sdk.ts";
import { Server, type ServerDeps } from "./server.ts";
import { AS_TASK, isTaskOnly } from "./task.ts";
import { toToolResult } from "./tool-result.ts";
import { within } from "./within.ts";

export interface ServerPool extends ToolServers {
  /** Puts these servers in force, in place of those before. Returns at once. */
  apply(servers: readonly McpServerSettings[]): void;
  /** Resolves when every server has been tried once, or after `mostMs`. */
  tried(mostMs: number): Promise<void>;
  /** Ends all connections and programs. */
  close(): Promise<void>;
}

export interface ServerPoolDeps extends Pick<ServerDeps, "environment" | "now" | "ticks" | "random" | "checkMs"> {
  readonly proxies?: Proxies | undefined;
  readonly log: {
    info(facts: object, message: string): void;
    warn(facts: object, message: string): void;
  };
}

const SWEEP_MS = 30_000;
/** Characters of a line that a program wrote for its operator. */
const LONGEST_LINE = 1000;

export function createServerPool(deps: ServerPoolDeps): ServerPool {
  return new Pool(deps);
}

class Pool implements ServerPool {
  readonly #servers = new Map<string, Server>();
  readonly #listeners = new Set<(change: ToolChange) => void>();
  readonly #merged: Merged;
  readonly #arguments: Arguments;
  readonly #chatter: Chatter;
  readonly #deps: ServerDeps;
  readonly #sweeping: NodeJS.Timeout;
  #starting: Promise<unknown> = Promise.resolve();
  #leaving = new Set<Promise<void>>();

  constructor({ log, proxies, ...rest }: ServerPoolDeps) {
    this.#merged = createMerged(() => [...this.#servers.values()]);
    this.#arguments = createArguments((tool, reason) =>
      log.warn({ mcp_server: tool.server, tool: tool.tool }, `arguments can't be checked: ${reason.slice(0, 200)}`),
    );
    const { ticks } = rest;
    this.#chatter = new Chatter({ ticks, log: (server, line) => log.info({ mcp_server: server }, line) });
    this.#deps = {
      ...rest,
      sdk: loadSdk,
      http: createGuardedHttp(proxies),
      reaper: createReaper(),
      onLine: (server, line) => this.#chatter.add(server, line.slice(0, LONGEST_LINE)),
      onState: (server, state, why) => {
        const facts = { mcp_server: server, ...(why === undefined ? {} : { reason: why }) };
        if (state === "error" || state === "unstable") log.warn(facts, `MCP server ${state}`);
        else log.info(facts, `MCP server ${state}`);
      },
      changed: (change) => this.#tell(change),
    };
    this.#sweeping = setInterval(() => {
      for (const server of this.#servers.values()) server.sweep();
      this.#chatter.sweep();
    }, SWEEP_MS).unref();
  }

  apply(settings: readonly McpServerSettings[]): void {
    const kept = new Map(settings.map((each) => [each.name, each]));
    for (const [name, server] of this.#servers) {
      if (isDeepStrictEqual(kept.get(name), server.settings)) continue;
      this.#servers.delete(name);
      const left: Promise<void> = server.stop().finally(() => this.#leaving.delete(left));
      this.#leaving.add(left);
    }
    const begun = settings.filter(({ name }) => !this.#servers.has(name)).map((each) => new Server(each, this.#deps));
    for (const server of begun) this.#servers.set(server.settings.name, server);
    this.#starting = Promise.all(begun.map((server) => server.start()));
    for (const change of ["tools", "resources", "prompts"] as const) this.#tell(change);
  }

  tried(mostMs: number): Promise<void> {
    return within(mostMs, this.#starting);
  }

  servers = () => [...this.#servers.values()].map(({ shown }) => shown).sort((a, b) => (a.name < b.name ? -1 : 1));

  async restart(name: string) {
    const server = this.#server(name);
    await server.restart();
    return server.shown;
  }

  tools = () => this.#merged.tools();
  tool = (name: string) => this.#sought(name, () => this.#merged.tool(name));
  resources = () => this.#merged.resources();
  resourceTemplates = () => this.#merged.templates();
  serversOf = (uri: string) => this.#merged.serversOf(uri);
  prompts = () => this.#merged.prompts();
  prompt = (name: string) => this.#sought(name, () => this.#merged.prompt(name));

  /** What costs money is not repeated, whatever it says of itself: it would be paid for twice behind its server. */
  async call({ shown, cost }: Tool, args: Readonly<Record<string, unknown>>, order: ToolOrder): Promise<McpToolResult> {
    const checking = this.#arguments.check(shown, args);
    if (checking !== undefined) await checking;
    const { readOnlyHint, idempotentHint } = shown.annotations ?? {};
    const harmless = cost === 0 && (readOnlyHint === true || idempotentHint === true);
    const params = { name: shown.tool, arguments: args, ...(isTaskOnly(shown) ? AS_TASK : {}) };
    const headers = paramHeaders(shown.inputSchema, args);
    return toToolResult(await this.#server(shown.server).ask("tools/call", params, { ...order, headers }, harmless));
  }

  async read(server: string, uri: string, order: ToolOrder): Promise<McpResourceContents> {
    return (await this.#server(server).ask("resources/read", { uri }, order, true)) as McpResourceContents;
  }

  async subscribe(server: string, uri: string, order: ToolOrder): Promise<() => Promise<void>> {
    return this.#server(server).subscribe(uri, order);
  }

  async fill(
    { server, prompt }: { readonly server: string; readonly prompt: string },
    args: Readonly<Record<string, string>>,
    order: ToolOrder,
  ): Promise<McpPromptMessages> {
    const params = { name: prompt, arguments: args };
    return (await this.#server(server).ask("prompts/get", params, order, true)) as McpPromptMessages;
  }

  async complete(server: string, { ref, ...rest }: object & { readonly ref: object }, order: ToolOrder) {
    const params = { ref, ...rest };
    return (await this.#server(server).ask("completion/complete", params, order, true)) as McpCompletion;
  }

  onChange(listener: (change: ToolChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(owner: string): void {
    for (const server of this.#servers.values()) server.forget(owner);
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    this.#listeners.clear();
    await Promise.all([...this.#leaving, ...[...this.#servers.values()].map((server) => server.stop())]);
    this.#chatter.close();
    this.#deps.reaper.close();
    await this.#deps.http.close();
  }

  /** What is not found may be of a server that has told nothing yet. */
  #sought<T>(alias: string, find: () => T): T {
    try {
      return find();
    } catch (cause) {
      for (const [name, server] of this.#servers) {
        if (!isAliasOf(name, alias) || !server.isAwaited()) continue;
        throw new BrokerError("mcp_server_unavailable", "The MCP server has not been reached yet");
      }
      throw cause;
    }
  }

  #server(name: string): Server {
    const server = this.#servers.get(name);
    if (server === undefined) throw new BrokerError("mcp_server_not_found");
    return server;
  }

  #tell(change: ToolChange): void {
    this.#merged.forget();
    for (const listener of this.#listeners) listener(change);
  }
}
