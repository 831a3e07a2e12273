// What the HTTP server hands to MCP: a request that may be made from where it comes, with its body read and parsed.

import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "../../dispatch/request.ts";
import type { HttpAnswer } from "../../rpc/http-answer.ts";

export interface McpHttpRequest {
  readonly verb: string;
  /** One that `mcpVerbs` knows. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Of JSON, nested within bounds; `undefined` for none. */
  readonly body: unknown;
  readonly caller: Caller;
  readonly credential: string | undefined;
  readonly requestId: string;
  readonly timeoutMs?: number | undefined;
  readonly traceparent?: string | undefined;
  /** Has the headers of every answer already. */
  readonly response: HttpAnswer;
  /** The answer has been written. */
  readonly done: () => void;
  /** Answers with an error; anything but a BrokerError is a bug. */
  readonly fail: (cause: unknown) => void;
}

/** The MCP server as the HTTP server sees it. */
export interface McpHttp {
  /** `close`: the client has gone. Never throws. */
  serve(request: McpHttpRequest): { close(): void };
}

export const MCP = "/mcp";
export const SSE = "/mcp/sse";
export const MESSAGES = "/mcp/messages";
/** One server behind the broker alone, under its own names. */
const ONE_SERVER = /^\/mcp\/servers\/([a-zA-Z0-9_.-]{1,64})$/;

/** Verbs of a path that is MCP's own; `undefined` for every other path. */
export function mcpVerbs(path: string): string | undefined {
  if (path === MCP || ONE_SERVER.test(path)) return "GET, POST, DELETE";
  if (path === SSE) return "GET";
  return path === MESSAGES ? "POST" : undefined;
}

export function serverOfPath(path: string): string | undefined {
  return ONE_SERVER.exec(path)?.[1];
}
