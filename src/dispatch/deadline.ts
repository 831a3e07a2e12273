// The caller's deadline as a signal: aborted when it has passed, or when the caller's own signal is.

import { BrokerError } from "../core/errors.ts";
import { JoinedSignal } from "../core/joined-signal.ts";

export class DeadlineSignal extends JoinedSignal {
  readonly #timer: NodeJS.Timeout;

  constructor(caller: AbortSignal, ms: number) {
    super(caller);
    this.#timer = setTimeout(() => this.abort(new BrokerError("deadline_exceeded")), ms);
  }

  override end(): void {
    clearTimeout(this.#timer);
    super.end();
  }
}
