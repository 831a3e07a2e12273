// Who wants to hear of changes of a server's resources. Subscriptions outlive their connection: when it is lost they are
// made again on the next one. Whoever reads slowly hears of several changes as one.

import type { ToolOrder } from "../../core/tool.ts";
import { backoffMs } from "./backoff.ts";
import type { Connection } from "./connection.ts";

export interface SubscriptionsDeps {
  readonly connect: (order: ToolOrder) => Connection | Promise<Connection>;
  readonly pin: (connection: Connection) => () => void;
  readonly random: () => number;
  readonly timeoutMs: number;
}

interface Held {
  readonly uri: string;
  readonly order: ToolOrder;
  release: (() => Promise<void>) | undefined;
  telling: boolean;
  again: boolean;
  ended: boolean;
}

/** Looks whether the connection of a subscription is still there. */
const LOOK_MS = 1000;

export class Subscriptions {
  readonly #deps: SubscriptionsDeps;
  readonly #held = new Set<Held>();

  constructor(deps: SubscriptionsDeps) {
    this.#deps = deps;
  }

  /** Rejects with what the server rejects with. */
  async add(uri: string, order: ToolOrder): Promise<() => Promise<void>> {
    const held: Held = { uri, order, release: undefined, telling: false, again: false, ended: false };
    this.#held.add(held);
    try {
      await this.#begin(held);
    } catch (cause) {
      this.#held.delete(held);
      throw cause;
    }
    return () => this.#end(held);
  }

  /** A server may tell of a part of the resource. Without an owner it tells all. */
  updated(owner: string | undefined, uri: string): void {
    for (const held of this.#held) {
      const own = owner === undefined || held.order.owner === owner;
      if (own && (uri === held.uri || uri.startsWith(`${held.uri}/`))) this.#tell(held, uri);
    }
  }

  close(): void {
    for (const held of this.#held) held.ended = true;
    this.#held.clear();
  }

  async #begin(held: Held): Promise<void> {
    const connection = await this.#deps.connect(held.order);
    const { uri } = held;
    let release: () => Promise<unknown>;
    if (connection.modern) {
      const listening = await connection.client.listen(
        { resourceSubscriptions: [uri] },
        { timeout: this.#deps.timeoutMs },
      );
      release = () => listening.close();
    } else {
      await connection.ask("resources/subscribe", { uri }, { signal: held.order.signal }, this.#deps.timeoutMs);
      release = async () => {
        if (this.#others(held)) return;
        await connection.ask("resources/unsubscribe", { uri }, {}, LOOK_MS);
      };
    }
    const unpin = this.#deps.pin(connection);
    const timer = setInterval(() => connection.closed && this.#resume(held), LOOK_MS).unref();
    held.release = async () => {
      clearInterval(timer);
      unpin();
      if (!connection.closed) await release().catch(() => {});
    };
    if (held.ended) await held.release();
  }

  async #resume(held: Held): Promise<void> {
    await held.release?.();
    held.release = undefined;
    for (let failures = 1; !held.ended; failures++) {
      try {
        await this.#begin(held);
        return this.#tell(held, held.uri); // it may have changed meanwhile
      } catch {
        await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, this.#deps.random())).unref());
      }
    }
  }

  #others(held: Held): boolean {
    return [...this.#held].some(({ uri, order }) => uri === held.uri && order.owner === held.order.owner);
  }

  #tell(held: Held, uri: string): void {
    if (held.telling) {
      held.again = true;
      return;
    }
    const told = held.order.onProgress?.({ method: "notifications/resources/updated", params: { uri } });
    if (told === undefined) return;
    held.telling = true;
    const done = (): void => {
      held.telling = false;
      if (!held.again || held.ended) return;
      held.again = false;
      this.#tell(held, uri);
    };
    told.then(done, done);
  }

  async #end(held: Held): Promise<void> {
    held.ended = true;
    this.#held.delete(held);
    await held.release?.();
  }
}
