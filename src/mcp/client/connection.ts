// One connection to a server, for one owner: requests with their time limits, progress and cancelling; what the server says
// by itself; what it asks of the caller. The SDK's client speaks the protocol in both of its eras; what it would parse twice
// or lose (progress right before an answer, streams that end without one) is taken from the transport before it.

import type { Client, JSONRPCMessage, StandardSchemaV1, Transport } from "@modelcontextprotocol/client";
import { BrokerError } from "../../core/errors.ts";
import type { Peer } from "../../core/tool.ts";
import { Ask, type Asker } from "./ask.ts";
import { STREAM_ENDED, TOO_LONG } from "./failure.ts";
import { LIMIT_HEADER } from "./http.ts";
import { outcomeOf, progressOf, type Send, taskIn } from "./task.ts";
import { within } from "./within.ts";

/** What a server says that concerns no request; `deaf`: from now on nothing would be heard of it. */
export type Notice = "tools" | "resources" | "prompts" | "trouble" | "deaf" | { readonly updated: string };

export interface ConnectionDeps {
  readonly client: Client;
  readonly transport: Transport & {
    readonly bytes?: number;
    readonly fate?: string | undefined;
    terminateSession?(): Promise<void>;
  };
  /** Bytes of an answer: of lists, of all else. */
  readonly mostListBytes: number;
  readonly mostBytes: number;
  /** Several callers share it: log messages are nobody's. */
  readonly shared: boolean;
  readonly onNotice: (notice: Notice) => void;
  readonly onClose: () => void;
}

/** Another timer than ours would end requests while the caller is being asked. */
const NEVER_MS = 2 ** 31 - 1;
/** For a server to take note that a session has ended. */
const GOODBYE_MS = 500;
const LOG_LEVEL = "io.modelcontextprotocol/logLevel";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
/** Requests that are remembered until they are answered; those that were cancelled may never be. */
const MOST_OPEN = 4096;
const LIST_CHANGED = { tools: "tools", resources: "resources", prompts: "prompts" } as const;

export const ANYTHING: StandardSchemaV1<unknown, object> = {
  "~standard": { version: 1, vendor: "aibroker", validate: (value) => ({ value: value as object }) },
};

interface Open {
  readonly method: string;
  readonly ask: Ask | undefined;
}

