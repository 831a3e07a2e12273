// How fast backends answered lately: moving averages by backend. What is measured is forgotten after a while, so that
// routing by speed looks again at those that it has passed over.

import { nameOf } from "../core/allowed.ts";
import type { Backend } from "../core/model.ts";
import type { Speed } from "../core/plan.ts";

/** One streamed answer. */
export interface Measurement {
  /** Milliseconds from the upstream call's start. */
  readonly firstTokenMs: number;
  /** Of output, thinking included. */
  readonly tokens: number;
  /** Milliseconds from the first token to the last. */
  readonly ms: number;
}

/** Weight of the newest answer. */
const ALPHA = 0.3;
const KEPT_MS = 600_000;
/** Models of free providers are named by callers. */
const MOST_BACKENDS = 10_000;
/** Shorter answers, in tokens or in time, tell nothing of the rate: they may have come in one piece. */
const FEWEST_TOKENS = 16;
const SHORTEST_MS = 10;
/** Of a backend that has given short answers only. */
const ASSUMED_TOKENS_PER_SECOND = 50;

interface Average {
  firstTokenMs: number;
  tokensPerSecond: number | undefined;
  /** Unix milliseconds. */
  at: number;
}

export class Speeds {
  readonly #now: () => number;
  readonly #averages = new Map<string, Average>();

  constructor(deps: { readonly now: () => number }) {
    this.#now = deps.now;
  }

  /** `undefined`: nothing was measured within the last 10 minutes. */
  of(backend: Backend): Speed | undefined {
    const average = this.#recent(nameOf(backend));
    if (!average) return undefined;
    const { firstTokenMs, tokensPerSecond = ASSUMED_TOKENS_PER_SECOND } = average;
    return { firstTokenMs, tokensPerSecond };
  }

  note(backend: Backend, { firstTokenMs, tokens, ms }: Measurement): void {
    const name = nameOf(backend);
    const average = this.#recent(name) ?? this.#add(name, firstTokenMs);
    average.at = this.#now();
    average.firstTokenMs += ALPHA * (firstTokenMs - average.firstTokenMs);
    if (tokens < FEWEST_TOKENS || ms < SHORTEST_MS) return;
    const rate = (tokens * 1000) / ms;
    const before = average.tokensPerSecond ?? rate;
    average.tokensPerSecond = before + ALPHA * (rate - before);
  }

  #recent(name: string): Average | undefined {
    const average = this.#averages.get(name);
    return average && this.#now() - average.at <= KEPT_MS ? average : undefined;
  }

  #add(name: string, firstTokenMs: number): Average {
    this.#averages.delete(name); // so that it is among the newest again
    if (this.#averages.size >= MOST_BACKENDS) this.#averages.delete(this.#averages.keys().next().value!);
    const average = { firstTokenMs, tokensPerSecond: undefined, at: 0 };
    this.#averages.set(name, average);
    return average;
  }
}
