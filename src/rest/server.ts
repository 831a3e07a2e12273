// The HTTP server: the REST rows of the document, POST /rpc for JSON-RPC, and MCP. Plain node:http, since a framework
// costs more than the broker's own work. It opens no port: the listener that tells the framings apart gives it sockets
// with `noDelay` by `emit("connection", socket)`, and starts its clocks for slow requests by `emit("listening")`.

import { createServer, type Server } from "node:http";
import { BrokerError } from "../core/errors.ts";
import type { Dispatcher } from "../dispatch/request.ts";
import { METHODS } from "../generated/methods.ts";
import type { Log } from "../log.ts";
import type { McpHttp } from "../mcp/server/http-request.ts";
import type { RpcCore } from "../rpc/core.ts";
import { Turn } from "../rpc/turn.ts";
import { type AdmissionDeps, createAdmit } from "./admission.ts";
import { Arriving } from "./arriving.ts";
import { answerClientError } from "./client-error.ts";
import { Connections } from "./connection.ts";
import { createCors } from "./cors.ts";
import { Exchange } from "./exchange.ts";
import { REST_LIMITS, type RestLimits } from "./limits.ts";
import { RestRequest } from "./request.ts";
import { createRouter } from "./routes.ts";

export interface RestServerDeps extends Pick<AdmissionDeps, "callerOf">, Partial<Omit<AdmissionDeps, "callerOf">> {
  readonly dispatcher: Dispatcher;
  readonly rpc: RpcCore;
  /** Without it MCP's paths are not there. */
  readonly mcp?: McpHttp;
  readonly log: Log;
  readonly newRequestId: () => string;
  readonly limits?: Partial<RestLimits>;
}

const NO_MCP: McpHttp = {
  serve({ fail }) {
    fail(new BrokerError("route_not_found"));
    return { close: () => {} };
  },
};

/** Throws `config_invalid` for a faulty proxy. `server.close()` ends its timer. */
export function createRestServer(deps: RestServerDeps): Server {
  const limits = { ...REST_LIMITS, ...deps.limits };
  const connections = new Connections();
  const { dispatcher, rpc, mcp = NO_MCP, log, newRequestId, callerOf } = deps;
  const { cors = [], trustedProxies = [], allowedHosts = [] } = deps;
  const exchangeDeps = {
    ...{ dispatcher, rpc, mcp, log, limits, newRequestId },
    router: createRouter(METHODS),
    cors: createCors(cors),
    turn: new Turn(),
    arriving: new Arriving(limits.arrivingBytes),
    admit: createAdmit({ callerOf, trustedProxies, allowedHosts, cors }),
  };
  const server = createServer(
    {
      IncomingMessage: RestRequest,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: Math.min(1000, limits.headersMs, limits.requestMs),
      keepAliveTimeout: limits.keepAliveMs,
      maxHeaderSize: limits.headerBytes,
      // Answered in our own shape instead.
      requireHostHeader: false,
    },
    (request, response) => new Exchange(exchangeDeps, connections.of(request.socket), request, response).begin(),
  );
  const clientErrors = { connections, limits, newRequestId };
  server.on("clientError", (fault, socket) => answerClientError(clientErrors, fault, socket));
  return server;
}
