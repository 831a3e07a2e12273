// What is known of targets: their breakers, provider keys that are out, speeds. Only targets with something to
// tell have a breaker, so a healthy house looks up nothing.

import { nameOf } from "../core/allowed.ts";
import { Breaker, type BreakerState, type Entry } from "../core/breaker.ts";
import { endedAs, hintMs } from "../core/fallback.ts";
import type { Backend, ProviderKey } from "../core/model.ts";
import type { Outlook, Speed } from "../core/plan.ts";
import type { ProviderFailure } from "../core/provider.ts";
import type { Speeds } from "./speeds.ts";

/** The right to make one call, to be given back by `leave`. */
export interface Pass {
  /** `undefined`: nothing was known of the target. */
  readonly breaker: Breaker | undefined;
  entry: Entry;
}

export interface TargetState {
  /** `provider/model_id#key label`, or the key's label alone where the key is out. */
  readonly label: string;
  /** 0: it may be called, 1: as a trial, 2: not now. */
  readonly state: 0 | 1 | 2;
}

const HEALTHY: Pass = Object.freeze({ breaker: undefined, entry: "call" });
/** Models of free providers are named by callers. */
const MOST_BREAKERS = 10_000;
/** For metrics. */
const MOST_SHOWN = 200;
const SHOWN: Readonly<Record<BreakerState, TargetState["state"]>> = {
  closed: 0,
  half_open: 1,
  cooling: 2,
  open: 2,
  out: 2,
};

/** A target's name among all; not secret. */
export function labelOf(backend: Backend, key: ProviderKey): string {
  return `${nameOf(backend)}#${key.label}`;
}

export class Health implements Outlook {
  readonly now: () => number;
  readonly #breakers = new Map<string, Breaker>();
  readonly #keysOut = new Set<string>();
  readonly #speeds: Speeds;

  constructor(deps: { readonly now: () => number; readonly speeds: Speeds }) {
    this.now = deps.now;
    this.#speeds = deps.speeds;
  }

  coolingUntil(backend: Backend, key: ProviderKey): number | undefined {
    if (this.#keysOut.size > 0 && this.#keysOut.has(key.label)) return Number.POSITIVE_INFINITY;
    const breaker = this.#find(backend, key);
    if (!breaker) return undefined;
    const now = this.now();
    const at = breaker.readyAt(now);
    return at > now ? at : undefined;
  }

  /** It cools down because its provider limits the rate. */
  isLimited(backend: Backend, key: ProviderKey): boolean {
    return this.#find(backend, key)?.isLimited(this.now()) ?? false;
  }

  speed(backend: Backend): Speed | undefined {
    return this.#speeds.of(backend);
  }

  /** `undefined`: not now. */
  enter(backend: Backend, key: ProviderKey): Pass | undefined {
    if (this.#keysOut.size > 0 && this.#keysOut.has(key.label)) return undefined;
    const breaker = this.#find(backend, key);
    if (!breaker) return HEALTHY;
    const entry = breaker.enter(this.now());
    return entry && { breaker, entry };
  }

  /** The answer has begun: a probe has done its work, and what comes is a call like any other. */
  begun(pass: Pass): void {
    if (pass.entry !== "probe") return;
    pass.breaker?.leave("probe", "ok", this.now());
    pass.entry = "call";
  }

  /** `failure`: how it failed; `undefined` when it ended well, "neutral" when that tells nothing of the target. */
  leave(pass: Pass, backend: Backend, key: ProviderKey, failure: ProviderFailure | "neutral" | undefined): void {
    if (!pass.breaker && failure === undefined && this.#breakers.size === 0) return;
    const ended = failure === undefined ? "ok" : failure === "neutral" ? "neutral" : endedAs(failure);
    if (ended === "key_out") this.#keysOut.add(key.label);
    const hint = typeof failure === "object" ? hintMs(failure) : undefined;
    const now = this.now();
    const breaker =
      pass.breaker ?? this.#find(backend, key) ?? (isTrouble(ended) ? this.#add(backend, key) : undefined);
    breaker?.leave(pass.entry, ended === "key_out" ? "neutral" : ended, now, hint);
    // A pass may be older than a reset: then another breaker stands in its place.
    if (breaker?.isPristine(now) && this.#find(backend, key) === breaker) this.#breakers.delete(labelOf(backend, key));
  }

  /** After the configuration was read again: keys that were out may be good now, and targets are tried anew. */
  reset(): void {
    this.#keysOut.clear();
    this.#breakers.clear();
  }

  /** Keys that are out and targets that had trouble lately; at most 200 of each. */
  states(): TargetState[] {
    const now = this.now();
    const keys = [...this.#keysOut].slice(0, MOST_SHOWN).map((label): TargetState => ({ label, state: 2 }));
    const targets = [...this.#breakers].slice(0, MOST_SHOWN);
    return keys.concat(targets.map(([label, breaker]) => ({ label, state: SHOWN[breaker.state(now)] })));
  }

  #find(backend: Backend, key: ProviderKey): Breaker | undefined {
    return this.#breakers.size === 0 ? undefined : this.#breakers.get(labelOf(backend, key));
  }

  #add(backend: Backend, key: ProviderKey): Breaker {
    if (this.#breakers.size >= MOST_BREAKERS) this.#breakers.delete(this.#breakers.keys().next().value!);
    const breaker = new Breaker();
    this.#breakers.set(labelOf(backend, key), breaker);
    return breaker;
  }
}

function isTrouble(ended: string): boolean {
  return ended === "failed" || ended === "limited" || ended === "out";
}
