// Counts over the last minute, in steps of a second, so that no 60 seconds ever hold more than the limit. A window takes
// the same memory however much it counts. Times are those of a clock that never goes back.

const SLOTS = 61;

export class MinuteWindow {
  /** Counted within the last minute. */
  total = 0;
  readonly #slots = new Float64Array(SLOTS);
  #second = 0;
  #newest = 0;

  /** Counts; gives what `correct` wants to know later. */
  take(amount: number, nowMs: number): number {
    this.#advance(nowMs);
    this.#slots[this.#second % SLOTS]! += amount;
    this.total += amount;
    this.#newest = this.#second;
    return this.#second;
  }

  /** What was taken then turns out to be more or less; what has left the window is not touched. */
  correct(taken: number, difference: number, nowMs: number): void {
    this.#advance(nowMs);
    if (taken <= this.#second - SLOTS) return;
    this.#slots[taken % SLOTS]! += difference;
    this.total += difference;
  }

  /** Milliseconds until `amount` more stays within `limit`; 0: now. An amount above the limit waits for an empty window. */
  waitMs(amount: number, limit: number, nowMs: number): number {
    this.#advance(nowMs);
    let left = this.total;
    if (left === 0 || left + amount <= limit) return 0;
    for (let second = this.#second - SLOTS + 1; second <= this.#second; second++) {
      left -= this.#slots[((second % SLOTS) + SLOTS) % SLOTS]!;
      if (left <= 0 || left + amount <= limit) return (second + SLOTS) * 1000 - nowMs;
    }
    return SLOTS * 1000;
  }

  /** Milliseconds until nothing is counted any more. */
  resetMs(nowMs: number): number {
    this.#advance(nowMs);
    return this.total > 0 ? (this.#newest + SLOTS) * 1000 - nowMs : 0;
  }

  #advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const passed = second - this.#second;
    if (passed <= 0) return;
    if (passed >= SLOTS) {
      this.#slots.fill(0);
      this.total = 0;
    } else
      for (let at = this.#second + 1; at <= second; at++) {
        this.total -= this.#slots[at % SLOTS]!;
        this.#slots[at % SLOTS] = 0;
      }
    this.#second = second;
  }
}
