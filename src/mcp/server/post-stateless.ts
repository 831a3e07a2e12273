// A POST of 2026-07-28: one request, whose headers repeat what stands between wants to know, or a notification.

import { BrokerError } from "../../core/errors.ts";
import type { Origin } from "./ask.ts";
import { checkHeaders } from "./envelope.ts";
import { faultMessage, statusOf, toFault } from "./fault.ts";
import { type HttpFace, readsStreams, type Serving } from "./http-face.ts";
import type { McpHttpRequest } from "./http-request.ts";
import { checkParamHeaders } from "./param-headers.ts";
import { PostReply } from "./post-reply.ts";
import { answerStateless } from "./stateless.ts";
import { aliasOf } from "./tool-call.ts";
import type { Message, Request } from "./wire.ts";

/** Rejects with BrokerError before anything is written. */
export async function postStateless(
  server: HttpFace,
  http: McpHttpRequest,
  serving: Serving,
  origin: Origin,
  message: Message,
): Promise<void> {
  if (message.kind === "answer") throw new BrokerError("invalid_request", "A response is not asked for");
  if (message.kind === "notification") {
    http.response.writeHead(202, { "content-length": 0 }).end();
    return http.done();
  }
  const { id } = message;
  const { requestId, headers } = http;
  const { deps, limits } = server;
  const streams = readsStreams(headers.accept) || message.method === "subscriptions/listen";
  const reply = new PostReply(http, { ...limits, streams, due: 1 });
  const controller = new AbortController();
  serving.onGone = () => {
    reply.drop();
    controller.abort(new BrokerError("cancelled", "The client closed the connection"));
  };
  try {
    checkHeaders(headers, message);
    checkArguments(server, http, origin, message);
    const result = await answerStateless(deps, message, { ...origin, outlet: reply }, controller.signal, requestId);
    reply.finish({ jsonrpc: "2.0", id, result });
  } catch (cause) {
    const fault = toFault(cause, "modern", requestId);
    if (!fault) deps.onBug(cause, requestId);
    const shown = fault ?? { code: -32603, message: "Internal error" };
    reply.finish(faultMessage(id, shown), statusOf(cause, shown));
  }
}

/** A tool that nobody knows is not found later. */
function checkArguments({ deps }: HttpFace, { headers }: McpHttpRequest, { server }: Origin, request: Request): void {
  const { name, arguments: args } = request.params;
  if (request.method !== "tools/call" || typeof name !== "string") return;
  let schema: unknown;
  try {
    schema = deps.tools.tool(aliasOf(deps.tools, server, name)).shown.inputSchema;
  } catch {
    return;
  }
  checkParamHeaders(headers, schema, args);
}
