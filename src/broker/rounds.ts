// Whom to try next in one call, how long to wait when nobody is left, and when to give up. Only the call's own failures
// use up its rounds: waiting for targets that others have brought down does not lengthen its backoff.

import { BrokerError } from "../core/errors.ts";
import { type Backoff, delayMs, judge, MAX_ATTEMPTS, toBrokerError } from "../core/fallback.ts";
import type { Model, ProviderKey } from "../core/model.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import type { ProviderFailure } from "../core/provider.ts";
import { type Health, labelOf, type Pass } from "./health.ts";
import type { InFlight } from "./in-flight.ts";

export interface RoundsDeps {
  readonly backoff: Backoff;
  readonly inFlight: InFlight;
  readonly health: Health;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

/** One upstream call to be made; its pass must be given back. */
export interface Trial extends Place {
  readonly pass: Pass;
}

interface Place {
  readonly candidate: Candidate;
  readonly key: ProviderKey;
}

/** Strategies that order the same candidates differently from call to call. */
const CHANGING: ReadonlySet<string> = new Set(["balanced", "fastest"]);
/** A caller that comes a little early would be refused again: times told are rounded up to this, milliseconds. */
const TOLD_MS = 100;

export class Rounds {
  readonly #deps: RoundsDeps;
  readonly #plan: Plan;
  readonly #mayTry: ((candidate: Candidate) => boolean) | undefined;
  readonly #until: number;
  #queue: Place[];
  #at = 0;
  /** Upstream calls made. */
  #attempts = 0;
  #attemptsBefore = 0;
  #failedRounds = 0;
  /** What to tell the caller; a refused key is the least telling of failures. */
  #last: BrokerError | undefined;
  /** Models that can't take this request, and the context window that another must exceed. */
  #unfit: Set<Model> | undefined;
  #windowAbove = 0;
  /** Labels of targets that refused this call, whether or not they will refuse others. */
  #dropped: Set<string> | undefined;

  constructor(deps: RoundsDeps, plan: Plan, mayTry: ((candidate: Candidate) => boolean) | undefined) {
    this.#deps = deps;
    this.#plan = plan;
    this.#mayTry = mayTry;
    this.#until = deps.health.now() + deps.backoff.maxElapsedMs;
    this.#queue = this.#places();
  }

  /** There is more than one target. */
  get hasChoice(): boolean {
    return this.#queue.length > 1;
  }

  /**
   * Before the first round: the label of the target to try first where it is ready. It never goes before a backend that the
   * operator's order puts first; where speed or chance makes the order it does.
   */
  prefer(label: string | undefined): void {
    if (label === undefined) return;
    const { strategy, candidates } = this.#plan;
    const first = CHANGING.has(strategy) ? undefined : candidates[0]?.backend;
    const index = this.#queue.findIndex(
      ({ candidate: { backend }, key }) => labelOf(backend, key) === label && (first ?? backend) === backend,
    );
    if (index > 0) this.#queue.unshift(...this.#queue.splice(index, 1));
  }

  /** `undefined`: this round has nobody left. */
  next(): Trial | undefined {
    while (this.#at < this.#queue.length && this.#attempts < MAX_ATTEMPTS) {
      const { candidate, key } = this.#queue[this.#at++]!;
      if (!this.#isFit(candidate)) continue;
      const pass = this.#deps.health.enter(candidate.backend, key);
      if (!pass) continue;
      this.#attempts++;
      return { candidate, key, pass };
    }
    return undefined;
  }

  /** Throws what ends the call; otherwise another target may be tried. */
  failed(failure: ProviderFailure, { candidate: { model, backend }, key }: Place): void {
    const error = toBrokerError(failure, backend.provider.name);
    const verdict = judge(failure);
    switch (verdict) {
      case "cancelled":
      case "reject":
        throw error;
      case "drop":
        this.#dropped ??= new Set();
        this.#dropped.add(labelOf(backend, key));
        this.#last ??= error;
        return;
      case "larger":
      case "other":
        // A plan that is not open has no other model, so that this error is the last.
        this.#unfit ??= new Set();
        this.#unfit.add(model);
        if (verdict === "larger") this.#windowAbove = Math.max(this.#windowAbove, model.contextWindow);
        this.#last = error;
        return;
      case "next":
        this.#last = error;
    }
  }

  /** Begins the next round: milliseconds to wait before it. Throws when there is none within the time. */
  waitMs(deadline: number | undefined): number {
    const { backoff, health, now, random } = this.#deps;
    if (this.#attempts === MAX_ATTEMPTS) throw this.#last ?? new BrokerError("internal");
    const time = health.now();
    let next: { readonly place: Place; readonly at: number } | undefined;
    this.#queue = this.#places();
    this.#at = 0;
    for (const place of this.#queue) {
      if (!this.#isFit(place.candidate)) continue;
      const at = health.coolingUntil(place.candidate.backend, place.key) ?? time;
      if (at !== Number.POSITIVE_INFINITY && (!next || at < next.at)) next = { place, at };
    }
    if (!next) throw this.#last ?? this.#nobody();
    const failed = this.#attempts > this.#attemptsBefore;
    this.#attemptsBefore = this.#attempts;
    const delay = failed ? delayMs(backoff, ++this.#failedRounds, random()) : 0;
    const wait = Math.max(delay, next.at - time);
    const left = Math.min(this.#until - time, deadline === undefined ? wait : deadline - now());
    if (wait > left) throw this.#tooLate(next.place, next.at - time);
    return wait;
  }

  #tooLate({ candidate: { backend }, key }: Place, ms: number): BrokerError {
    const wait = ms > 0 ? { retry_after_ms: Math.ceil(ms / TOLD_MS) * TOLD_MS } : {};
    if (this.#last) return this.#last.with(wait);
    const { name } = backend.provider;
    return this.#deps.health.isLimited(backend, key)
      ? new BrokerError("provider_rate_limited", `${name} limits the rate`, { provider: name, ...wait })
      : new BrokerError("targets_cooling", undefined, wait);
  }

  /** Nobody is left and nobody was tried: what the plan kept has gone out since, or can't be paid. */
  #nobody(): BrokerError {
    const { candidates } = this.#plan;
    return candidates.every((candidate) => this.#mayTry?.(candidate) === false)
      ? new BrokerError("max_cost_exceeded", undefined, { param: "max_cost" })
      : new BrokerError("provider_credentials_exhausted");
  }

  #isFit(candidate: Candidate): boolean {
    const { model } = candidate;
    if (this.#unfit?.has(model)) return false;
    if (this.#windowAbove > 0 && model.contextWindow > 0 && model.contextWindow <= this.#windowAbove) return false;
    return this.#mayTry?.(candidate) ?? true;
  }

  #places(): Place[] {
    const places: Place[] = [];
    for (const candidate of this.#plan.candidates)
      for (const key of leastBusyFirst(candidate.backend.provider.keys, this.#deps.inFlight))
        if (!this.#dropped?.has(labelOf(candidate.backend, key))) places.push({ candidate, key });
    return places;
  }
}

function leastBusyFirst(keys: readonly ProviderKey[], inFlight: InFlight): readonly ProviderKey[] {
  if (keys.length < 2) return keys;
  return [...keys].sort((a, b) => inFlight.of(a.label) - inFlight.of(b.label));
}
