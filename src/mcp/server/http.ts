// MCP over HTTP: streamable HTTP at /mcp for both eras, one server alone at /mcp/servers/{name}, and the transport of
// 2024-11-05 at /mcp/sse. Every request shows its credential, so a session ends with its key.

import type { Principal } from "../../core/call.ts";
import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import { mayCall, mayReach } from "../../core/tool.ts";
import type { Origin } from "./ask.ts";
import { isModern } from "./envelope.ts";
import { EventStream } from "./event-stream.ts";
import { HTTP_LIMITS, type HttpDeps, type HttpFace, type HttpLimits, Serving, sessionOf } from "./http-face.ts";
import { type McpHttp, type McpHttpRequest, MESSAGES, SSE, serverOfPath } from "./http-request.ts";
import { postMessages } from "./post.ts";
import { postStateless } from "./post-stateless.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";
import { readMessage } from "./wire.ts";

const JSON_TYPE = /^application\/(?:json|[\w.-]+\+json)\s*(?:;|$)/i;

export class McpHttpServer implements McpHttp, HttpFace {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
  readonly sessions: Sessions;

  constructor(deps: HttpDeps) {
    this.deps = deps;
    this.limits = { ...HTTP_LIMITS, ...deps.limits };
    this.sessions = new Sessions(deps, this.limits, deps.ticks);
  }

  serve(http: McpHttpRequest): Serving {
    const serving = new Serving();
    void this.#serve(http, serving).catch((cause) => http.fail(cause));
    return serving;
  }

  /** Streams that wait for changes have ended by `draining`. */
  drain(): void {
    this.sessions.drain();
  }

  close(): void {
    this.sessions.close();
  }

  async #serve(http: McpHttpRequest, serving: Serving): Promise<void> {
    const { verb, path, headers, body } = http;
    const origin = await this.#origin(http);
    if (serving.gone) return;
    if (path === SSE) return this.#openSse(http, serving, origin);
    if (verb === "GET") return this.#openStream(http, serving, sessionOf(this, headers["mcp-session-id"], origin));
    if (verb === "DELETE") return this.#delete(http, origin);
    checkType(http);
    if (path === MESSAGES) return this.#postToSse(http, origin);
    const modern =
      isObject(body) && isModern(isObject(body.params) ? body.params : {}, headers["mcp-protocol-version"]);
    if (modern) return postStateless(this, http, serving, origin, readMessage(body));
    return postMessages(this, http, serving, origin);
  }

  async #origin({ credential, caller, path, timeoutMs, traceparent }: McpHttpRequest): Promise<Origin> {
    const principal = await this.deps.identify(credential, caller);
    if (!principal.scopes.has("inference")) {
      throw new BrokerError("unauthorized", "This broker needs a credential: send it as `Authorization: Bearer ...`");
    }
    const server = serverOfPath(path);
    if (server !== undefined && !this.#shows(server, principal)) throw new BrokerError("mcp_server_not_found");
    return { caller, credential, principal, server, timeoutMs, traceparent };
  }

  /** A server of which the caller may use nothing is not there. */
  #shows(server: string, { key }: Principal): boolean {
    const { tools } = this.deps;
    if (!tools.servers().some(({ name }) => name === server)) return false;
    return (
      mayReach(key, server) || tools.tools().some(({ shown }) => shown.server === server && mayCall(key, shown.name))
    );
  }

  /** The newest stream is the one that counts: who comes again has lost the one before. */
  #openStream(http: McpHttpRequest, serving: Serving, session: Session): void {
    const stream = this.#stream(http, () => stop());
    const stop = (): void => {
      stream.end();
      http.done();
    };
    session.attach(stream, stop);
    serving.onGone = () => {
      stream.end();
      session.detach(stream);
    };
  }

  #delete(http: McpHttpRequest, origin: Origin): void {
    const id = http.headers["mcp-session-id"];
    sessionOf(this, id, origin);
    this.sessions.end(String(id));
    http.response.writeHead(200, { "content-length": 0 }).end();
    http.done();
  }

  /** The session lives as long as this answer. */
  #openSse(http: McpHttpRequest, serving: Serving, origin: Origin): void {
    const { id, session } = this.sessions.begin(origin);
    const stream = this.#stream(http, () => this.sessions.end(id));
    session.attach(stream, () => {
      stream.end();
      http.done();
    });
    void stream.write(`event: endpoint\ndata: ${MESSAGES}?sessionId=${id}\n\n`);
    serving.onGone = () => this.sessions.end(id);
  }

  /** Who does not take the answers gets to ask nothing more. */
  async #postToSse(http: McpHttpRequest, origin: Origin): Promise<void> {
    const id = new URLSearchParams(http.query).get("sessionId") ?? undefined;
    const session = sessionOf(this, id, origin);
    const message = readMessage(http.body);
    const outlet = session.standing;
    if (!outlet) throw new BrokerError("route_not_found", "The session has no stream");
    await outlet.blocked;
    http.response.writeHead(202, { "content-type": "text/plain" }).end("Accepted");
    http.done();
    await session.receive(message, { ...origin, outlet });
  }

  /** `refused`: the client may no longer listen. */
  #stream(http: McpHttpRequest, refused: () => void): EventStream {
    const { credential, caller } = http;
    const { pingMs, stalledMs } = this.limits;
    const onBeat = async (): Promise<void> => {
      try {
        const principal = await this.deps.identify(credential, caller);
        if (!principal.scopes.has("inference")) refused();
      } catch {
        refused();
      }
    };
    return new EventStream(http.response, { pingMs, stalledMs, onBeat: () => void onBeat() });
  }
}

/** A missing type passes, except from a browser: there it would go round the preflight that CORS rests on. */
function checkType({ headers: { "content-type": type, origin } }: McpHttpRequest): void {
  if (type === undefined ? origin === undefined : JSON_TYPE.test(type)) return;
  throw new BrokerError("unsupported_media_type");
}
