// The broker's own connection to a server: it reads the lists, reads them again when the server says so or was away, and
// looks now and then whether the server is still there. Connected means that its lists were read. It never gives up: a
// server that comes back is found without anybody's help.

import type { ToolChange } from "../../core/tool.ts";
import type { McpState } from "../../generated/types.ts";
import { backoffMs } from "./backoff.ts";
import type { Connection, Notice } from "./connection.ts";
import { failureOf } from "./failure.ts";
import type { Listening } from "./open.ts";
import type { Stage } from "./standing.ts";

export interface KeeperDeps {
  readonly open: (listening: Listening, signal: AbortSignal) => Promise<Connection>;
  /** Reads the lists and puts them in force. */
  readonly read: (connection: Connection, wanted: ReadonlySet<ToolChange>) => Promise<void>;
  readonly entered: (state: McpState) => void;
  readonly failed: (stage: Stage, cause: unknown) => void;
  /** A resource changed. */
  readonly updated: (uri: string) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly pingMs: number;
  /** Between two looks. */
  readonly checkMs: number;
}

const ALL: ReadonlySet<ToolChange> = new Set(["tools", "resources", "prompts"] as const);
/** Failures in a row during which a server that was there counts as unstable. */
const PATIENCE = 2;
/** What changes within this time is read once; so is what changes too often. */
const GATHER_MS = 50;
const SELDOM_MS = 1000;

export class Keeper {
  readonly #deps: KeeperDeps;
  readonly #stopping = new AbortController();
  readonly #first = Promise.withResolvers<void>();
  readonly #changed = new Set<ToolChange>();
  #connection: Connection | undefined;
  #next = Promise.withResolvers<Connection>();
  #wakeUp: (() => void) | undefined;
  #woken = false;
  #wasThere = false;
  #ended: Promise<void> | undefined;
  /** Connections made again. */
  restarts = 0;

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
    this.#next.promise.catch(() => {});
  }

  start(): void {
    this.#ended ??= this.#run(this.#stopping.signal);
  }

  /** The first attempt has come to an end, well or not. */
  get tried(): Promise<void> {
    return this.#first.promise;
  }

  get connection(): Connection | undefined {
    return this.#connection?.closed === true ? undefined : this.#connection;
  }

  /** The connection, or that of the attempt that is made at once. */
  reach(): Connection | Promise<Connection> {
    const { connection } = this;
    if (connection !== undefined) return connection;
    this.wake();
    return this.#next.promise;
  }

  /** Looks at once; a list that changed is read again. */
  wake(changed?: ToolChange): void {
    if (changed !== undefined) this.#changed.add(changed);
    this.#woken = true;
    this.#wakeUp?.();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      let stage: Stage = "connect";
      try {
        this.#connection = await this.#deps.open(this.#listening(), signal);
        if (this.#wasThere) this.restarts++;
        stage = "list";
        await this.#deps.read(this.#connection, ALL);
        await this.#listen(this.#connection);
        this.#wasThere = true;
        failures = 0;
        this.#reached(this.#connection);
        stage = "transport";
        await this.#watch(this.#connection, signal);
      } catch (cause) {
        if (signal.aborted) break;
        failures++;
        this.#failed(stage, cause, failures);
      } finally {
        await this.#connection?.close({ lost: !signal.aborted });
        this.#connection = undefined;
      }
      await this.#pause(backoffMs(failures, this.#deps.random()));
    }
    this.#next.reject(new Lost("stopped"));
    this.#first.resolve();
  }

  #listening(): Listening {
    const onNotice = (notice: Notice): void => {
      if (typeof notice === "object") this.#deps.updated(notice.updated);
      else if (notice === "deaf") void this.#connection?.close().then(() => this.wake());
      else this.wake(notice === "trouble" ? undefined : notice);
    };
    return { onNotice, onClose: () => this.wake() };
  }

  /** In the newer era changes are told to those who ask for it. */
  async #listen({ client, modern }: Connection): Promise<void> {
    const { tools, resources, prompts } = client.getServerCapabilities() ?? {};
    if (!modern || !(tools?.listChanged || resources?.listChanged || prompts?.listChanged)) return;
    const filter = {
      ...(tools?.listChanged ? { toolsListChanged: true } : {}),
      ...(resources?.listChanged ? { resourcesListChanged: true } : {}),
      ...(prompts?.listChanged ? { promptsListChanged: true } : {}),
    };
    const subscription = await client.listen(filter, { timeout: this.#deps.pingMs }).catch(() => undefined);
    void subscription?.closed.then((why) => (why === "local" ? undefined : client.close()));
  }

  #reached(connection: Connection): void {
    this.#deps.entered("healthy");
    this.#next.resolve(connection);
    this.#next = Promise.withResolvers();
    this.#next.promise.catch(() => {});
    this.#first.resolve();
  }

  #failed(stage: Stage, cause: unknown, failures: number): void {
    this.#deps.failed(stage, cause);
    this.#deps.entered(this.#wasThere && failures <= PATIENCE ? "unstable" : "error");
    if (stage !== "transport") {
      this.#next.reject(cause);
      this.#next = Promise.withResolvers();
      this.#next.promise.catch(() => {});
    }
    this.#first.resolve();
  }

  /** Ends by rejecting when the connection is lost or doesn't answer twice. */
  async #watch(connection: Connection, signal: AbortSignal): Promise<void> {
    for (let readAt = 0, missed = 0; ; ) {
      await this.#pause(missed > 0 ? SELDOM_MS : this.#deps.checkMs);
      signal.throwIfAborted();
      if (connection.closed) throw new Lost(connection.fate);
      if (this.#changed.size > 0) {
        await this.#rest(performance.now() - readAt < SELDOM_MS ? SELDOM_MS : GATHER_MS);
        const wanted = new Set(this.#changed);
        this.#changed.clear();
        await this.#deps.read(connection, wanted);
        readAt = performance.now();
        continue;
      }
      missed = (await this.#answers(connection)) ? 0 : missed + 1;
      if (missed >= PATIENCE) throw new Lost("it does not answer");
      this.#deps.entered(missed > 0 ? "unstable" : "healthy");
    }
  }

  async #answers(connection: Connection): Promise<boolean> {
    try {
      await connection.ask(connection.modern ? "server/discover" : "ping", {}, {}, this.#deps.pingMs);
      return true;
    } catch (cause) {
      const failure = failureOf(cause, connection.hasSession);
      if (failure.kind === "mcp_rejected") return true; // it answers, if only that
      this.#deps.failed("ping", cause);
      if (failure.lost) throw cause;
      return false;
    }
  }

  /** Until it is woken. */
  async #pause(ms: number): Promise<void> {
    if (!this.#woken) await this.#rest(ms, true);
    this.#woken = false;
  }

  #rest(ms: number, wakeable = false): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#wakeUp = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms).unref();
      if (wakeable) this.#wakeUp = done;
    });
  }
}

/** The connection is gone. */
export class Lost extends Error {
  override readonly name = "Lost";

  constructor(fate = "the connection closed") {
    super(fate);
  }
}
