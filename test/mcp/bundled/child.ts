// A bundled server as a real process, with a client at its standard input and output.

import { join } from "node:path";
import type { TestContext } from "node:test";
import { type CallToolResult, Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

const ROOT = join(import.meta.dirname, "../../..");

/** Nothing that leaves a server may hold it. */
export const CANARY = "canary/key+0123456789=";

export const COMMAND = (name: string) => ({
  command: process.execPath,
  args: [join(ROOT, "src/main.ts"), "mcp-server", name],
});

/** The variables of a server whose vendor is at `url`; all that its process gets. */
export function variables(name: string, url: string, more: Readonly<Record<string, string>> = {}) {
  const prefix = name.toUpperCase();
  return { [`${prefix}_API_KEY`]: CANARY, [`${prefix}_BASE_URL`]: url, ...more };
}

export interface Child {
  readonly client: Client;
  readonly pid: number;
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
}

export async function child(
  context: TestContext,
  name: string,
  env: Record<string, string>,
  era: "auto" | "legacy" = "legacy",
): Promise<Child> {
  const transport = new StdioClientTransport({ ...COMMAND(name), env, stderr: "inherit" });
  const client = new Client({ name: "test", version: "0" }, { versionNegotiation: { mode: era } });
  context.after(() => client.close());
  await client.connect(transport);
  return {
    client,
    pid: transport.pid ?? 0,
    call: (tool, args = {}) => client.callTool({ name: tool, arguments: args }) as Promise<CallToolResult>,
  };
}

/** The text of a result, whatever it is. */
export function textOf(result: CallToolResult): string {
  return result.content.map((each) => (each.type === "text" ? each.text : `[${each.type}]`)).join("\n");
}
