// The plan of a request: which backends may serve it, in the order in which to try them, and why others may not. What
// routing makes, what attempts follow and what `models.route` shows.

import type { BrokerError } from "./errors.ts";
import type { Backend, Model, ProviderKey } from "./model.ts";
import type { NanoUsd } from "./money.ts";
import type { Needs } from "./needs.ts";

export type Strategy = "cheapest" | "best" | "fastest" | "balanced" | "priority";

/** What is asked of routing, all that it depends on but the catalogue and the targets' state. */
export interface Ask {
  /** As asked: id, alias, `auto...`, `provider/model_id`, with or without `:floor` or `:nitro`. */
  readonly model: string;
  /** Further models, for when the first can't answer. */
  readonly models: readonly string[];
  readonly needs: Needs;
  /** Patterns of what the key may use; `undefined`: all. */
  readonly allowed: readonly string[] | undefined;
  /** The request's hard cap. */
  readonly maxCost: NanoUsd | undefined;
  /** `deny`: backends without a known price are dropped. */
  readonly unknownPrice: "deny" | "flag";
  /** What `auto` does. */
  readonly strategy: Strategy;
  /** Uniform in [0, 1); the same sequence gives the same plan. */
  readonly chance: () => number;
  /** What is asked of the backend itself, beside its model's capabilities. */
  readonly requirement?: Requirement | undefined;
}

export interface Requirement {
  /** The param that asks for it. */
  readonly param: string;
  /** Why a backend can't meet it, for people; `undefined`: it can. */
  readonly unmet: (backend: Backend) => string | undefined;
}

/** What is known of targets at this moment. */
export interface Outlook {
  /** Unix milliseconds. */
  now(): number;
  /** Unix milliseconds until which the target is left alone, Infinity for a key that is out; `undefined`: it may be called. */
  coolingUntil(backend: Backend, key: ProviderKey): number | undefined;
  /** What was measured lately; `undefined`: nothing yet. */
  speed(backend: Backend): Speed | undefined;
}

export interface Speed {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

/** A backend that may be tried. */
export interface Candidate {
  readonly model: Model;
  readonly backend: Backend;
  /** Why it stands where it stands; for people. */
  readonly reason: string;
  /** What the call can come to; `undefined`: the price is not known. */
  readonly cost: { readonly min: NanoUsd; readonly max: NanoUsd } | undefined;
}

export interface Dropped {
  readonly model: Model;
  readonly backend: Backend;
  readonly reason: string;
}

export interface Plan {
  readonly requested: string;
  /** For people: the strategy's name, or how else candidates were found (`as configured`, `models`). */
  readonly strategy: string;
  readonly needs: Needs;
  readonly candidates: readonly Candidate[];
  readonly dropped: readonly Dropped[];
  /** The request names further models or leaves the choice to the broker: another model may answer instead. */
  readonly open: boolean;
  /** Why there is no candidate; `undefined` while there is one. */
  readonly refusal: BrokerError | undefined;
  /** The request changes the prices in a way that is not known. */
  readonly pricedOtherwise?: true;
}
