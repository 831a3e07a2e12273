// The one gate before money is spent: limits and budgets are checked all together and taken only if all hold, in one
// synchronous step, so that no two calls can take the same room. What is taken is given back on every way out.

import type { RateStates } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Key } from "../core/key.ts";
import type { NanoUsd } from "../core/money.ts";
import type { BudgetStanding } from "./account.ts";
import { Budgets, type BudgetsDeps, type Payable } from "./budgets.ts";
import { Limiter, type Meters, type Payer } from "./limiter.ts";

export interface GateDeps extends BudgetsDeps {
  /** Requests a minute from one address, administrators excepted. */
  readonly ipRequestsPerMinute: number | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly ticks: () => number;
  /** A call was refused by this limit, or by a `budget`; for metrics. */
  readonly onRefusal: (limit: string) => void;
}

/** What a call may come to. */
export interface Demand {
  /** Estimate of all its tokens. */
  readonly tokens: number;
  /** The dearest it can get. */
  readonly worst: NanoUsd;
  /** With less it is not worth beginning; as much as `worst` where the caller has set the length of the answer. */
  readonly least: NanoUsd;
}

/** Room that a call has taken. Of `settle` and `release` the first one counts. */
export interface Admission {
  /** Nano-USD that it may spend at most; Infinity where no budget applies. */
  readonly granted: number;
  readonly rates: RateStates | undefined;
  /** Takes room for a further attempt, at most so much; nano-USD that there was. 0 where no budget applies. */
  more(amount: NanoUsd): number;
  /** The call has ended and its row is written. */
  settle(cost: NanoUsd, tokens: number): void;
  /** The call was never made: nothing counts. */
  release(): void;
}

export class Gate {
  readonly #deps: GateDeps;
  readonly #limiter: Limiter;
  readonly #budgets: Budgets;

  constructor(deps: GateDeps) {
    this.#deps = deps;
    this.#limiter = new Limiter(deps.ipRequestsPerMinute, deps.ticks);
    this.#budgets = new Budgets(deps);
  }

  /** What is taken now: all zero when no call is under way. */
  get taken(): { readonly running: number; readonly held: NanoUsd } {
    return { running: this.#limiter.running, held: this.#budgets.held as NanoUsd };
  }

  hasBudget(payer: Payer): boolean {
    return this.#budgets.applyTo(payer);
  }

  /** For calls that cost nothing: counts the request of the address alone. Throws `rate_limited`. */
  pass({ principal, ip }: Payer): void {
    if (this.#deps.ipRequestsPerMinute === undefined) return;
    const meters = { ...this.#limiter.of({ principal, ip }), key: undefined };
    this.#told(() => this.#limiter.check(meters, 0));
    this.#limiter.take(meters, 0);
  }

  /** Throws `rate_limited` or `budget_exceeded`; nothing was taken then. */
  admit(payer: Payer, demand: Demand): Admission {
    const meters = this.#limiter.of(payer);
    const payables = this.#budgets.of(payer);
    const tokens = Math.min(demand.tokens, meters.limits?.tokensPerMinute ?? Number.POSITIVE_INFINITY);
    const granted = this.#told(() => {
      this.#limiter.check(meters, tokens);
      return this.#budgets.grant(payables, demand.worst, demand.least);
    });
    return new Taken(this.#limiter, this.#budgets, { meters, payables, tokens, granted });
  }

  /** How the budgets of a key stand, in their order. */
  standings(key: Key): BudgetStanding[] {
    return this.#budgets.standings(key);
  }

  #told<T>(check: () => T): T {
    try {
      return check();
    } catch (cause) {
      if (cause instanceof BrokerError) this.#deps.onRefusal(String(cause.facts.limit ?? "budget"));
      throw cause;
    }
  }
}

interface Room {
  readonly meters: Meters;
  readonly payables: readonly Payable[];
  readonly tokens: number;
  readonly granted: number;
}

class Taken implements Admission {
  readonly granted: number;
  readonly rates: RateStates | undefined;
  readonly #limiter: Limiter;
  readonly #budgets: Budgets;
  readonly #room: Room;
  readonly #second: number;
  /** Nano-USD. */
  #held = 0;
  #open = true;

  constructor(limiter: Limiter, budgets: Budgets, room: Room) {
    this.granted = room.granted;
    this.#limiter = limiter;
    this.#budgets = budgets;
    this.#room = room;
    this.#second = limiter.take(room.meters, room.tokens);
    if (this.granted !== Number.POSITIVE_INFINITY) this.#hold(this.granted);
    this.rates = limiter.rates(room.meters);
  }

  more(amount: NanoUsd): number {
    if (!this.#open || this.granted === Number.POSITIVE_INFINITY) return 0;
    const more = this.#budgets.left(this.#room.payables, amount);
    this.#hold(more);
    return more;
  }

  settle(cost: NanoUsd, tokens: number): void {
    if (!this.#leave(cost)) return;
    this.#limiter.end(this.#room.meters, this.#second, tokens - this.#room.tokens);
    // Not in the step that wrote the row: the rows of other calls that were written with it are not settled yet.
    if (this.#room.payables.length > 0) queueMicrotask(() => this.#budgets.alert(this.#room.payables));
  }

  release(): void {
    if (this.#leave(0)) this.#limiter.giveBack(this.#room.meters, this.#second, this.#room.tokens);
  }

  #hold(amount: number): void {
    this.#held += amount;
    for (const { account } of this.#room.payables) account.held += amount;
  }

  #leave(cost: number): boolean {
    const wasOpen = this.#open;
    this.#open = false;
    if (wasOpen) for (const { account } of this.#room.payables) account.settle(this.#held, cost);
    return wasOpen;
  }
}
