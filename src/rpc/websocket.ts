// JSON-RPC over WebSocket at /rpc: a message or batch in each frame, both ways. Browsers send the page's origin and no
// preflight, so an origin that is neither ours nor listed is refused before the upgrade.

import type { Server as HttpServer, IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";
import { BrokerError } from "../core/errors.ts";
import type { Caller } from "../dispatch/request.ts";
import type { Arrival } from "./arriving.ts";
import { callerOf, credentialOf } from "./caller.ts";
import type { RpcCore } from "./core.ts";
import { parseJson } from "./json.ts";
import { STATUS_CODES } from "./node-http.ts";
import { RpcSession } from "./session.ts";

export interface WebSocketOptions {
  /** Origins of other sites that may call; `*` for any. */
  readonly corsOrigins: readonly string[];
  /** Who calls, or why they may not. Default: the peer, from wherever it is. */
  readonly admit?: (request: IncomingMessage) => Caller | BrokerError;
  /** Milliseconds between pings; a peer that has not answered one by the next is cut. Default 30 s. */
  readonly pingMs?: number;
}

export interface WebSockets {
  /** Ends connections that wait for no answer. */
  closeIdle(): void;
}

const PATH = "/rpc";
const PING_MS = 30_000;
/** Bytes that may wait for a peer before its streams wait for it. */
const HIGH_WATER = 65_536;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;
/** Milliseconds for a peer that is refused to take note. */
const LINGER_MS = 1000;
/** Of a ping or pong, before what it holds. */
const CONTROL_BYTES = 6;

/** Serves the upgrades of `http`; those to other paths are answered 404. */
export function attachWebSocket(http: HttpServer, core: RpcCore, options: WebSocketOptions): WebSockets {
  let server: WebSocketServer | undefined;
  const connections = new Set<WebSocketConnection>();
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const caller = admit(request, options);
    if (typeof caller === "number") {
      refuse(socket, caller);
      return;
    }
    server ??= openServer(core.limits.messageBytes);
    server.handleUpgrade(request, socket, head, (peer) => {
      const session = new RpcSession(caller, credentialOf(request.headers), (text) => connection.send(text));
      const connection = new WebSocketConnection(peer, core, session, options.pingMs ?? PING_MS);
      connections.add(connection);
      socket.prependListener("data", (chunk: Buffer) => connection.arrived(chunk.length));
      peer.on("close", () => connections.delete(connection));
    });
  };
  http.on("upgrade", upgrade);
  // Requests that offer other protocols, as `curl --http2` sends, stay requests.
  Object.assign(http, {
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
  });
  return {
    closeIdle() {
      for (const connection of connections) connection.closeIfIdle();
    },
  };
}

/** With the first upgrade: few programs ask for one. */
const load = createRequire(import.meta.url);

function openServer(maxPayload: number): WebSocketServer {
  const ws = load("ws") as typeof import("ws");
  return new ws.WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: false });
}

class WebSocketConnection {
  readonly #peer: WebSocket;
  readonly #core: RpcCore;
  readonly #session: RpcSession;
  readonly #ping: NodeJS.Timeout;
  /** Messages that came in while nothing is taken; few, for the socket is paused. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #blocked: PromiseWithResolvers<void> | undefined;
  /** Bytes that have come since the last message. */
  #bytes = 0;
  readonly #arrival: Arrival;
  #alive = true;
  /** Bytes that waited for the peer at the last beat. */
  #lastBuffered = Number.POSITIVE_INFINITY;
  #reading = false;

