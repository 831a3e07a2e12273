// The requests of one client that are under way, by id: so that it can cancel them, and so that they end with it.

import { BrokerError } from "../../core/errors.ts";
import type { Id } from "./wire.ts";

/** Of one session or connection; its subscriptions are not counted. */
const MOST = 256;

export class Calls {
  readonly #open = new Map<Id, AbortController>();
  #idle: (() => void) | undefined;

  get size(): number {
    return this.#open.size;
  }

  /** Throws `invalid_request` for an id that is under way, or `overloaded`. `end` must follow. */
  begin(id: Id): AbortSignal {
    if (this.#open.has(id)) throw new BrokerError("invalid_request", "A request with this id is under way");
    if (this.#open.size >= MOST) throw new BrokerError("overloaded", `At most ${MOST} requests at once`);
    const controller = new AbortController();
    this.#open.set(id, controller);
    return controller.signal;
  }

  end(id: Id): void {
    this.#open.delete(id);
    if (this.#open.size === 0) this.#idle?.();
  }

  /** An id that is not under way is no fault: its answer is on the way. */
  cancel(id: unknown, reason = new BrokerError("cancelled")): void {
    this.#open.get(id as Id)?.abort(reason);
  }

  cancelAll(reason: BrokerError): void {
    for (const controller of this.#open.values()) controller.abort(reason);
  }

  /** Told once, when nothing is under way any more; at once where nothing is. */
  whenIdle(told: () => void): void {
    this.#idle = told;
    if (this.#open.size === 0) told();
  }
}
