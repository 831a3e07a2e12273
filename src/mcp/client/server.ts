// One MCP server behind the broker: its state, what it offers, and requests to it on the connections of its callers. A
// request is made again, once, where the server surely had not begun it or says that twice does no harm.

import { BrokerError } from "../../core/errors.ts";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import type { ToolChange, ToolOrder } from "../../core/tool.ts";
import type { McpServer } from "../../generated/types.ts";
import { abortable } from "../abortable.ts";
import { isTooDeep } from "../depth.ts";
import type { Asker } from "./ask.ts";
import { backoffMs } from "./backoff.ts";
import type { Connection, Notice } from "./connection.ts";
import { Connections } from "./connections.ts";
import { failureOf, toBrokerError } from "./failure.ts";
import { Keeper, Lost } from "./keeper.ts";
import type { Lists } from "./lists.ts";
import { Offered } from "./offered.ts";
import { type Known, type Listening, type OpenDeps, openConnection } from "./open.ts";
import { Standing, type StandingDeps } from "./standing.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface ServerDeps extends OpenDeps, Omit<StandingDeps, "settings"> {
  /** Milliseconds of a clock that does not go back. */
  readonly ticks: () => number;
  readonly random: () => number;
  readonly changed: (change: ToolChange) => void;
  /** Between two looks at a server, where it isn't the usual. */
  readonly checkMs?: number | undefined;
}

const CHECK_MS = 30_000;
const MOST_PING_MS = 10_000;
const MOST_PROGRAMS = 32;
/** Between two tries to start a program for a caller. */
const MOST_COOL_MS = 2000;
const MOST_SESSIONS = 256;
/** Between two tries to reach a server for those who want its tools. */
const SOONEST_MS = 1000;

export class Server {
  readonly settings: McpServerSettings;
  readonly #deps: ServerDeps;
  readonly #offered: Offered;
  readonly #known: Known = {};
  readonly #callers: Connections;
  readonly #subscriptions: Subscriptions;
  readonly #stopping = new AbortController();
  #keeper: Keeper;
  readonly #standing: Standing;
  #restarts = 0;
  #awaitedAt = Number.NEGATIVE_INFINITY;
  #restarting: Promise<void> | undefined;

