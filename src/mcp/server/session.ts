// One session of a client that began with a handshake (all versions before 2026-07-28): its requests under way, what it is
// asked in return, what it watches. Nothing of it is shared with another session, and its connections to servers end with it.

import { BrokerError } from "../../core/errors.ts";
import type { Peer, ToolChange } from "../../core/tool.ts";
import { answer } from "./answer.ts";
import { Ask, type Delivery, type Origin } from "./ask.ts";
import { Asks } from "./asks.ts";
import { Calls } from "./calls.ts";
import type { ServerDeps } from "./deps.ts";
import { instructionsOf, shakeHands } from "./handshake.ts";
import { isLevel, type Level } from "./level.ts";
import { Watches } from "./watch.ts";
import { type Message, notification, type Outlet, type Params, type Request } from "./wire.ts";
import type { Writer } from "./writer.ts";

export class Session {
  /** As servers behind the broker know it; no secret. */
  readonly owner: string;
  readonly principal: string;
  readonly server: string | undefined;
  version: string | undefined;
  /** Where what belongs to no request goes. */
  standing: Writer | undefined;
  /** Ends that stream. */
  #stop: (() => void) | undefined;
  #capabilities: Params = {};
  #level: Level = "debug";
  #closed = false;
  readonly #deps: ServerDeps;
  readonly #calls = new Calls();
  readonly #asks = new Asks();
  readonly #watches: Watches;

  constructor(deps: ServerDeps, owner: string, { principal, server }: Pick<Origin, "principal" | "server">) {
    this.#deps = deps;
    this.owner = owner;
    this.principal = principal.name;
    this.server = server;
    const changed = (params: object) => this.tell("notifications/resources/updated", params);
    this.#watches = new Watches({ dispatcher: deps.dispatcher, changed });
  }

  /** Requests under way. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  get heard(): boolean {
    return this.standing !== undefined;
  }

  /** The stream for what belongs to no request, in place of the one before; `stop` ends it. */
  attach(stream: Writer, stop: () => void): void {
    this.#stop?.();
    this.standing = stream;
    this.#stop = stop;
  }

  /** It is gone already. */
  detach(stream: Writer): void {
    if (this.standing !== stream) return;
    this.standing = undefined;
    this.#stop = undefined;
  }

  /** Resolves when a request has been answered; once the session has ended nothing happens. Never rejects. */
  async receive(message: Message, delivery: Delivery): Promise<void> {
    if (this.#closed) return;
    if (message.kind === "answer") this.#asks.settle(message);
    else if (message.kind === "request") {
      const answering = { deps: this.#deps, calls: this.#calls, outlet: delivery.outlet, era: "legacy" } as const;
      await answer(answering, message.id, (signal, requestId) => this.#result(message, delivery, signal, requestId));
    } else if (message.method === "notifications/cancelled") this.#calls.cancel(message.params.requestId);
  }

  /** The client that waits for this request has gone. */
  cancel(id: Request["id"]): void {
    this.#calls.cancel(id, new BrokerError("cancelled", "The client closed the connection"));
  }

  change(change: ToolChange): void {
    if (this.version !== undefined) void this.tell(`notifications/${change}/list_changed`);
  }

  tell(method: string, params?: object): Promise<void> | undefined {
    return this.standing?.send(notification(method, params));
  }

  /** Told when nothing is under way any more. */
  whenIdle(told: () => void): void {
    this.#calls.whenIdle(told);
  }

  close(reason = new BrokerError("cancelled", "The session has ended")): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#calls.cancelAll(reason);
    this.#asks.close(reason);
    this.#watches.close();
    this.standing = undefined;
    this.#stop?.();
    this.#stop = undefined;
    this.#deps.tools.forget(this.owner);
  }

  async #result(request: Request, delivery: Delivery, signal: AbortSignal, requestId: string): Promise<object> {
    const { method, params } = request;
    if (method === "ping") return {};
    if (method === "initialize") return this.#initialize(params);
    if (this.version === undefined) throw new BrokerError("invalid_request", "`initialize` comes first");
    const peer = this.#peer(delivery.outlet);
    switch (method) {
      case "logging/setLevel":
        return this.#setLevel(params);
      case "resources/subscribe":
        await this.#watches.add(uriOf(params), delivery, peer, requestId);
        return {};
      case "resources/unsubscribe":
        this.#watches.delete(uriOf(params));
        return {};
    }
    const { dispatcher, offer } = this.#deps;
    const handle = Object.hasOwn(offer, method) ? offer[method] : undefined;
    if (!handle) throw new BrokerError("method_not_found", `No method is called "${method.slice(0, 128)}"`);
    const about = { ...delivery, era: "legacy", params, requestId, signal, level: this.#level } as const;
    return handle(new Ask({ ...about, dispatcher, peer }));
  }

  #initialize(params: Params): object {
    if (this.version !== undefined) throw new BrokerError("invalid_request", "The session has begun already");
    const { version, capabilities, result } = shakeHands(params, instructionsOf(this.#deps.tools, this.server));
    this.version = version;
    this.#capabilities = capabilities;
    return result;
  }

  #setLevel({ level }: Params): object {
    if (!isLevel(level)) throw new BrokerError("invalid_params", "/level: no such level", { param: "/level" });
    this.#level = level;
    return {};
  }

  #peer(outlet: Outlet): Peer {
    return {
      session: this.owner,
      capabilities: this.#capabilities,
      ask: (method, params, signal) => this.#asks.ask(outlet, method, params, signal),
    };
  }
}

function uriOf({ uri }: Params): string {
  if (typeof uri === "string") return uri;
  throw new BrokerError("invalid_params", "/uri: must be string", { param: "/uri" });
}
