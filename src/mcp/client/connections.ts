// The connections of callers to one server: each owner has its own, made at first use, closed when nobody has used it for a
// while. Bounded: where there is no room the one that was idle longest goes, and where none is idle the caller is refused.

import { BrokerError } from "../../core/errors.ts";
import type { Peer } from "../../core/tool.ts";
import type { Connection } from "./connection.ts";

export interface ConnectionsDeps {
  readonly most: number;
  readonly open: (owner: string, peer: Peer | undefined, onClose: () => void) => Promise<Connection>;
  /** Milliseconds of a clock that does not go back. */
  readonly ticks: () => number;
  /** For how long nothing is tried after so many failures in a row: programs cost more than a refused connection. */
  readonly coolMs: (failures: number) => number;
}

interface Held {
  readonly opening: Promise<Connection>;
  connection: Connection | undefined;
  usedAt: number;
  /** Reasons to keep it open without a request: subscriptions. */
  pins: number;
}

export const IDLE_MS = 5 * 60_000;

export class Connections {
  readonly #deps: ConnectionsDeps;
  /** The least recently used first. */
  readonly #held = new Map<string, Held>();
  #failures = 0;
  #failedAt = 0;
  #failure: unknown;

  constructor(deps: ConnectionsDeps) {
    this.#deps = deps;
  }

  get size(): number {
    return this.#held.size;
  }

  /** An open one, at once; else a new one. Rejects with what `open` rejects with, and `mcp_server_unavailable`. */
  for(owner: string, peer: Peer | undefined): Connection | Promise<Connection> {
    const held = this.#held.get(owner);
    if (held !== undefined) {
      if (held.connection?.closed !== true) {
        held.usedAt = this.#deps.ticks();
        this.#held.delete(owner);
        this.#held.set(owner, held);
        return held.connection ?? held.opening;
      }
      this.#held.delete(owner);
    }
    return this.#open(owner, peer);
  }

  /** Not used again, by anybody. */
  drop(connection: Connection): void {
    for (const [owner, held] of this.#held) if (held.connection === connection) this.#held.delete(owner);
    void connection.close({ lost: true });
  }

  forget(owner: string): void {
    const held = this.#held.get(owner);
    this.#held.delete(owner);
    void held?.opening.then((connection) => connection.close()).catch(() => {});
  }

  /** Keeps the owner's connection open; the answer lets it go. */
  pin(connection: Connection): () => void {
    const held = [...this.#held.values()].find((each) => each.connection === connection);
    if (held !== undefined) held.pins++;
    return () => {
      if (held !== undefined) held.pins--;
    };
  }

  /** To be called now and then. */
  sweep(): void {
    const now = this.#deps.ticks();
    for (const [owner, held] of this.#held) {
      if (!isIdle(held)) held.usedAt = now;
      else if (held.usedAt <= now - IDLE_MS) this.forget(owner);
    }
  }

  async close(): Promise<void> {
    const all = [...this.#held.values()];
    this.#held.clear();
    await Promise.allSettled(all.map(async ({ opening }) => (await opening).close()));
  }

  #open(owner: string, peer: Peer | undefined): Promise<Connection> {
    const coolMs = this.#failures === 0 ? 0 : this.#deps.coolMs(this.#failures);
    if (this.#deps.ticks() < this.#failedAt + coolMs) return Promise.reject(this.#failure);
    if (this.#held.size >= this.#deps.most) this.#makeRoom();
    const opening = this.#deps.open(owner, peer, () => this.#lost(owner, held));
    const held: Held = { opening, connection: undefined, usedAt: this.#deps.ticks(), pins: 0 };
    this.#held.set(owner, held);
    opening.then(
      (connection) => {
        held.connection = connection;
        this.#failures = 0;
        if (connection.closed) this.#lost(owner, held);
      },
      (cause) => {
        this.#failures++;
        this.#failedAt = this.#deps.ticks();
        this.#failure = cause;
        this.#lost(owner, held);
      },
    );
    return opening;
  }

  #lost(owner: string, held: Held): void {
    if (this.#held.get(owner) === held) this.#held.delete(owner);
  }

  #makeRoom(): void {
    const idle = [...this.#held].find(([, held]) => isIdle(held));
    if (idle === undefined) {
      throw new BrokerError("mcp_server_unavailable", "All connections to this server are in use", {
        retry_after_ms: 1000,
      });
    }
    this.forget(idle[0]);
  }
}

function isIdle({ connection, pins }: Held): boolean {
  return connection !== undefined && connection.busy === 0 && pins === 0;
}
