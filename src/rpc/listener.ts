// The one door: TCP ports, Unix sockets and inherited descriptors, each taking HTTP, raw JSON-RPC and language-server
// framing. It knows every open connection, so that it can bound, time out, drain and cut them.

import { statSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from "node:net";
import { BrokerError } from "../core/errors.ts";
import type { Log } from "../log.ts";
import { markUnix } from "./caller.ts";
import { RawConnection } from "./connection.ts";
import type { RpcCore } from "./core.ts";
import { greet } from "./greet.ts";
import { inheritedPath } from "./inherited-socket.ts";
import { bindUnixSocket, type UnixSocketOptions } from "./unix-socket.ts";

export interface ListenerDeps {
  /** Serves HTTP; it listens nowhere itself. */
  readonly http: HttpServer;
  readonly core: RpcCore;
  readonly log: Log;
  /** What `http` has upgraded to; told to end what is idle while the listener closes. */
  readonly webSockets?: { closeIdle(): void };
}

export interface Listener {
  /** These three reject with `config_invalid` and a line that says what, where and how to fix it. */
  listenTcp(host: string, port: number): Promise<AddressInfo>;
  listenUnix(options: UnixSocketOptions): Promise<void>;
  /** A listening socket that this process was started with. Of a Unix socket the file's mode decides on trust. */
  listenFd(fd: number): Promise<AddressInfo | string>;
  /** Open connections. */
  readonly connections: number;
  /** Takes no more connections and ends those that wait for no answer; resolves when all are gone. */
  close(): Promise<void>;
  /** Cuts every connection. */
  destroyAll(): void;
}

export function createListener(deps: ListenerDeps): Listener {
  return new Door(deps);
}

const SWEEP_MS = 1000;
const DRAIN_SWEEP_MS = 50;
const WARN_MS = 1000;
const DEAD_PEER_MS = 60_000;

class Door implements Listener {
  readonly #deps: ListenerDeps;
  readonly #servers = new Set<Server>();
  /** Every open connection, with who has it; `undefined`: what it speaks is not known yet. */
  readonly #sockets = new Map<Socket, RawConnection | "http" | undefined>();
  /** Removes the names of Unix sockets. */
  readonly #release: (() => void)[] = [];
  #sweep: NodeJS.Timeout;
  #closed: PromiseWithResolvers<void> | undefined;
  #refused = 0;
  #warnedAt = 0;

  constructor(deps: ListenerDeps) {
    this.#deps = deps;
    const { messageMs, idleMs } = deps.core.limits;
    this.#sweep = setInterval(() => this.#check(), Math.min(SWEEP_MS, messageMs / 4, (idleMs || messageMs) / 4));
    this.#sweep.unref();
    // With this event, which listening would bring, node:http starts the clock of its header and request timeouts.
    deps.http.emit("listening");
  }

  get connections(): number {
    return this.#sockets.size;
  }

  async listenTcp(host: string, port: number): Promise<AddressInfo> {
    const server = this.#server(() => {});
    await listen(server, { host, port }, `HOST, PORT: ${host}:${port}`);
    return server.address() as AddressInfo;
  }

  async listenUnix(options: UnixSocketOptions): Promise<void> {
    let uid = 0;
    const server = this.#server((socket) => markUnix(socket, isPrivate(options.mode), uid));
    const bound = await bindUnixSocket(server, options);
    uid = bound.uid;
    this.#release.push(bound.release);
  }

  async listenFd(fd: number): Promise<AddressInfo | string> {
    let file: { readonly uid: number; readonly mode: number } | undefined;
    const server = this.#server((socket) => {
      const trusted = file !== undefined && isPrivate(file.mode);
      if (socket.remoteAddress === undefined) markUnix(socket, trusted, file?.uid);
    });
    await listen(server, { fd }, `LISTEN_FDS: descriptor ${fd}`);
    const address = server.address();
    if (address !== null) return address;
    const path = inheritedPath(fd);
    file = path === undefined ? undefined : statSync(path, { throwIfNoEntry: false });
    return path ?? `descriptor ${fd}`;
  }

  close(): Promise<void> {
    if (this.#closed) return this.#closed.promise;
    this.#closed = Promise.withResolvers();
    for (const release of this.#release) release();
    for (const server of this.#servers) server.close();
    clearInterval(this.#sweep);
    this.#sweep = setInterval(() => this.#endIdle(), DRAIN_SWEEP_MS);
    this.#endIdle();
    this.#settle();
    return this.#closed.promise;
  }

  destroyAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  #server(mark: (socket: Socket) => void): Server {
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: DEAD_PEER_MS };
    const server = createServer(options, (socket) => {
      mark(socket);
      this.#accept(socket);
    });
    server.once("listening", () => {
      this.#servers.add(server);
      server.on("error", (error) => this.#warn(`can't accept connections: ${error.message}`));
    });
    return server;
  }

  #accept(socket: Socket): void {
    const limit = this.#deps.core.limits.connections;
    if (this.#sockets.size >= limit) {
      socket.destroy();
      this.#refused++;
      this.#warn(`more than ${limit} connections: further ones are closed`);
      return;
    }
    this.#sockets.set(socket, undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#settle();
    });
    greet(socket, this.#deps, (host) => {
      this.#sockets.set(socket, host);
      if (this.#closed && host !== "http") host.end();
    });
  }

  /** Under a flood one line a second tells as much as ten thousand. */
  #warn(message: string): void {
    const now = performance.now();
    if (now - this.#warnedAt < WARN_MS && this.#warnedAt > 0) return;
    this.#warnedAt = now;
    this.#deps.log.warn({ connections: this.#sockets.size, refused: this.#refused }, message);
    this.#refused = 0;
  }

  #check(): void {
    const now = performance.now();
    for (const host of this.#sockets.values()) if (host instanceof RawConnection) host.check(now);
  }

  #endIdle(): void {
    this.#check();
    for (const [socket, host] of this.#sockets) {
      if (host === undefined) socket.destroy();
      else if (host !== "http") host.end();
    }
    this.#deps.webSockets?.closeIdle();
    this.#deps.http.closeIdleConnections();
  }

  #settle(): void {
    if (!this.#closed || this.#sockets.size > 0) return;
    clearInterval(this.#sweep);
    this.#deps.http.close();
    this.#closed.resolve();
  }
}

/** Nobody but the owner can open a file of this mode. */
function isPrivate(mode: number): boolean {
  return (mode & 0o077) === 0;
}

async function listen(server: Server, options: ListenOptions | { readonly fd: number }, what: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(options, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new BrokerError("config_invalid", `${what} ${refusalOf(cause as NodeJS.ErrnoException)}`);
  }
  server.off("error", reject);
}

function refusalOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return "is in use by another process: stop that one or set another PORT";
    case "EACCES":
      return "needs privileges that this process lacks: set a PORT above 1023";
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "is no address of this machine: set HOST to 127.0.0.1, 0.0.0.0 or one that it has";
    case "EINVAL":
    case "EBADF":
    case "ENOTSOCK":
      return "is no listening socket: unset the variable or let systemd pass one";
    default:
      return `can't be listened on (${code ?? message}): set another HOST or PORT`;
  }
}
