// A broker like that of money.ts, but with MCP servers that the test plays itself: the house is built around the port.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newRequestId } from "../../src/app/request-id.ts";
import { createServers, type Servers } from "../../src/app/servers.ts";
import { openStore } from "../../src/app/storage.ts";
import { createWaist } from "../../src/app/waist.ts";
import { Health } from "../../src/broker/health.ts";
import { Speeds } from "../../src/broker/speeds.ts";
import { createCookie } from "../../src/config/cookie.ts";
import { readEnv, type Vars } from "../../src/config/env.ts";
import type { McpServersConfig } from "../../src/config/mcp.ts";
import { openModels } from "../../src/config/models.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { fromUsd } from "../../src/core/money.ts";
import type { Tool, ToolOrder, ToolServers } from "../../src/core/tool.ts";
import type { Waist } from "../../src/dispatch/dispatch.ts";
import type { McpServer, McpToolResult } from "../../src/generated/types.ts";
import { createLog } from "../../src/log.ts";
import { createHttp } from "../../src/providers/http.ts";
import { createProviders } from "../../src/providers/registry.ts";
import { type Row, readRows } from "./broker.ts";
import { connectClient, type TestClient } from "./client.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

type Args = Readonly<Record<string, unknown>>;
type Play = (args: Args, order: ToolOrder) => McpToolResult | Promise<McpToolResult>;

/** MCP servers as a test plays them. */
export class PlayedServers implements ToolServers {
  readonly calls: { name: string; args: Args }[] = [];
  /** States of servers that are not healthy. */
  readonly states: Record<string, McpServer["state"]> = {};
  readonly #tools = new Map<string, { tool: Tool; play: Play }>();
  readonly #servers = new Set<string>();

  /** `cost` in USD. */
  add(server: string, tool: string, play: Play, more: { cost?: number; shown?: object } = {}): this {
    const name = `${server}__${tool}`;
    const inputSchema = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
    const shown = { name, server, tool, description: `The ${tool}`, inputSchema, ...more.shown };
    this.#servers.add(server);
    this.#tools.set(name, { tool: { shown, cost: fromUsd(more.cost ?? 0) }, play });
    return this;
  }

  /** One that offers nothing. */
  addServer(server: string, state: McpServer["state"]): this {
    this.#servers.add(server);
    this.states[server] = state;
    return this;
  }

  servers(): readonly McpServer[] {
    return [...this.#servers].map((name) => ({
      ...{ name, transport: "stdio", state: this.states[name] ?? "healthy" },
      ...{ tools: 0, resources: 0, prompts: 0, connections: 0, restarts: 0 },
    }));
  }

  tools(): readonly Tool[] {
    return [...this.#tools.values()].map(({ tool }) => tool);
  }

  tool(name: string): Tool {
    const bare = this.tools().filter(({ shown }) => shown.tool === name);
    const known = this.#tools.get(name)?.tool ?? (bare.length === 1 ? bare[0] : undefined);
    if (!known) throw new BrokerError("tool_not_found");
    return known;
  }

  async call({ shown }: Tool, args: Args, order: ToolOrder): Promise<McpToolResult> {
    this.calls.push({ name: shown.name, args });
    order.onBegun?.();
    return this.#tools.get(shown.name)!.play(args, order);
  }

  restart = (): never => assert.fail();
  resources = (): [] => [];
  resourceTemplates = (): [] => [];
  serversOf = (): [] => [];
  read = (): never => assert.fail();
  subscribe = (): never => assert.fail();
  prompts = (): [] => [];
  prompt = (): never => assert.fail();
  fill = (): never => assert.fail();
  complete = (): never => assert.fail();
  onChange = (): (() => void) => () => {};
  forget = (): void => {};
}

/** A result that is text alone. */
export function said(text: string, isError?: boolean): McpToolResult {
  return { content: [{ type: "text", text }], ...(isError ? { isError } : {}) };
}

export interface ToolHouse {
  readonly url: string;
  readonly socketPath: string;
  readonly upstream: Upstream;
  readonly waist: Waist;
  /** On the Unix socket, so an administrator. */
  readonly admin: TestClient;
  createKey(params?: object): Promise<{ id: string; secret: string }>;
  rows(): Row[];
  stop(): Promise<void>;
}

