// A signal of one call's own that the caller's signal aborts too. It listens itself, so that it costs no closure, and it
// leaves nothing on the caller's signal once it has ended.

export class JoinedSignal {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;

  /** `end` must be called on every way out. */
  constructor(caller: AbortSignal) {
    this.#caller = caller;
    if (caller.aborted) this.handleEvent();
    else caller.addEventListener("abort", this);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#controller.abort(this.#caller.reason);
  }

  end(): void {
    this.#caller.removeEventListener("abort", this);
  }

  protected abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
