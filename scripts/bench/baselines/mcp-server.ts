// An MCP server with as many tools as it is told, each of which answers what it is given: over stdio, or over HTTP as
// `node:http` and the SDK serve it.  node mcp-server.ts stdio|http TOOLS

import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { announce, argument } from "./announce.ts";

const transport = argument(0, "stdio or http");
const tools = Number(argument(1, "number of tools"));

const inputSchema = fromJsonSchema<{ text: string }>({
  type: "object",
  properties: { text: { type: "string", maxLength: 4096 } },
  required: ["text"],
});

function makeServer(): McpServer {
  const server = new McpServer({ name: "bench", version: "1.0.0" });
  for (let n = 0; n < tools; n++) {
    server.registerTool(`echo${n}`, { description: "Answers what it is given.", inputSchema }, ({ text }) => ({
      content: [{ type: "text", text }],
    }));
  }
  return server;
}

if (transport === "stdio") serveStdio(makeServer);
else {
  const handler = toNodeHandler(createMcpHandler(makeServer));
  const server = createServer((request, response) => void handler(request as Parameters<typeof handler>[0], response));
  server.listen(0, "127.0.0.1", () => announce(server));
}