/** 1 USD per million tokens in, 2 out. */
export const TOOL_MODELS = `
models:
  m:
    context_window: 1000000
    max_output: 4096
    capabilities: [tool_calling, streaming]
    backends:
      - { provider: openai, model_id: up, input_cost: 1, output_cost: 2 }
  sees:
    context_window: 1000000
    capabilities: [tool_calling, streaming, vision]
    backends:
      - { provider: openai, model_id: up-sees, input_cost: 1, output_cost: 2 }
  claude:
    context_window: 1000000
    max_output: 4096
    capabilities: [tool_calling, streaming, reasoning]
    backends:
      - { provider: anthropic, model_id: claude-up, input_cost: 1, output_cost: 2 }
`;

/** The test plays the servers, so the configuration names none. */
const NO_FILE: McpServersConfig = {
  ...{ path: undefined, servers: [], fault: undefined },
  ...{ read: () => () => {}, watch: () => {}, close: () => {} },
};

export async function openToolHouse(tools: ToolServers, vars: Vars = {}): Promise<ToolHouse> {
  const folder = await mkdtemp(join(tmpdir(), "ab-"));
  const upstream = await createUpstream();
  const path = join(folder, "models.yml");
  await writeFile(path, TOOL_MODELS);
  const env = readEnv({
    ...{ DATA_DIR: folder, PORT: "0", LOG_LEVEL: "silent", OLLAMA_BASE_URL: "http://127.0.0.1:9" },
    ...{ OPENAI_API_KEY: "sk-vendor", OPENAI_BASE_URL: upstream.url },
    ...{ ANTHROPIC_API_KEY: "sk-ant", ANTHROPIC_BASE_URL: upstream.url },
    ...{ CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL: "5", CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: "60" },
    ...vars,
  });
  const { log, lines, flush } = createLog(env.LOG_LEVEL);
  const providers = createProviders({ http: createHttp({ headers: {} }) });
  const speeds = new Speeds({ now: Date.now });
  const health = new Health({ now: Date.now, speeds });
  const models = openModels({ path, env, now: Date.now, ask: () => undefined, changed: () => {} });
  const facts = { pid: process.pid, node: process.version, isAlive: () => false };
  const store = openStore(env, folder, facts, log);
  const cookie = createCookie(folder, "cookie-of-a-test");
  const rooms = { env, facts, log, lines, flush, providers, models, tools, store, speeds, health, cookie, folder };
  const waist: Waist = createWaist(
    { ...rooms, mcp: NO_FILE, tracing: undefined },
    { waist: () => waist, listeners: () => servers.addresses, uptime: () => 0 },
  );
  const servers: Servers = createServers({ env, waist, tools, log, folder, pid: process.pid, newRequestId });
  await servers.listen();
  const admin = await connectClient(servers.socketPath ?? "");
  return {
    ...{ url: servers.url ?? "", socketPath: servers.socketPath ?? "", upstream, waist, admin },
    async createKey(params = {}) {
      const { result, error } = await admin.call("keys.create", { name: "test", ...params });
      assert.ok(result, JSON.stringify(error));
      return { id: String(result.id), secret: String(result.secret) };
    },
    rows: () => readRows(folder),
    async stop() {
      admin.close();
      models.close();
      const gone = servers.close();
      servers.destroyAll();
      await gone;
      await store.close();
      await Promise.all(Object.values(providers).map((provider) => provider.close()));
      await upstream.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The ledger as a tree: `model or tool, status, cost in nano-USD`, children indented under the call they were made for. */
export function treeOf(rows: readonly Row[]): string[] {
  const line = (row: Row): string => `${row.method} ${row.model} ${row.status} ${row.cost_nano_usd}`;
  const children = (id: unknown): Row[] => rows.filter(({ parent_id }) => parent_id === id);
  return rows
    .filter(({ parent_id }) => parent_id === null)
    .flatMap((root) => [line(root), ...children(root.request_id).map((child) => `  ${line(child)}`)]);
}
