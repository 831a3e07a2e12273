// Part of the composition root: the servers around the waist, and where they listen. By default that is TCP on loopback
// and a Unix socket in the data folder; SOCKET_PATH without PORT means the socket alone; sockets from systemd replace all.

import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Env } from "../config/env.ts";
import { BrokerError } from "../core/errors.ts";
import type { ToolServers } from "../core/tool.ts";
import type { Waist } from "../dispatch/dispatch.ts";
import type { Log } from "../log.ts";
import { createLazyMcp, type LazyMcp } from "../mcp/server/lazy.ts";
import { createAdmit } from "../rest/admission.ts";
import { createRestServer } from "../rest/server.ts";
import { callerOf } from "../rpc/caller.ts";
import { createRpcCore } from "../rpc/core.ts";
import { DEFAULT_LIMITS } from "../rpc/limits.ts";
import { createListener, type Listener } from "../rpc/listener.ts";
import { attachWebSocket } from "../rpc/websocket.ts";

export interface Servers {
  /** `http://host:port`, when listening on TCP. */
  readonly url: string | undefined;
  readonly socketPath: string | undefined;
  readonly addresses: readonly string[];
  /** What went otherwise than one would expect, for the banner. */
  readonly notices: readonly string[];
  /** Rejects with `config_invalid`. */
  listen(): Promise<void>;
  /** One client of MCP over two streams, who is whoever runs this process; resolves when it has gone. */
  serveMcp(input: Readable, output: Writable): Promise<void>;
  /** Takes no more connections; resolves when those that are open have ended. */
  close(): Promise<void>;
  destroyAll(): void;
}

export interface ServersDeps {
  readonly env: Env;
  readonly waist: Waist;
  readonly tools: ToolServers;
  readonly log: Log;
  /** Of the default socket. */
  readonly folder: string;
  readonly pid: number;
  readonly newRequestId: () => string;
}

/** The first descriptor that systemd passes. */
const FIRST_FD = 3;

export function createServers(deps: ServersDeps): Servers {
  const { env, waist, log } = deps;
  const limits = { ...DEFAULT_LIMITS, connections: env.MAX_CONNECTIONS };
  const core = createRpcCore(waist, limits, (credential, caller) => waist.identify(credential, caller));
  const admission = {
    callerOf,
    cors: env.CORS_ORIGINS,
    trustedProxies: env.TRUSTED_PROXIES,
    allowedHosts: env.ALLOWED_HOSTS,
  };
  const { tools, newRequestId } = deps;
  const mcp = createLazyMcp({
    ...{ waist, tools, newRequestId },
    ticks: () => performance.now(),
    onBug: (err, request_id) => log.error({ request_id, err }, "bug"),
  });
  const http = createRestServer({ ...admission, dispatcher: waist, rpc: core, mcp, log, newRequestId });
  const admit = createAdmit(admission);
  const webSockets = attachWebSocket(http, core, { corsOrigins: env.CORS_ORIGINS, admit });
  return new Doors(deps, createListener({ http, core, log, webSockets }), mcp);
}

class Doors implements Servers {
  url: string | undefined;
  socketPath: string | undefined;
  readonly addresses: string[] = [];
  readonly notices: string[] = [];
  readonly #deps: ServersDeps;
  readonly #listener: Listener;
  readonly #mcp: LazyMcp;

  constructor(deps: ServersDeps, listener: Listener, mcp: LazyMcp) {
    this.#deps = deps;
    this.#listener = listener;
    this.#mcp = mcp;
  }

  async listen(): Promise<void> {
    const { env, pid } = this.#deps;
    if (env.LISTEN_FDS && (env.LISTEN_PID === undefined || env.LISTEN_PID === pid)) {
      for (let fd = FIRST_FD; fd < FIRST_FD + env.LISTEN_FDS; fd++) await this.#inherit(fd);
      return;
    }
    if (env.SOCKET_PATH === undefined || env.SOCKET_PATH === "" || env.given("PORT")) await this.#listenTcp();
    if (env.SOCKET_PATH !== "") await this.#listenUnix();
  }

  serveMcp(input: Readable, output: Writable): Promise<void> {
    return this.#mcp.serveStreams(input, output);
  }

  close(): Promise<void> {
    this.#mcp.drain();
    return this.#listener.close();
  }

  destroyAll(): void {
    this.#mcp.close();
    this.#listener.destroyAll();
  }

  async #listenTcp(): Promise<void> {
    const { HOST, PORT } = this.#deps.env;
    const { address, port, family } = await this.#listener.listenTcp(HOST, PORT);
    this.#tcp(family === "IPv6" ? `[${address}]` : address, port);
  }

  #tcp(host: string, port: number): void {
    this.url = `http://${host}:${port}`;
    this.addresses.push(this.url);
  }

  /** A socket that was not asked for by name must not stop the start. */
  async #listenUnix(): Promise<void> {
    const { env, folder } = this.#deps;
    const path = env.SOCKET_PATH ?? join(folder, "aibroker.sock");
    try {
      await this.#listener.listenUnix({ path, mode: env.SOCKET_MODE, group: env.SOCKET_GROUP });
      this.#unix(path);
    } catch (cause) {
      if (env.SOCKET_PATH !== undefined || !(cause instanceof BrokerError)) throw cause;
      this.notices.push(`No Unix socket: ${cause.message}`);
    }
  }

  #unix(path: string): void {
    this.socketPath = path;
    this.addresses.push(`unix:${path}`);
  }

  async #inherit(fd: number): Promise<void> {
    const address = await this.#listener.listenFd(fd);
    if (typeof address === "string") this.#unix(address);
    else this.#tcp(address.family === "IPv6" ? `[${address.address}]` : address.address, address.port);
  }
}
