// A JSON-RPC client on a raw socket, one message a line, that checks every reply and every streamed value against the
// document: each test that uses it is a contract test too.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type NetConnectOpts } from "node:net";
import { createInterface } from "node:readline";
import { progressValidator, resultValidator, validateError } from "./document.ts";

export interface Reply {
  readonly jsonrpc: "2.0";
  readonly id: string | number | null;
  readonly result?: Record<string, unknown>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

export interface TestClient {
  /** Sends a request; `onProgress` is given the values of `$/progress` meanwhile. */
  call(method: string, params?: object, onProgress?: (value: unknown) => void): Promise<Reply>;
  notify(method: string, params?: object): void;
  /** The id that the next call will have. */
  readonly nextId: number;
  close(): void;
}

interface Waiting {
  readonly method: string;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
}

/** `to` is a socket path or `{host, port}`. */
export async function connectClient(to: NetConnectOpts | string): Promise<TestClient> {
  const socket = connect(typeof to === "string" ? { path: to } : to);
  await once(socket, "connect");
  const waiting = new Map<unknown, Waiting>();
  let nextId = 1;

  const take = (line: string): void => {
    const message = JSON.parse(line);
    if (message.method === "$/progress") {
      const call = waiting.get(message.params.token);
      assert.ok(call, `progress of no call: ${line}`);
      try {
        progressValidator(call.method)(message.params.value);
        call.onProgress?.(message.params.value);
      } catch (cause) {
        call.reject(cause);
      }
      return;
    }
    const call = waiting.get(message.id);
    assert.ok(call, `a reply to no call: ${line}`);
    waiting.delete(message.id);
    try {
      if (message.error) validateError(message.error);
      else resultValidator(call.method)(message.result);
      call.resolve(message);
    } catch (cause) {
      call.reject(cause);
    }
  };
  const lines = createInterface({ input: socket });
  lines.on("line", take);
  lines.on("error", () => {}); // the socket's own, which "close" follows
  socket.on("close", () => {
    for (const { method, reject } of waiting.values())
      reject(new Error(`the connection closed before ${method} ended`));
    waiting.clear();
  });
  socket.on("error", () => {}); // "close" follows

  const send = (message: object): void => {
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  };
  return {
    get nextId() {
      return nextId;
    },
    call(method, params, onProgress) {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { method, resolve, reject, onProgress });
        send({ id, method, ...(params ? { params } : {}) });
      });
    },
    notify: (method, params) => send({ method, ...(params ? { params } : {}) }),
    close: () => socket.destroy(),
  };
}
