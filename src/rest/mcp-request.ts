// A request to one of MCP's own paths, as the MCP server wants it.

import { BrokerError } from "../core/errors.ts";
import type { McpHttpRequest } from "../mcp/server/http-request.ts";
import type { Asked } from "../rpc/caller.ts";
import { parseJson } from "../rpc/json.ts";
import type { Aim } from "./aim.ts";
import { setHeaders } from "./cors.ts";
import type { RestRequest } from "./request.ts";
import type { Reply } from "./respond.ts";

export interface McpParts extends Pick<McpHttpRequest, "caller" | "credential" | "done" | "fail"> {
  readonly request: RestRequest;
  readonly aim: Aim;
  readonly asked: Asked | undefined;
  readonly bytes: Buffer | undefined;
  /** Arrays and objects inside one another. */
  readonly depth: number;
}

/** Throws `parse_error`, or `invalid_request` for what JSON allows and the broker does not. */
export function toMcpRequest({ response, requestId, cors }: Reply, parts: McpParts): McpHttpRequest {
  const { request, aim, asked, bytes, depth, ...same } = parts;
  const { method: verb = "", headers } = request;
  const body = bytes && parseJson(bytes, depth);
  if (body instanceof BrokerError) throw body;
  setHeaders(response, [...cors, "x-request-id", requestId]);
  const { timeoutMs, traceparent } = asked ?? {};
  return {
    ...same,
    verb,
    path: aim.mcp ?? "",
    query: aim.query,
    headers,
    body,
    requestId,
    timeoutMs,
    traceparent,
    response,
  };
}
