// A vendor's server, scripted: a real HTTP server on a free port that gives its answers in the order of the script, bad
// ones too, records what it was asked and notices when a client hangs up.

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** Bytes, a time in ms, or something to wait for. Each piece of bytes is sent by itself. */
export type Piece = string | Uint8Array | number | PromiseLike<unknown>;

/** One answer; `json` whole, or `pieces` and an ending. */
export interface UpstreamAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly pieces?: Iterable<Piece> | AsyncIterable<Piece>;
  /** `end` (default) ends the answer properly, `destroy` breaks the connection, `hang` does nothing more. */
  readonly ending?: "end" | "destroy" | "hang";
  /** Nothing is sent, not even headers, before this is done. */
  readonly before?: PromiseLike<unknown>;
  /** Breaks the connection without any answer. */
  readonly drop?: boolean;
}

export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON. */
  json(): Record<string, unknown>;
  /** Bytes of the answer that were handed to the socket. */
  readonly sent: number;
  /** Done when the client closed the connection before the answer had ended. */
  readonly closed: Promise<void>;
}

export interface Upstream {
  /** Without a slash at its end. */
  readonly url: string;
  readonly requests: readonly UpstreamRequest[];
  /** Connections that were ever opened. */
  readonly connections: number;
  /** Adds answers; once they are used up, `fallback` answers, or 500. */
  script(...answers: (UpstreamAnswer | ((request: UpstreamRequest) => UpstreamAnswer))[]): void;
  /** Answers everything beyond the script. */
  fallback(answer: (request: UpstreamRequest) => UpstreamAnswer): void;
  /** Waits for the request with this number (from 0). */
  request(index: number): Promise<UpstreamRequest>;
  close(): Promise<void>;
}

/** An answer in server-sent events. */
export function sse(...pieces: Piece[]): UpstreamAnswer & { pieces: Piece[] } {
  return { headers: { "content-type": "text/event-stream; charset=utf-8" }, pieces };
}

export async function createUpstream(): Promise<Upstream> {
  const upstream = new ScriptedUpstream();
  await upstream.listen();
  return upstream;
}

class ScriptedUpstream implements Upstream {
  url = "";
  readonly requests: Recorded[] = [];
  connections = 0;
  readonly #script: Parameters<Upstream["script"]> = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer(
    (request, response) => void this.#answer(request, response).catch(() => response.destroy()),
  );
  #fallback: Parameters<Upstream["fallback"]>[0] = () => ({
    status: 500,
    json: { error: { message: "nothing is scripted" } },
  });
  #arrived = Promise.withResolvers<void>();

  async listen(): Promise<void> {
    this.#server.on("connection", (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  script(...answers: Parameters<Upstream["script"]>): void {
    this.#script.push(...answers);
  }

  fallback(answer: Parameters<Upstream["fallback"]>[0]): void {
    this.#fallback = answer;
  }

  async request(index: number): Promise<UpstreamRequest> {
    while (!this.requests[index]) await this.#arrived.promise;
    return this.requests[index];
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) await once(this.#server, "close");
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part as Buffer);
    const request = new Recorded(message, response, Buffer.concat(parts).toString());
    this.requests.push(request);
    this.#arrived.resolve();
    this.#arrived = Promise.withResolvers<void>();
    const next = this.#script.shift() ?? this.#fallback;
    await request.answer(typeof next === "function" ? next(request) : next);
  }
}

class Recorded implements UpstreamRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly closed: Promise<void>;
  sent = 0;
  readonly #response: ServerResponse;

  constructor(message: IncomingMessage, response: ServerResponse, body: string) {
    this.method = message.method ?? "";
    this.path = message.url ?? "";
    this.headers = message.headers;
    this.body = body;
    this.#response = response;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    response.on("close", () => !response.writableFinished && resolve());
  }

  json(): Record<string, unknown> {
    return JSON.parse(this.body) as Record<string, unknown>;
  }

  async answer({ status = 200, headers, json, pieces, ending, before, drop }: UpstreamAnswer): Promise<void> {
    const response = this.#response;
    await before;
    if (drop) return void response.destroy();
    if (!pieces) {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      return void response.end(json === undefined ? "" : JSON.stringify(json));
    }
    response.writeHead(status, headers);
    response.flushHeaders();
    for await (const piece of pieces) {
      if (typeof piece === "number") await sleep(piece);
      else if (typeof piece === "string" || piece instanceof Uint8Array) await this.#send(piece);
      else await piece;
    }
    if (ending === "destroy") response.destroy();
    else if (ending !== "hang") response.end();
  }

  /** The turn between two pieces lets each leave by itself. */
  async #send(piece: string | Uint8Array): Promise<void> {
    if (this.#response.destroyed) return;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const room = this.#response.write(piece);
    this.sent += Buffer.byteLength(piece);
    if (room) await nextTurn();
    else {
      this.#response.once("close", resolve);
      await Promise.race([once(this.#response, "drain").catch(() => undefined), closed]);
      this.#response.off("close", resolve);
    }
  }
}
