// The health of one target as a state machine; time is an argument. It opens after failures in a row, for longer each
// time, then lets one probe through at a time until one succeeds; apart from that it cools down when told to. The time
// until which a target is left alone never moves earlier.

/** Failures in a row that open it. */
export const FAILURES = 5;
/** Milliseconds; doubled at each opening in a row, up to the longest. */
export const FIRST_OPEN_MS = 5_000;
/** Milliseconds, for a rate limit that tells no time; doubled at each in a row, up to the longest. */
export const FIRST_COOLING_MS = 1_000;
export const LONGEST_MS = 60_000;
/** No hint is believed beyond a day. */
export const LONGEST_HINT_MS = 86_400_000;
/** While a probe is under way: when to look again, milliseconds. */
export const PROBE_LOOK_MS = 250;

export type BreakerState = "closed" | "cooling" | "half_open" | "open" | "out";

/** `call` tells nothing of a target that has opened since; `probe` decides. */
export type Entry = "call" | "probe";

/**
 * How a call ended, as far as its target is concerned. `neutral`: cancelled, or the caller's own fault. `out`: the target
 * refuses our key.
 */
export type Ended = "ok" | "failed" | "limited" | "neutral" | "out";

export class Breaker {
  #failures = 0;
  #openings = 0;
  #openUntil = 0;
  #coolings = 0;
  #coolUntil = 0;
  #limited = false;
  #probing = false;
  #out = false;

  /** When it may be called: `now` or earlier means at once; Infinity: not again. */
  readyAt(now: number): number {
    if (this.#out) return Number.POSITIVE_INFINITY;
    const until = Math.max(this.#openUntil, this.#coolUntil);
    return this.#probing ? Math.max(until, now + PROBE_LOOK_MS) : until;
  }

  /** Whoever enters must leave. `undefined`: it may not be called now. */
  enter(now: number): Entry | undefined {
    if (this.readyAt(now) > now) return undefined;
    if (this.#openings === 0) return "call";
    this.#probing = true;
    return "probe";
  }

  /** `retryAfterMs` is what the provider asked for. */
  leave(entry: Entry, ended: Ended, now: number, retryAfterMs?: number): void {
    if (entry === "probe") this.#probing = false;
    const isTelling = entry === "probe" || this.#openings === 0;
    switch (ended) {
      case "ok":
        if (isTelling) this.#failures = this.#openings = 0;
        if (now >= this.#coolUntil) this.#coolings = 0;
        return;
      case "failed":
        if (isTelling && (++this.#failures >= FAILURES || entry === "probe")) this.#open(now);
        if (isHint(retryAfterMs)) this.#cool(now + Math.min(retryAfterMs, LONGEST_HINT_MS), false);
        return;
      case "limited":
        this.#limit(now, retryAfterMs);
        return;
      case "out":
        this.#out = true;
        return;
      case "neutral":
        return;
    }
  }

  state(now: number): BreakerState {
    if (this.#out) return "out";
    if (this.#openUntil > now) return "open";
    if (this.#coolUntil > now) return "cooling";
    return this.#openings > 0 ? "half_open" : "closed";
  }

  /** What it waits for is the end of a rate limit. */
  isLimited(now: number): boolean {
    return this.#limited && this.#coolUntil > Math.max(now, this.#openUntil);
  }

  /** Nothing would be lost if it were forgotten. */
  isPristine(now: number): boolean {
    return this.#failures === 0 && this.#coolings === 0 && !this.#probing && this.state(now) === "closed";
  }

  #open(now: number): void {
    this.#openUntil = Math.max(this.#openUntil, now + doubled(FIRST_OPEN_MS, this.#openings));
    this.#openings++;
    this.#failures = 0;
  }

  #limit(now: number, retryAfterMs: number | undefined): void {
    if (isHint(retryAfterMs)) this.#cool(now + Math.min(retryAfterMs, LONGEST_HINT_MS), true);
    else if (now >= this.#coolUntil) {
      // Calls that were under way when the first was limited are of the same time, not the next.
      this.#cool(now + doubled(FIRST_COOLING_MS, this.#coolings), true);
      this.#coolings++;
    }
  }

  #cool(until: number, limited: boolean): void {
    if (until <= this.#coolUntil) return;
    this.#coolUntil = until;
    this.#limited = limited;
  }
}

function isHint(ms: number | undefined): ms is number {
  return ms !== undefined && ms > 0;
}

function doubled(first: number, times: number): number {
  return Math.min(LONGEST_MS, first * 2 ** Math.min(times, 16));
}
