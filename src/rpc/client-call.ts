// One call that a client waits for: its result, and where it streams the values that nobody has taken yet.

import type { RpcError } from "./rpc-error.ts";

/** Values that may wait before the connection is no longer read. */
const MAX_VALUES = 1024;

export class ClientCall {
  readonly id: number;
  readonly result: Promise<unknown>;
  settled = false;
  #resolve!: (result: unknown) => void;
  #reject!: (error: RpcError) => void;
  #values: unknown[] = [];
  #wake: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(id: number) {
    this.id = id;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A stream's reader that left early asks for no result; its rejection is then nobody's.
    this.result.catch(() => {});
  }

  /** Calls `cancel` when `signal` aborts, as long as the call is under way. */
  cancelOn(signal: AbortSignal | undefined, cancel: () => void): void {
    if (!signal) return;
    signal.addEventListener("abort", cancel, { once: true });
    this.#stopListening = () => signal.removeEventListener("abort", cancel);
    if (signal.aborted) cancel();
  }

  /** True while more values may come. */
  add(value: unknown): boolean {
    this.#values.push(value);
    this.#wake?.();
    return this.#values.length < MAX_VALUES;
  }

  take(): readonly unknown[] {
    const values = this.#values;
    if (values.length > 0) this.#values = [];
    return values;
  }

  /** Resolves at the next value or at the end. */
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.settled || this.#values.length > 0) resolve();
    });
  }

  settle(answer: { readonly result: unknown } | { readonly error: RpcError }): void {
    this.settled = true;
    this.#stopListening?.();
    if ("error" in answer) this.#reject(answer.error);
    else this.#resolve(answer.result);
    this.#wake?.();
  }
}
