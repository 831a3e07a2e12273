// The HTTP server: the REST rows of the document, POST /rpc for JSON-RPC, and MCP. Plain requests are read here and all
// others by node:http, since a framework costs more than the broker's own work. It opens no port: the listener that tells
// the framings apart gives it sockets with `noDelay` by `emit("connection", socket)`, and starts its clocks for slow
// requests by `emit("listening")`.

import type { Server as HttpServer, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BrokerError } from "../core/errors.ts";
import type { Dispatcher } from "../dispatch/request.ts";
import { METHODS } from "../generated/methods.ts";
import type { Log } from "../log.ts";
import type { McpHttp } from "../mcp/server/http-request.ts";
import type { RpcCore } from "../rpc/core.ts";
import { handOn } from "../rpc/hand-on.ts";
import { Server } from "../rpc/node-http.ts";
import { Turn } from "../rpc/turn.ts";
import { type AdmissionDeps, createAdmit } from "./admission.ts";
import { answerClientError } from "./client-error.ts";
import { Connections } from "./connection.ts";
import { createCors } from "./cors.ts";
import { Exchange } from "./exchange.ts";
import { REST_LIMITS, type RestLimits } from "./limits.ts";
import { PlainConnections, type PlainDeps } from "./plain/connections.ts";
import { NodeRequest } from "./request.ts";
import { createRouter } from "./routes.ts";

export interface RestServerDeps extends Pick<AdmissionDeps, "callerOf">, Partial<Omit<AdmissionDeps, "callerOf">> {
  readonly dispatcher: Dispatcher;
  readonly rpc: RpcCore;
  /** Without it MCP's paths are not there. */
  readonly mcp?: McpHttp;
  readonly log: Log;
  readonly newRequestId: () => string;
  readonly limits?: Partial<RestLimits>;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

const NO_MCP: McpHttp = {
  serve({ fail }) {
    fail(new BrokerError("route_not_found"));
    return { close: () => {} };
  },
};

/** Throws `config_invalid` for a faulty proxy. `server.close()` ends its timer. */
export function createRestServer(deps: RestServerDeps): HttpServer {
  const limits = { ...REST_LIMITS, ...deps.limits };
  const connections = new Connections();
  const { dispatcher, rpc, mcp = NO_MCP, log, newRequestId, callerOf, now = Date.now } = deps;
  const { cors = [], trustedProxies = [], allowedHosts = [] } = deps;
  const exchangeDeps = {
    ...{ dispatcher, rpc, mcp, log, limits, newRequestId },
    router: createRouter(METHODS),
    cors: createCors(cors),
    turn: new Turn(),
    admit: createAdmit({ callerOf, trustedProxies, allowedHosts, cors }),
  };
  const serve: PlainDeps["serve"] = (...parts) => new Exchange(exchangeDeps, ...parts).begin();
  const options = {
    IncomingMessage: NodeRequest,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersMs, limits.requestMs),
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: limits.headerBytes,
    // Answered in our own shape instead.
    requireHostHeader: false,
  };
  const clientErrors = { connections, limits, newRequestId };
  const clientError = (code: string | undefined, socket: Duplex): void => answerClientError(clientErrors, code, socket);
  const server = new RestServer(options, { limits, connections, serve, clientError, now });
  server.on("request", (request, response) => {
    const { socket } = request;
    // Behind an answer that ends the connection node would write this one before those that wait, and then fail.
    if (!socket.writableEnded) serve(connections.of(socket), request as NodeRequest, response);
  });
  server.on("clientError", ({ code }: NodeJS.ErrnoException, socket) => clientError(code, socket));
  return server;
}

/** Requests that are plain don't pass through node:http; it gets the connection with the first that is not. */
class RestServer extends Server {
  readonly #plain: PlainConnections;

  constructor(options: ServerOptions<typeof NodeRequest>, deps: Omit<PlainDeps, "handOver">) {
    super(options);
    const nodes = this.listeners("connection") as ((socket: Socket) => void)[];
    this.removeAllListeners("connection");
    const toNode = (socket: Socket): void => {
      for (const take of nodes) take.call(this, socket);
    };
    const handOver: PlainDeps["handOver"] = (socket, read) => handOn(socket, read, toNode);
    this.#plain = new PlainConnections({ ...deps, handOver });
    this.on("connection", (socket) => this.#plain.take(socket));
  }

  override closeIdleConnections(): void {
    this.#plain.closeIdle();
    super.closeIdleConnections();
  }
}
