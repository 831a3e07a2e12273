// One request to a server while it is under way: its time limit, which progress begins anew and which stands still while the
// caller is asked something; what the server tells of it meanwhile, in order; the caller's cancelling.

import { BrokerError } from "../../core/errors.ts";
import type { ToolOrder } from "../../core/tool.ts";
import type { McpProgress } from "../../generated/types.ts";

export interface Asker extends Partial<Pick<ToolOrder, "signal" | "onProgress" | "peer">> {
  /** Beside those that every request has; only HTTP has a place for them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Progress begins the time limit anew, this many times in all: a server does not keep a call for ever. */
const MOST_LIMITS = 10;
/** Notifications that wait for a caller that reads slowly; what comes then is passed over. */
const MOST_WAITING = 256;

export class Ask {
  readonly peer: Asker["peer"];
  readonly headers: Asker["headers"];
  /** Id of the server's task that the answer comes from. */
  task: string | undefined;
  /** States of it that were told. */
  steps = 0;
  readonly #asker: Asker;
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #onAbort = (): void => this.#controller.abort();
  #timer: NodeJS.Timeout;
  /** Milliseconds of `performance.now`. */
  #latest: number;
  #held = 0;
  #waiting = 0;
  #told: Promise<void> | undefined;
  #late = false;

  constructor(asker: Asker, timeoutMs: number) {
    this.#asker = asker;
    this.peer = asker.peer;
    this.headers = asker.headers;
    this.#timeoutMs = timeoutMs;
    this.#timer = setTimeout(() => this.#expire(), timeoutMs);
    this.#latest = performance.now() + MOST_LIMITS * timeoutMs;
    asker.signal?.addEventListener("abort", this.#onAbort);
    if (asker.signal?.aborted) this.#controller.abort();
  }

  /** Aborted by the caller or by the time limit: the request is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get listens(): boolean {
    return this.#asker.onProgress !== undefined;
  }

  /** What the server tells of this request. */
  tell(value: McpProgress): void {
    if (performance.now() < this.#latest) this.#timer.refresh();
    const { onProgress } = this.#asker;
    if (onProgress === undefined || this.#waiting >= MOST_WAITING || this.signal.aborted) return;
    if (this.#told === undefined) {
      const promise = onProgress(value);
      if (promise !== undefined) this.#wait(promise);
      return;
    }
    this.#waiting++;
    const next = this.#told.then(() => {
      this.#waiting--;
      return onProgress(value);
    });
    this.#wait(next);
  }

  /** Time stands still meanwhile. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held++;
    clearTimeout(this.#timer);
    const heldAt = performance.now();
    try {
      return await work();
    } finally {
      this.#latest += performance.now() - heldAt;
      if (--this.#held === 0 && !this.signal.aborted) {
        this.#timer = setTimeout(() => this.#expire(), this.#timeoutMs);
      }
    }
  }

  /** All that was told has reached the caller. */
  get settled(): Promise<void> | undefined {
    return this.#told;
  }

  /** Why the request was ended from our side, if it was. */
  get ended(): unknown {
    if (this.#asker.signal?.aborted) return this.#asker.signal.reason;
    return this.#late ? new BrokerError("mcp_server_timeout") : undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asker.signal?.removeEventListener("abort", this.#onAbort);
  }

  #wait(promise: Promise<void>): void {
    const settled = promise.then(
      () => {},
      () => {},
    );
    this.#told = settled;
    void settled.then(() => {
      if (this.#told === settled) this.#told = undefined;
    });
  }

  #expire(): void {
    this.#late = true;
    this.#controller.abort();
  }
}
