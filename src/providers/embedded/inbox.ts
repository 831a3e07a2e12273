// Where a call's deltas wait for its reader. Holds at most a window of them, because the model's thread waits to hear
// what was taken.

import type { ProviderFailure } from "../../core/provider.ts";
import { type Delta, type Spent, WINDOW } from "./protocol.ts";

/** Taken deltas are told in batches, which never leaves the thread waiting: it stops only at a whole window. */
const TOLD_AT_ONCE = WINDOW / 4;

export interface Delivery {
  readonly deltas: readonly Delta[];
  /** Set on the last delivery. */
  readonly spent: Spent | undefined;
}

export class Inbox {
  readonly id: number;
  /** Something reached the reader. */
  started = false;
  readonly #tell: (count: number) => void;
  #deltas: Delta[] = [];
  #spent: Spent | undefined;
  #failure: ProviderFailure | undefined;
  #untold = 0;
  #wake: (() => void) | undefined;

  /** `tell` hears how many deltas were taken. */
  constructor(id: number, tell: (count: number) => void) {
    this.id = id;
    this.#tell = tell;
  }

  /** The thread has said all. */
  get finished(): boolean {
    return this.#spent !== undefined;
  }

  put(deltas: readonly Delta[], spent: Spent | undefined): void {
    if (this.#failure) return;
    this.#deltas.push(...deltas);
    this.#spent = spent;
    this.#ring();
  }

  /** What was not taken yet is lost. The first failure counts. */
  fail(failure: ProviderFailure): void {
    this.#failure ??= failure;
    this.#ring();
  }

  /** Nothing to take: wait first. */
  get empty(): boolean {
    return this.#deltas.length === 0 && !this.finished && !this.#failure;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** All that has arrived. Throws the failure. */
  take(): Delivery {
    if (this.#failure) throw this.#failure;
    const deltas = this.#deltas;
    this.#deltas = [];
    this.started = true;
    this.#untold += deltas.length;
    if (this.#untold >= TOLD_AT_ONCE && !this.finished) {
      this.#tell(this.#untold);
      this.#untold = 0;
    }
    return { deltas, spent: this.#spent };
  }

  #ring(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