  constructor(settings: McpServerSettings, deps: ServerDeps) {
    this.settings = settings;
    this.#deps = deps;
    this.#offered = new Offered(settings, deps.changed);
    this.#standing = new Standing({ ...deps, settings });
    this.#callers = new Connections({
      most: settings.transport === "stdio" ? MOST_PROGRAMS : MOST_SESSIONS,
      ticks: deps.ticks,
      coolMs: (failures) => (settings.transport === "stdio" ? Math.min(MOST_COOL_MS, backoffMs(failures, 1)) : 0),
      open: (owner, peer, onClose) => {
        const listening = { onNotice: (notice: Notice) => this.#hear(owner, notice), onClose };
        return openConnection(settings, deps, this.#known, peer, listening, this.#stopping.signal);
      },
    });
    this.#subscriptions = new Subscriptions({
      connect: (order) => this.#connect(order),
      pin: (connection) => this.#callers.pin(connection),
      random: deps.random,
      timeoutMs: settings.timeoutMs,
    });
    this.#keeper = this.#newKeeper();
    if (settings.fault !== undefined && !settings.disabled) this.#standing.fail("config", settings.fault);
  }

  /** As they were last read. */
  get lists(): Lists {
    return this.#offered.lists;
  }

  /** Resolves when the first attempt to connect has ended, well or not. */
  async start(): Promise<void> {
    const { disabled, fault } = this.settings;
    if (disabled) return;
    if (fault !== undefined) return this.#standing.enter("error");
    this.#keeper.start();
    await this.#keeper.tried;
  }

  /** Of several at once there is one. */
  restart(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = undefined;
    });
    return this.#restarting;
  }

  async #restart(): Promise<void> {
    await Promise.all([this.#keeper.stop(), this.#callers.close()]);
    if (this.#stopping.signal.aborted) return;
    this.#restarts += this.#keeper.restarts + 1;
    this.#keeper = this.#newKeeper();
    if (!this.settings.disabled) this.#standing.enter("connecting");
    await this.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Lost("the server was taken out of the configuration"));
    this.#subscriptions.close();
    await Promise.all([this.#keeper.stop(), this.#callers.close()]);
  }

  forget(owner: string): void {
    this.#callers.forget(owner);
  }

  /** What it offers is not known yet, and somebody wants it: it is tried again soon, whatever its backoff. */
  isAwaited(): boolean {
    const { disabled, fault } = this.settings;
    if (!this.#offered.unread || disabled || fault !== undefined) return false;
    if (this.#deps.ticks() - this.#awaitedAt >= SOONEST_MS) {
      this.#awaitedAt = this.#deps.ticks();
      this.#keeper.wake();
    }
    return true;
  }

  /** Closes what nobody has used for long. */
  sweep(): void {
    this.#callers.sweep();
  }

  /** `harmless`: it may be made twice. Rejects as `ToolServers` says. */
  async ask(method: string, params: object, order: ToolOrder & Asker, harmless: boolean): Promise<object> {
    let begun: BrokerError | undefined;
    for (let again = false; ; again = true) {
      let connection: Connection;
      try {
        // The caller does not wait for a connection that it no longer wants.
        const got = this.#connect(order);
        connection = got instanceof Promise ? await abortable(got, order.signal) : got;
      } catch (cause) {
        // A server that can't be reached again may have done its work nevertheless.
        throw order.signal.aborted ? cause : (begun ?? cause);
      }
      try {
        const answer = await answerOf(connection.ask(method, params, order, this.settings.timeoutMs));
        order.onBegun?.();
        return answer;
      } catch (cause) {
        const isOver = order.signal.aborted || cause instanceof BrokerError;
        if (isOver) order.onBegun?.();
        if (order.signal.aborted) throw order.signal.reason;
        if (isOver) {
          this.#keeper.wake(); // no answer in time: is it still there?
          throw cause;
        }
        const failure = failureOf(cause, connection.hasSession);
        if (failure.kind !== "mcp_rejected") this.#standing.fail("call", failure.message);
        if (failure.lost) this.#lose(connection);
        if (failure.begun) order.onBegun?.();
        const told = connection.fate === undefined ? failure : { ...failure, message: connection.fate };
        const error = toBrokerError(told, this.settings.secrets);
        if (again || !failure.lost || (failure.begun && !harmless)) throw error;
        if (failure.begun) begun = error;
      }
    }
  }

  /** Resolves once subscribed, with what ends it. */
  subscribe(uri: string, order: ToolOrder): Promise<() => Promise<void>> {
    return this.#subscriptions.add(uri, order);
  }

  get shown(): McpServer {
    return {
      name: this.settings.name,
      transport: this.#known.sse ? "sse" : this.settings.transport,
      state: this.#standing.state,
      ...this.#offered.shown,
      connections: this.#callers.size + (this.#keeper.connection ? 1 : 0),
      restarts: this.#restarts + this.#keeper.restarts,
      ...this.#standing.shown,
    };
  }

  #newKeeper(): Keeper {
    const { connectTimeoutMs } = this.settings;
    return new Keeper({
      open: (listening: Listening, signal) =>
        openConnection(this.settings, this.#deps, this.#known, undefined, listening, signal),
      read: (connection, wanted) => this.#offered.read(connection, wanted),
      entered: (state) => this.#standing.enter(state),
      updated: (uri) => this.#subscriptions.updated(undefined, uri),
      failed: (stage, cause) => this.#standing.fail(stage, failureOf(cause).message),
      random: this.#deps.random,
      pingMs: Math.min(MOST_PING_MS, connectTimeoutMs),
      checkMs: this.#deps.checkMs ?? CHECK_MS,
    });
  }

  /** Rejects with `mcp_server_unavailable`. */
  #connect({ owner, peer }: ToolOrder): Connection | Promise<Connection> {
    const { disabled, fault, shared } = this.settings;
    if (disabled) throw new BrokerError("mcp_server_unavailable", "The MCP server is disabled");
    if (fault !== undefined) throw new BrokerError("mcp_server_unavailable", fault);
    const got = shared ? this.#keeper.reach() : this.#callers.for(owner, peer);
    return got instanceof Promise
      ? got.then(
          (connection) => this.#met(connection),
          (cause) => this.#unmet(cause),
        )
      : got;
  }

  /** A caller was quicker to find that the server is back. */
  #met(connection: Connection): Connection {
    if (this.#standing.state !== "healthy") this.#keeper.wake();
    return connection;
  }

  #unmet(cause: unknown): never {
    if (cause instanceof BrokerError) throw cause;
    const { message } = failureOf(cause);
    this.#standing.fail("connect", message);
    throw toBrokerError({ ...failureOf(cause), kind: "mcp_server_unavailable" }, this.settings.secrets);
  }

  #lose(connection: Connection): void {
    if (connection === this.#keeper.connection) void connection.close({ lost: true });
    else this.#callers.drop(connection);
    this.#keeper.wake();
  }

  #hear(owner: string, notice: Notice): void {
    if (typeof notice === "object") this.#subscriptions.updated(owner, notice.updated);
    else if (notice !== "trouble" && notice !== "deaf") this.#keeper.wake(notice);
  }
}

async function answerOf(asking: Promise<object>): Promise<object> {
  const answer = await asking;
  if (isTooDeep(answer)) throw new BrokerError("mcp_server_failed", "the answer is nested too deep");
  return answer;
}
