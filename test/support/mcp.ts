// Configurations of MCP servers for tests of whole brokers, and the reference servers.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import type { McpServerConfig } from "../../src/generated/types.ts";

const MODULES = join(import.meta.dirname, "../../node_modules/@modelcontextprotocol");
export const EVERYTHING = join(MODULES, "server-everything/dist/index.js");
export const FILESYSTEM = join(MODULES, "server-filesystem/dist/index.js");
export const MEMORY = join(MODULES, "server-memory/dist/index.js");
const ODD = join(import.meta.dirname, "mcp-odd-server.ts");

/** The path of a new file that configures these servers. */
export function mcpFile(servers: Readonly<Record<string, McpServerConfig>>): string {
  const path = join(mkdtempSync(join(tmpdir(), "ab-")), "mcp.json");
  writeFileSync(path, JSON.stringify({ mcpServers: servers }));
  return path;
}

/** The odd server as a program. */
export function odd(options: object = {}, more: Partial<McpServerConfig> = {}): McpServerConfig {
  return { command: execPath, args: [ODD, JSON.stringify(options)], ...more };
}

/** Until it holds; a test that waits in vain fails. */
export async function until(holds: () => boolean | Promise<boolean>, mostMs = 15_000): Promise<void> {
  const end = performance.now() + mostMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`in vain: ${holds}`);
    await sleep(10);
  }
}

/** A reference to a variable of the environment, as configurations have it. */
export const ref = (name: string): string => `$\{${name}}`;
