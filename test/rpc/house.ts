// A listener with everything behind it but the broker: a waist of a few methods, and an HTTP server that knows /rpc only.

import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import pino from "pino";
import { BrokerError } from "../../src/core/errors.ts";
import type { Dispatcher, DispatchRequest, Outcome } from "../../src/dispatch/request.ts";
import type { Identify } from "../../src/rpc/arriving.ts";
import { callerOf, credentialOf } from "../../src/rpc/caller.ts";
import { createRpcCore, type RpcCore } from "../../src/rpc/core.ts";
import { handleHttpRpc } from "../../src/rpc/http-rpc.ts";
import { DEFAULT_LIMITS, type RpcLimits } from "../../src/rpc/limits.ts";
import { createListener, type Listener } from "../../src/rpc/listener.ts";
import { attachWebSocket, type WebSocketOptions } from "../../src/rpc/websocket.ts";
import { everybodyIsKnown } from "../support/identify.ts";
import { tempDir } from "../support/temp.ts";

type Params = Record<string, unknown>;
type Method = (params: Params, request: DispatchRequest) => unknown;

/** The waist of these tests. Results need not be objects, for the specification's examples are not. */
export class FakeWaist implements Dispatcher {
  readonly requests: DispatchRequest[] = [];
  /** Ends every `hang` that has not been aborted. */
  readonly release = Promise.withResolvers<void>();
  /** Resolves when a `hang` is aborted, to the reason. */
  readonly aborted = Promise.withResolvers<unknown>();
  /** Progress calls of `flood` that went through. */
  flooded = 0;
  /** The flood has come to wait for the client. */
  readonly stuck = Promise.withResolvers<void>();

  async dispatch(request: DispatchRequest): Promise<Outcome> {
    if (request.method === "reject") throw new TypeError("the waist is broken");
    this.requests.push(request);
    const requestId = "req-1";
    try {
      const method = this.#methods[request.method];
      if (!method) throw new BrokerError("method_not_found");
      const result = (await method(request.params as Params, request)) as object;
      return { ok: true, requestId, result, receipt: undefined };
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      return { ok: false, requestId, error, receipt: undefined };
    }
  }

  readonly #methods: Readonly<Record<string, Method>> = {
    __proto__: null as never,
    subtract: (params) => {
      const [a, b] = Array.isArray(params) ? params : [params.minuend, params.subtrahend];
      return a - b;
    },
    sum: (params) => (params as unknown as number[]).reduce((a, b) => a + b),
    get_data: () => ["hello", 5],
    update: () => null,
    notify_hello: () => null,
    notify_sum: () => null,
    echo: (params) => params ?? {},
    /** After everything that was sent before it. */
    last: () => new Promise((resolve) => setTimeout(resolve, 5, {})),
    fail: () => Promise.reject(new BrokerError("model_not_found", "no such model", { param: "model" })),
    cycle: () => {
      const cycle: Params = {};
      cycle.self = cycle;
      return cycle;
    },
    who: (_params, { caller, credential }) => ({ ...caller, credential }),
    big: ({ bytes }) => ({ text: "x".repeat(Number(bytes)) }),
    hang: (_params, { signal }) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          this.aborted.resolve(signal.reason);
          reject(signal.reason);
        };
        if (signal.aborted) abort();
        signal.addEventListener("abort", abort, { once: true });
        this.release.promise.then(() => resolve({}));
      }),
    stream: async ({ count }, { progress }) => {
      for (let n = 0; n < Number(count); n++) await progress?.({ values: [{ n }] });
      return { count };
    },
    flood: async ({ bytes }, { progress, signal }) => {
      const value = { text: "x".repeat(Number(bytes)) };
      while (!signal.aborted) {
        const waiting = progress?.({ values: [value] });
        this.flooded++;
        if (!waiting) continue;
        const timer = setTimeout(() => this.stuck.resolve(), 100);
        await waiting;
        clearTimeout(timer);
      }
      this.aborted.resolve(signal.reason);
      throw signal.reason;
    },
  };
}

export interface House {
  readonly waist: FakeWaist;
  readonly core: RpcCore;
  readonly listener: Listener;
  readonly port: number;
  readonly path: string;
}

/** Listens on a free port and on a Unix socket until the test ends. */
export async function openHouse(
  t: TestContext,
  limits: Partial<RpcLimits> = {},
  webSocket: Partial<WebSocketOptions> = {},
  identify: Identify = everybodyIsKnown,
): Promise<House> {
  const waist = new FakeWaist();
  const core = createRpcCore(waist, { ...DEFAULT_LIMITS, ...limits }, identify);
  const http = createHttp(core);
  const webSockets = attachWebSocket(http, core, { corsOrigins: [], ...webSocket });
  const listener = createListener({ http, core, log: pino({ level: "silent" }), webSockets });
  const { port } = await listener.listenTcp("127.0.0.1", 0);
  const path = join(tempDir(t), "rpc.sock");
  await listener.listenUnix({ path, mode: 0o600 });
  t.after(async () => {
    waist.release.resolve();
    listener.destroyAll();
    await listener.close();
  });
  return { waist, core, listener, port, path };
}

/** POST goes to JSON-RPC; GET answers what it was sent, to watch the way of the bytes. */
export function createHttp(core: RpcCore) {
  return createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    if (request.url !== "/rpc") {
      response.end(`${request.method} ${request.url} ${body.length}`);
      return;
    }
    const { headers, socket } = request;
    const caller = callerOf(socket);
    const asked = { body, headers, caller, credential: credentialOf(headers) };
    const session = handleHttpRpc(core, asked, response, (text) => response.end(text));
    response.on("close", () => session.close());
  });
}

/** A socket that collects what it is sent. */
export class Wire {
  readonly socket: Socket;
  received = "";
  readonly closed: Promise<unknown>;
  #look: (() => void) | undefined;

  constructor(to: NetConnectOpts) {
    this.socket = connect({ ...to, allowHalfOpen: true });
    this.socket.setEncoding("utf8");
    this.socket.on("error", () => {});
    this.closed = once(this.socket, "close").catch(() => {});
    this.socket.on("end", () => this.socket.end());
    this.socket.on("data", (text: string) => {
      this.received += text;
      this.#look?.();
    });
    this.socket.on("close", () => this.#look?.());
  }

  send(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Resolves when `enough` of what was received, or at the end of the connection. */
  until(enough: (received: string) => boolean): Promise<string> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (enough(this.received) || this.socket.destroyed) resolve(this.received);
      };
      this.#look();
    });
  }

  /** The messages of the lines so far, at least `count`. */
  async messages(count: number): Promise<Message[]> {
    const received = await this.until((text) => text.split("\n").length > count);
    return lines(received);
  }

  /** Everything up to the end of the connection. */
  async rest(): Promise<Message[]> {
    await this.closed;
    return lines(this.received);
  }
}

export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data: Params };
  readonly method?: string;
  readonly params?: { readonly token: unknown; readonly value: unknown };
}

export function lines(text: string): Message[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
}

/** A socket that is closed when the test ends. */
export function wire(t: TestContext, to: NetConnectOpts): Wire {
  const opened = new Wire(to);
  t.after(() => opened.socket.destroy());
  return opened;
}
