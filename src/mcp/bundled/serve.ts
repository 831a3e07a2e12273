// `aibroker mcp-server <name>`: one bundled server on this process's standard input and output, for clients of either
// era of MCP. It ends with its input, and a call under way ends with it. What goes wrong is told on standard error.

import { fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { bundledTools, type GivenAccess } from "./registry.ts";
import type { Arguments, BundledTool } from "./vendor.ts";

export interface BundledDeps {
  readonly version: string;
  readonly access: GivenAccess;
  /** A line for people. */
  warn(line: string): void;
}

/** Resolves once it serves; rejects with `config_invalid` for a wrong name or a missing key. */
export async function serveBundled(name: string, { version, access, warn }: BundledDeps): Promise<void> {
  const tools = await bundledTools(name, access);
  serveStdio(() => serverOf(name, version, tools), { onerror: (error) => warn(`${name}: ${error.message}`) });
}

function serverOf(name: string, version: string, tools: readonly BundledTool[]): McpServer {
  const server = new McpServer({ name: `aibroker-${name}`, version }, { capabilities: { tools: {} } });
  for (const { name: tool, description, input, writes, run } of tools) {
    const annotations = { readOnlyHint: !writes, openWorldHint: name !== "ping" };
    const inputSchema = fromJsonSchema<Arguments>(input);
    server.registerTool(tool, { description, inputSchema, annotations }, (args, { mcpReq }) =>
      run(args, mcpReq.signal),
    );
  }
  return server;
}
