// What all entries' calls can do: be given up by their client. The signal of it is made when somebody asks for it, for most
// calls never do.

import type { BrokerError } from "../core/errors.ts";

export abstract class Cancellable {
  #controller: AbortController | undefined;
  #reason: BrokerError | undefined;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#reason) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** The first reason counts. */
  protected abort(reason: BrokerError): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }
}