  constructor(peer: WebSocket, core: RpcCore, session: RpcSession, pingMs: number) {
    this.#peer = peer;
    this.#core = core;
    this.#session = session;
    this.#arrival = core.arriving.from(session.caller, session.credential);
    this.#ping = setInterval(() => this.#beat(), pingMs);
    peer.on("message", (message: Buffer) => this.#take(message));
    peer.on("ping", (data: Buffer) => this.#passOver(data));
    peer.on("pong", (data: Buffer) => {
      this.#alive = true;
      this.#passOver(data);
    });
    peer.on("error", () => {});
    peer.on("close", () => {
      clearInterval(this.#ping);
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#arrival.hold(0);
      session.close();
      this.#unblock();
    });
  }

  closeIfIdle(): void {
    if (this.#session.inFlight === 0 && this.#waiting.length === 0) this.#peer.close(GOING_AWAY);
  }

  /** A promise when the peer has a lot to read. */
  send(text: string): Promise<void> | undefined {
    if (this.#peer.readyState !== this.#peer.OPEN) {
      this.#session.close();
      return undefined;
    }
    if (this.#blocked || this.#peer.bufferedAmount + text.length < HIGH_WATER) {
      this.#peer.send(text);
      return this.#blocked?.promise;
    }
    this.#blocked = Promise.withResolvers();
    this.#peer.send(text, this.#unblock);
    return this.#blocked?.promise;
  }

  /** The bytes have left, or can't any more. */
  readonly #unblock = (): void => {
    this.#blocked?.resolve();
    this.#blocked = undefined;
    this.#read();
  };

  /** Before what has come is looked at. */
  arrived(bytes: number): void {
    this.#bytes += bytes;
    this.#count();
  }

  /** Came with a message, and is no part of it. */
  #passOver(data: Buffer): void {
    this.#bytes = Math.max(0, this.#bytes - CONTROL_BYTES - data.length);
  }

  #count(): void {
    if (this.#peer.readyState !== this.#peer.OPEN) return;
    try {
      this.#arrival.hold(this.#waitingBytes + this.#bytes);
    } catch (cause) {
      this.#peer.close(TRY_AGAIN_LATER, (cause as BrokerError).message);
      setTimeout(() => this.#peer.terminate(), LINGER_MS).unref();
    }
  }

  /** Who is to go would not get the answer. */
  #take(message: Buffer): void {
    if (this.#peer.readyState !== this.#peer.OPEN) return;
    this.#bytes = 0;
    this.#waiting.push(message);
    this.#waitingBytes += message.length;
    this.#read();
  }

  #read(): void {
    if (this.#reading) return;
    this.#reading = true;
    const { inFlight, depth } = this.#core.limits;
    while (this.#waiting.length > 0 && !this.#blocked && this.#session.inFlight < inFlight) {
      const message = this.#waiting.shift() as Buffer;
      this.#waitingBytes -= message.length;
      this.#core.handle(parseJson(message, depth), this.#session, this.#reply);
    }
    this.#reading = false;
    this.#count();
    if (this.#waiting.length > 0) this.#peer.pause();
    else if (this.#peer.isPaused) this.#peer.resume();
  }

  readonly #reply = (text: string | undefined): void => {
    if (text !== undefined) this.send(text);
    if (this.#waiting.length > 0) this.#read();
  };

  #beat(): void {
    // While we do not read we can't hear a pong either; then what waits for the peer must have become less.
    const { bufferedAmount, isPaused } = this.#peer;
    const stuck = this.#blocked !== undefined && bufferedAmount > 0 && bufferedAmount >= this.#lastBuffered;
    this.#lastBuffered = this.#blocked ? bufferedAmount : Number.POSITIVE_INFINITY;
    if (stuck || (!this.#alive && !isPaused)) {
      this.#peer.terminate();
      return;
    }
    this.#alive = false;
    this.#peer.ping();
  }
}

/** The caller, or the HTTP status to refuse the upgrade with. */
function admit(request: IncomingMessage, options: WebSocketOptions): Caller | number {
  if (request.url?.split("?", 1)[0] !== PATH) return 404;
  const { origin, host } = request.headers;
  const listed = origin === undefined || options.corsOrigins.includes(origin) || options.corsOrigins.includes("*");
  if (!listed && (host === undefined || URL.parse(origin)?.host !== host.toLowerCase())) return 403;
  const caller = options.admit ? options.admit(request) : callerOf(request.socket);
  return caller instanceof BrokerError ? caller.status : caller;
}

function refuse(socket: Duplex, status: number): void {
  socket.on("error", () => {});
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
