// The broker called from a program: many calls on one TCP or Unix socket. `createClient` of generated/client.ts makes
// typed methods of a connection.

import { connect as openSocket, type Socket } from "node:net";
import type { CallOptions, ClientTransport } from "../generated/client.ts";
import type { MethodName, Methods } from "../generated/types.ts";
import { ClientCall } from "./client-call.ts";
import { RawFraming } from "./raw-framing.ts";
import { disconnected, RpcError } from "./rpc-error.ts";

export type Address = { readonly path: string } | { readonly host?: string; readonly port: number };

export interface ConnectOptions {
  /** Bound to the connection at once by `session.authenticate`. */
  readonly token?: string | undefined;
}

/**
 * Calls reject with an RpcError. An aborted call is cancelled at the broker and rejects with its answer, 1904. A stream
 * whose values are not taken stops the reading of the whole connection.
 */
export interface RpcConnection extends ClientTransport {
  /** Cuts the connection; calls under way reject. */
  close(): void;
}

/** Bounds of what a broker may answer: more than it takes itself. */
const LIMITS = { messageBytes: 256 * 1024 * 1024, depth: 1000 };
const MAX_CALLS = 4096;

/** Rejects with an RpcError of kind `disconnected`, or with the one that refuses the token. */
export async function connect(address: Address, options: ConnectOptions = {}): Promise<RpcConnection> {
  const socket = openSocket({ ...address, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", (error) => reject(disconnected(`No connection to the broker: ${error.message}`)));
  });
  const connection = new Connection(socket);
  try {
    if (options.token !== undefined) await connection.call("session.authenticate", { token: options.token });
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}

interface Answer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Partial<RpcError["data"]> };
  readonly method?: string;
  readonly params?: { readonly token?: unknown; readonly value?: unknown };
}

class Connection implements RpcConnection {
  readonly #socket: Socket;
  readonly #framing = new RawFraming(LIMITS);
  readonly #calls = new Map<unknown, ClientCall>();
  #lastId = 0;
  #out = "";
  #gone: RpcError | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#end(`The connection broke: ${error.message}`));
    socket.on("close", () => this.#end("The connection closed before the answer"));
  }

  async call<M extends MethodName>(
    method: M,
    params: Methods[M]["params"],
    options?: CallOptions,
  ): Promise<Methods[M]["result"]> {
    return (await this.#start(method, params, options).result) as Methods[M]["result"];
  }

  async *stream<M extends MethodName>(
    method: M,
    params: Methods[M]["params"],
    options?: CallOptions,
  ): AsyncGenerator<Methods[M]["progress"], Methods[M]["result"], undefined> {
    const meta = (params as { _meta?: object })._meta;
    const call = this.#start(method, { ...params, _meta: { ...meta, progressToken: this.#lastId + 1 } }, options);
    try {
      for (;;) {
        const values = call.take();
        this.#socket.resume();
        yield* values as Methods[M]["progress"][];
        if (values.length > 0) continue;
        if (call.settled) return (await call.result) as Methods[M]["result"];
        await call.more();
      }
    } finally {
      this.#cancel(call);
    }
  }

  close(): void {
    this.#end("The connection was closed");
  }

  #start(method: string, params: object, options: CallOptions | undefined): ClientCall {
    const call = new ClientCall(++this.#lastId);
    if (this.#gone || this.#calls.size >= MAX_CALLS) {
      const full = new RpcError(1901, `More than ${MAX_CALLS} calls on one connection`, { kind: "overloaded" });
      call.settle({ error: this.#gone ?? full });
      return call;
    }
    this.#calls.set(call.id, call);
    this.#send({ jsonrpc: "2.0", id: call.id, method, params });
    call.cancelOn(options?.signal, () => this.#cancel(call));
    return call;
  }

  #cancel(call: ClientCall): void {
    if (!call.settled) this.#send({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: call.id } });
  }

  /** Calls made together go out together. */
  #send(message: object): void {
    if (this.#out === "") {
      queueMicrotask(() => {
        const out = this.#out;
        this.#out = "";
        this.#socket.write(out);
      });
    }
    this.#out += `${JSON.stringify(message)}\n`;
  }

  #read(chunk: Buffer): void {
    this.#framing.push(chunk);
    for (let message = this.#framing.next(); message !== undefined; message = this.#framing.next()) {
      if (typeof message !== "object" || message === null || message instanceof Error) {
        this.#end("The broker sent what is no JSON-RPC");
        return;
      }
      this.#take(message as Answer);
    }
  }

  #take({ id, method, params, result, error }: Answer): void {
    if (method !== undefined) {
      if (method === "$/progress" && this.#calls.get(params?.token)?.add(params?.value) === false) this.#socket.pause();
      return;
    }
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.settle(error ? { error: new RpcError(error.code, error.message, error.data) } : { result });
  }

  #end(why: string): void {
    if (this.#gone) return;
    this.#gone = disconnected(why);
    this.#socket.destroy();
    for (const call of this.#calls.values()) call.settle({ error: this.#gone });
    this.#calls.clear();
  }
}
