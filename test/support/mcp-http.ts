// MCP servers over HTTP for tests, made with both generations of the SDK: with sessions (older era), without (newer era), and
// over SSE alone. They count within a session, say what they were sent, and can be stopped and started on the same port.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer as OldServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createMcpHandler, fromJsonSchema, inputRequired, McpServer } from "@modelcontextprotocol/server";

export interface HttpServer {
  readonly url: string;
  /** Headers of all requests. */
  readonly seen: IncomingHttpHeaders[];
  /** Ends all connections and stops listening. */
  stop(): Promise<void>;
  /** Listens again, on the same port, with nothing remembered. */
  start(): Promise<void>;
}

/** Closed after the test. `make` gives a listener that remembers nothing. */
export async function serveHttp(t: TestContext, make: () => RequestListener): Promise<HttpServer> {
  const seen: IncomingHttpHeaders[] = [];
  let server: Server;
  let port = 0;
  const start = async (): Promise<void> => {
    const listener = make();
    server = createServer((request, response) => {
      seen.push(request.headers);
      return listener(request, response);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await start();
  t.after(stop);
  return { url: `http://127.0.0.1:${port}/`, seen, start, stop };
}

const text = (value: unknown) => ({ content: [{ type: "text" as const, text: String(value) }] });

/** Sessions of the older SDK. */
export function withSessions({ json = false, lost = 404 }: { json?: boolean; lost?: number } = {}): RequestListener {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  return async (request, response) => {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (id !== undefined && known === undefined) {
      response.writeHead(lost, { "content-type": "application/json" });
      return response.end('{"jsonrpc":"2.0","error":{"code":-32000,"message":"No valid session"},"id":null}');
    }
    if (known !== undefined) return known.handleRequest(request, response);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: json,
      onsessioninitialized: (session) => void sessions.set(session, transport),
    });
    await oldServer().connect(transport as never);
    return transport.handleRequest(request, response);
  };
}

/** SSE alone, as servers were before; other paths answer 404. */
export function withSse(): RequestListener {
  const sessions = new Map<string, SSEServerTransport>();
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://here");
    if (request.method === "GET") {
      const transport = new SSEServerTransport("/messages", response);
      sessions.set(transport.sessionId, transport);
      return oldServer().connect(transport);
    }
    const known = pathname === "/messages" ? sessions.get(searchParams.get("sessionId") ?? "") : undefined;
    if (known) return known.handlePostMessage(request, response);
    return response.writeHead(404).end("nothing here");
  };
}

function oldServer(): OldServer {
  const server = new OldServer({ name: "old", version: "1" }, { capabilities: { logging: {} } });
  let count = 0;
  server.registerTool("count", {}, async () => text(++count));
  server.registerTool("cut", {}, async () => new Promise(() => {}));
  server.registerTool("big", {}, async () => text("x".repeat(100_000)));
  server.registerTool("steps", {}, async (extra) => {
    const progressToken = extra._meta?.progressToken ?? 0;
    for (const progress of [1, 2, 3]) {
      await extra.sendNotification({ method: "notifications/progress", params: { progressToken, progress, total: 3 } });
    }
    return text("done");
  });
  server.registerTool("headers", {}, async (extra) => text(JSON.stringify(extra.requestInfo?.headers ?? {})));
  return server;
}

/** The newer era: no sessions; what it needs of a client it asks for in its answer. */
export function modern(): RequestListener {
  const handler = toNodeHandler(createMcpHandler(newServer));
  return (request, response) => void handler(request as never, response);
}

export function newServer(): McpServer {
  const server = new McpServer({ name: "new", version: "2" });
  const anything = fromJsonSchema({ type: "object" });
  server.registerTool("echo", { inputSchema: anything }, async (args) => text(JSON.stringify(args)));
  const region = { type: "string", "x-mcp-header": "Region" };
  const headed = fromJsonSchema({ type: "object", properties: { region } });
  server.registerTool("headed", { inputSchema: headed }, async (_args, context) =>
    text(context.http?.req?.headers.get("mcp-param-region")),
  );
  server.registerTool("later", { inputSchema: anything }, async () => {
    server.registerTool("added", { inputSchema: anything }, async () => text("added"));
    return text("ok");
  });
  server.registerTool("greet", { inputSchema: anything }, async (_args, context) => {
    const answer = context.mcpReq.inputResponses?.name as { action?: string; content?: { name?: string } } | undefined;
    if (answer?.action === "accept") return text(`hello ${answer.content?.name}`);
    const requestedSchema = { type: "object" as const, properties: { name: { type: "string" as const } } };
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ mode: "form", message: "Who?", requestedSchema }) },
    });
  });
  server.registerTool("steps", { inputSchema: anything }, async (_args, context) => {
    const progressToken = context.mcpReq._meta?.progressToken ?? 0;
    await context.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: 1, total: 1 } });
    return text("done");
  });
  return server;
}