export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #asks = new Map<number, Ask>();
  /** By request id: sent and not answered. */
  readonly #open = new Map<string | number, Open>();
  #lastToken = 0;
  #closed = false;
  #trouble = "";

  constructor(deps: ConnectionDeps) {
    this.#deps = deps;
    const { client, transport } = deps;
    const pass = transport.onmessage;
    transport.onmessage = (message, extra) => {
      if (!this.#takes(message)) pass?.(this.#within(message), extra);
    };
    const send = transport.send.bind(transport);
    transport.send = (message, options) => send(message, this.#opened(message, options));
    client.onclose = () => {
      this.#closed = true;
      deps.onClose();
    };
    client.onerror = (error) => {
      this.#trouble = error.message;
      // The stream of the SSE transport is its session; it would be opened again for another one.
      if (error.message.startsWith("SSE error")) void this.close({ lost: true });
      else if (error.message.startsWith("Maximum reconnection attempts")) deps.onNotice("deaf");
      else if (/reconnect|disconnected/i.test(error.message)) deps.onNotice("trouble");
    };
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Requests under way. */
  get busy(): number {
    return this.#asks.size;
  }

  get client(): Client {
    return this.#deps.client;
  }

  get modern(): boolean {
    return this.#deps.client.getProtocolEra() === "modern";
  }

  get hasSession(): boolean {
    return this.#deps.transport.sessionId !== undefined || "_endpoint" in this.#deps.transport;
  }

  get fate(): string | undefined {
    return this.#deps.transport.fate;
  }

  /** Rejects with the SDK's errors, or with why it was ended from our side. */
  async ask(method: string, params: object, asker: Asker, timeoutMs: number): Promise<object> {
    const token = ++this.#lastToken;
    const ask = new Ask(asker, timeoutMs);
    this.#asks.set(token, ask);
    const level = this.modern && ask.listens ? { [LOG_LEVEL]: "info" } : {};
    const again = this.modern ? asker.peer?.again : undefined;
    const able = again && { [CAPABILITIES]: asker.peer?.capabilities };
    const _meta = { progressToken: token, ...level, ...able };
    const options = { timeout: NEVER_MS, allowInputRequired: again !== undefined };
    const send: Send = (method, params, signal) =>
      this.#deps.client.request({ method, params: { ...params, _meta } }, ANYTHING, { ...options, signal });
    try {
      const answer = await outcomeOf(await send(method, { ...params, ...again }, ask.signal), ask, send);
      if (ask.settled) await ask.settled;
      return answer;
    } catch (cause) {
      throw ask.ended ?? cause;
    } finally {
      ask.close();
      this.#asks.delete(token);
    }
  }

  /**
   * What the server asks of the caller goes to the caller of the newest request that has one. Which request it is about it
   * does not say: where each has a caller of its own, several at once can't be told from one another.
   */
  async askPeer(method: string, params: object, signal: AbortSignal): Promise<object> {
    const ask = this.#newest((each) => each.peer !== undefined);
    const apart = ask?.peer?.again !== undefined;
    if (apart && this.#newest((each) => each !== ask && each.peer !== undefined))
      throw new BrokerError("mcp_rejected", "Several calls are under way: which one asks can't be told");
    const peer: Peer | undefined = ask?.peer;
    if (ask === undefined || peer === undefined) throw new BrokerError("mcp_rejected", "No call is under way");
    return ask.hold(() => peer.ask(method, params, AbortSignal.any([signal, ask.signal])));
  }

  /** `lost`: nobody is there to be told that the session ends. */
  async close({ lost = false } = {}): Promise<void> {
    const { transport, client } = this.#deps;
    const polite = !lost && !this.#closed && transport.terminateSession !== undefined;
    this.#closed = true;
    if (polite)
      await within(
        GOODBYE_MS,
        transport.terminateSession?.().catch(() => {}),
      );
    await client.close().catch(() => {});
  }

  /** True for what is told here and now. */
  #takes(message: JSONRPCMessage): boolean {
    if (!("method" in message)) {
      if ("id" in message && message.id !== undefined) return false;
      return true;
    }
    if ("id" in message) return false;
    const { method, params = {} } = message;
    switch (method) {
      case "notifications/progress": {
        const { progressToken, ...rest } = params; // ours, which nobody else has to know
        this.#asks.get(Number(progressToken))?.tell({ method, params: rest });
        return true;
      }
      case "notifications/tasks/status": {
        const ask = this.#newest(({ task }) => task !== undefined && task === params.taskId);
        ask?.tell(progressOf(++ask.steps, params.statusMessage));
        return true;
      }
      case "notifications/message":
        if (!this.#deps.shared) this.#newest((ask) => ask.listens)?.tell({ method, params });
        return true;
      case "notifications/resources/updated":
        if (typeof params.uri === "string") this.#deps.onNotice({ updated: params.uri });
        return true;
      default: {
        const list = /^notifications\/(tools|resources|prompts)\/list_changed$/.exec(method)?.[1];
        if (list !== undefined) this.#deps.onNotice(LIST_CHANGED[list as keyof typeof LIST_CHANGED]);
        return list !== undefined;
      }
    }
  }

  /** An answer that is longer than it may be becomes an error. */
  #within(message: JSONRPCMessage): JSONRPCMessage {
    if ("method" in message || message.id === undefined) return message;
    const open = this.#open.get(message.id);
    const most = this.#mostOf(open?.method);
    this.#open.delete(message.id);
    if (open?.ask && "result" in message) open.ask.task ??= taskIn(message.result);
    if ((this.#deps.transport.bytes ?? 0) <= most) return message;
    return errorFor(message.id, `the answer is longer than ${most} bytes`, TOO_LONG);
  }

  #opened(message: JSONRPCMessage, options: Parameters<Transport["send"]>[1]): Parameters<Transport["send"]>[1] {
    if (!("method" in message) || !("id" in message)) return options;
    const { id, method } = message;
    if (method === "subscriptions/listen") return options;
    const ask = this.#asks.get(Number(message.params?._meta?.progressToken));
    this.#open.set(id, { method, ask });
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value ?? id);
    const onRequestStreamEnd = (): void => {
      if (!this.#open.delete(id)) return;
      const why = this.#trouble === "" ? "" : `: ${this.#trouble}`;
      this.#deps.transport.onmessage?.(errorFor(id, `the stream ended without an answer${why}`, STREAM_ENDED));
    };
    const headers = {
      ...options?.headers,
      ...(this.modern ? ask?.headers : {}),
      [LIMIT_HEADER]: String(this.#mostOf(method)),
    };
    return { ...options, headers, onRequestStreamEnd };
  }

  #mostOf(method: string | undefined): number {
    return method?.endsWith("/list") ? this.#deps.mostListBytes : this.#deps.mostBytes;
  }

  #newest(fits: (ask: Ask) => boolean): Ask | undefined {
    return [...this.#asks.values()].findLast(fits);
  }
}

function errorFor(id: string | number, message: string, data: object): JSONRPCMessage {
  return { jsonrpc: "2.0", id, error: { code: -32_000, message, data } };
}
