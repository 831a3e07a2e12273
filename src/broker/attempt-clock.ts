// The time that a model's configuration gives one upstream call: until its first token, and in all. Made only where the
// configuration gives any.

import { JoinedSignal } from "../core/joined-signal.ts";
import type { Model } from "../core/model.ts";
import { ProviderFailure } from "../core/provider.ts";

export class AttemptClock extends JoinedSignal {
  readonly #first: NodeJS.Timeout | undefined;
  readonly #total: NodeJS.Timeout | undefined;
  #expired: string | undefined;

  constructor(caller: AbortSignal, { firstTokenMs, totalMs }: Model["timeouts"]) {
    super(caller);
    this.#first = this.#timer(firstTokenMs, "no token");
    this.#total = this.#timer(totalMs, "no whole answer");
  }

  gotToken(): void {
    clearTimeout(this.#first);
  }

  override end(): void {
    clearTimeout(this.#first);
    clearTimeout(this.#total);
    super.end();
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
      this.abort();
    }, ms);
  }
}
