// A POST of the versions with a handshake: the handshake itself, which begins a session, or messages of one.

import { BrokerError } from "../../core/errors.ts";
import type { Origin } from "./ask.ts";
import { type HttpFace, readsStreams, type Serving, sessionOf } from "./http-face.ts";
import type { McpHttpRequest } from "./http-request.ts";
import { PostReply } from "./post-reply.ts";
import type { Session } from "./session.ts";
import { LEGACY_VERSIONS, type Message, readMessage } from "./wire.ts";

/** The one version whose messages come in batches. */
const WITH_BATCHES = "2025-03-26";
const MOST_IN_BATCH = 100;

/** Rejects with BrokerError before anything is written. */
export async function postMessages(
  server: HttpFace,
  http: McpHttpRequest,
  serving: Serving,
  origin: Origin,
): Promise<void> {
  const messages = readAll(http.body);
  const [first] = messages;
  const { headers } = http;
  if (!readsStreams(headers.accept) && messages.filter(({ kind }) => kind === "request").length > 1)
    throw new BrokerError("invalid_request", "Several requests are answered by a stream: accept text/event-stream");
  if (first?.kind === "request" && first.method === "initialize" && headers["mcp-session-id"] === undefined) {
    if (messages.length > 1) throw new BrokerError("invalid_request", "`initialize` comes alone");
    const { id, session } = server.sessions.begin(origin);
    await exchange(server, http, serving, origin, session, messages, { "mcp-session-id": id });
    if (session.version === undefined) server.sessions.end(id);
    return;
  }
  const session = sessionOf(server, headers["mcp-session-id"], origin);
  const version = headers["mcp-protocol-version"];
  if (version !== undefined && !LEGACY_VERSIONS.includes(String(version))) {
    throw new BrokerError(
      "invalid_request",
      `Unsupported protocol version; supported are ${LEGACY_VERSIONS.join(", ")}`,
    );
  }
  if (Array.isArray(http.body) && session.version !== WITH_BATCHES) {
    throw new BrokerError("invalid_request", `Batches are of version ${WITH_BATCHES} alone`);
  }
  await exchange(server, http, serving, origin, session, messages, {});
}

function readAll(body: unknown): Message[] {
  if (!Array.isArray(body)) return [readMessage(body)];
  if (body.length === 0 || body.length > MOST_IN_BATCH) {
    throw new BrokerError("invalid_request", `A batch holds 1 to ${MOST_IN_BATCH} messages`);
  }
  return body.map(readMessage);
}

async function exchange(
  { limits }: HttpFace,
  http: McpHttpRequest,
  serving: Serving,
  origin: Origin,
  session: Session,
  messages: readonly Message[],
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const requests = messages.filter((message) => message.kind === "request");
  const streams = readsStreams(http.headers.accept);
  const reply = new PostReply(http, { ...limits, headers, streams, due: requests.length });
  // The answer has no other way to the client, so nobody would get what is still worked on.
  serving.onGone = () => {
    reply.drop();
    for (const { id } of requests) session.cancel(id);
  };
  await Promise.all(messages.map((message) => session.receive(message, { ...origin, outlet: reply })));
  reply.end();
}
