// The time that a model's configuration gives one upstream call: until its first token, and in all. Made only where the
// configuration gives any.

import type { Model } from "../core/model.ts";
import { ProviderFailure } from "../core/provider.ts";

export class AttemptClock {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #first: NodeJS.Timeout | undefined;
  readonly #total: NodeJS.Timeout | undefined;
  #expired: string | undefined;

  /** `end` must be called on every way out. */
  constructor(caller: AbortSignal, { firstTokenMs, totalMs }: Model["timeouts"]) {
    this.#caller = caller;
    this.#first = this.#timer(firstTokenMs, "no token");
    this.#total = this.#timer(totalMs, "no whole answer");
    if (caller.aborted) this.handleEvent();
    else caller.addEventListener("abort", this);
  }

  /** Aborted by the caller's signal too. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  handleEvent(): void {
    this.#controller.abort(this.#caller.reason);
  }

  gotToken(): void {
    clearTimeout(this.#first);
  }

  end(): void {
    clearTimeout(this.#first);
    clearTimeout(this.#total);
    this.#caller.removeEventListener("abort", this);
  }

  /** An abort that was this clock's is a timeout of the provider. */
  judge(failure: unknown): unknown {
    const mine = this.#expired !== undefined && failure instanceof ProviderFailure && failure.kind === "aborted";
    return mine ? new ProviderFailure("timeout", `${this.#expired} in time`, { cause: failure }) : failure;
  }

  #timer(ms: number | undefined, expired: string): NodeJS.Timeout | undefined {
    if (ms === undefined) return undefined;
    return setTimeout(() => {
      this.#expired = expired;
      this.#controller.abort();
    }, ms);
  }
}
