// A REST server on a real port with a scripted waist behind it, and a client that sees every byte.

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { BrokerError } from "../../src/core/errors.ts";
import type { Dispatcher, DispatchRequest, Outcome } from "../../src/dispatch/request.ts";
import { createLog } from "../../src/log.ts";
import type { RestLimits } from "../../src/rest/limits.ts";
import { createRestServer } from "../../src/rest/server.ts";
import type { Identify } from "../../src/rpc/arriving.ts";
import { callerOf } from "../../src/rpc/caller.ts";
import { createRpcCore } from "../../src/rpc/core.ts";
import { DEFAULT_LIMITS, type RpcLimits } from "../../src/rpc/limits.ts";
import { everybodyIsKnown } from "../support/identify.ts";

export type Answer = (request: DispatchRequest) => Outcome | Promise<Outcome>;

export interface House {
  readonly url: string;
  readonly port: number;
  /** What reached the waist. */
  readonly calls: DispatchRequest[];
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  wire(): Promise<Wire>;
  /** Resolves when the server has closed every connection. */
  closed(): Promise<void>;
}

export interface HouseOptions {
  readonly cors?: readonly string[];
  readonly trustedProxies?: readonly string[];
  readonly allowedHosts?: readonly string[];
  readonly limits?: Partial<RestLimits>;
  readonly arriving?: Partial<Pick<RpcLimits, "arrivingBytes" | "strangerBytes">>;
  /** Default: everybody is known. */
  readonly identify?: Identify;
  /** Listens there instead of on a port. */
  readonly socketPath?: string;
}

/** Closed when the test ends. */
export async function openHouse(t: TestContext, answer: Answer, options: HouseOptions = {}): Promise<House> {
  const calls: DispatchRequest[] = [];
  const dispatcher: Dispatcher = {
    async dispatch(request) {
      calls.push(request);
      return answer(request);
    },
  };
  let last = 0;
  const http = createRestServer({
    ...options,
    dispatcher,
    rpc: createRpcCore(
      dispatcher,
      { ...DEFAULT_LIMITS, stalledMs: options.limits?.stalledMs ?? DEFAULT_LIMITS.stalledMs, ...options.arriving },
      options.identify ?? everybodyIsKnown,
    ),
    log: createLog("silent").log,
    callerOf: options.socketPath ? () => ({ ip: "unix:0", loopback: true, trusted: true }) : callerOf,
    newRequestId: () => `req_${++last}`,
  });
  http.emit("listening");
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    http.emit("connection", socket);
  });
  server.listen(options.socketPath ? { path: options.socketPath } : { port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const wires: Wire[] = [];
  t.after(async () => {
    for (const wire of wires) wire.destroy();
    for (const socket of sockets) socket.destroy();
    http.close();
    server.close();
    await once(server, "close");
  });
  const { port } = (options.socketPath ? { port: 0 } : server.address()) as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    async closed() {
      while ([...sockets].some((socket) => !socket.destroyed)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    url,
    port,
    calls,
    fetch: (path, init) => fetch(url + path, init),
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
      }),
    async wire() {
      const wire = new Wire(connect(port, "127.0.0.1"));
      wires.push(wire);
      await wire.connected;
      return wire;
    },
  };
}

/** Longer than any text that is waited for. */
const TAIL = 1000;

/** A client connection that says exactly what it is told to. */
export class Wire {
  readonly socket: Socket;
  readonly connected: Promise<unknown>;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<unknown>;
  get received(): string {
    if (this.#parts.length > 1) this.#parts = [this.#parts.join("")];
    return this.#parts[0] ?? "";
  }
  #parts: string[] = [];
  #tail = "";
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    this.connected = once(socket, "connect");
    this.closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      const text = chunk.toString("latin1");
      this.#parts.push(text);
      this.#tail = (this.#tail + text).slice(-TAIL - text.length);
      this.#wake?.();
    });
    socket.on("close", () => this.#wake?.());
  }

  write(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Resolves with everything received once that matches, or the connection is gone. Text is looked for where it is new. */
  async until(pattern: RegExp | string): Promise<string> {
    if (typeof pattern === "string" && this.received.includes(pattern)) return this.received;
    const matches = () => (typeof pattern === "string" ? this.#tail.includes(pattern) : pattern.test(this.received));
    while (!matches() && !this.socket.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.received;
  }

  destroy(): void {
    this.socket.destroy();
  }
}

export const RECEIPT = { model: "m", provider: "p", attempts: 1, costNanoUsd: undefined };

export function ok(request: DispatchRequest, result: object = { fine: true }): Outcome {
  return { ok: true, requestId: request.requestId ?? "?", result, receipt: undefined };
}

export function failed(request: DispatchRequest, error: BrokerError): Outcome {
  return { ok: false, requestId: request.requestId ?? "?", error, receipt: undefined };
}

export const echo: Answer = (request) => ok(request, { method: request.method, params: request.params });

/** Resolves when the call is told to end. */
export function aborted({ signal }: DispatchRequest): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
}

export const CHAT = "/v1/chat/completions";

/** A request as bytes. */
export function requestBytes(verb: string, path: string, headers: readonly string[] = [], body = ""): string {
  const length = body === "" ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  return [`${verb} ${path} HTTP/1.1`, "host: localhost", ...length, ...headers, "", body].join("\r\n");
}

/** The body of an answer in OpenAI's error shape. */
export async function errorOf(response: Response): Promise<Record<string, unknown>> {
  return ((await response.json()) as { error: Record<string, unknown> }).error;
}
