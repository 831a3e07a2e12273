// A broker with MCP servers behind it, and the official clients in front of it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBroker, type TestBroker, type Vars } from "../../support/broker.ts";
import { ADMIN } from "../../support/rest.ts";

export const ROOT = join(import.meta.dirname, "../../..");

/** Servers as MCP_CONFIG_PATH has them. */
export const FIXTURES = { command: process.execPath, args: [join(ROOT, "test/mcp/fixtures-server.ts"), "{folder}"] };
export const EVERYTHING = {
  command: process.execPath,
  args: [join(ROOT, "node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "stdio"],
  env: { GREETING: "hi" },
};

export interface McpBroker extends TestBroker {
  readonly configPath: string;
}

const UP_MS = 20_000;

/** Resolves when every server is up. `{folder}` is one for the test, gone after it. */
export async function startMcpBroker(servers: Readonly<Record<string, object>>, vars: Vars = {}): Promise<McpBroker> {
  const folder = await mkdtemp(join(tmpdir(), "ab-mcp-"));
  const configPath = await writeConfig(folder, JSON.parse(JSON.stringify(servers).replaceAll("{folder}", folder)));
  const broker = await startBroker({ MCP_CONFIG_PATH: configPath, ADMIN_TOKEN: ADMIN, ...vars });
  await allUp(broker.url, Object.keys(servers).length);
  return {
    ...broker,
    configPath,
    async stop() {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function writeConfig(folder: string, mcpServers: object): Promise<string> {
  const path = join(folder, "mcp.json");
  await writeFile(path, JSON.stringify({ mcpServers }));
  return path;
}

async function allUp(url: string, servers: number): Promise<void> {
  for (const until = Date.now() + UP_MS; ; await sleep(20)) {
    const response = await fetch(`${url}/mcp/servers`, { headers: { authorization: `Bearer ${ADMIN}` } });
    const { servers: all } = (await response.json()) as { servers: { state: string; last_failure?: object }[] };
    if (all.filter(({ state }) => state === "healthy").length === servers) return;
    if (Date.now() > until) throw new Error(`not up: ${JSON.stringify(all)}`);
  }
}
