// The caller's deadline as a signal: aborted when it has passed, or when the caller's own signal is.

import { BrokerError } from "../core/errors.ts";

export class DeadlineSignal {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  /** `end` must be called when the call is over. */
  constructor(caller: AbortSignal, ms: number) {
    this.#caller = caller;
    this.#timer = setTimeout(() => this.#controller.abort(new BrokerError("deadline_exceeded")), ms);
    if (caller.aborted) this.handleEvent();
    else caller.addEventListener("abort", this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  handleEvent(): void {
    this.#controller.abort(this.#caller.reason);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this);
  }
}
