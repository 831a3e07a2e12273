// What one scope (a key, an address, all together) has spent and holds now. Spent is a sum of ledger rows: it is read once
// a period, kept up with every settled call, and read anew when another process has written.

import type { Budget, Scope } from "../core/budget.ts";
import { periodEnd, periodStart } from "../core/budget.ts";
import type { Spending } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";

/** Sums by start of period; more than the budgets of one scope can ask for. */
const MOST_SUMS = 64;

export interface BudgetStanding {
  readonly budget: Budget;
  readonly spent: NanoUsd;
  readonly held: NanoUsd;
  readonly alerting: boolean;
  /** Unix milliseconds. */
  readonly resetsAt: number | undefined;
}

export class Account {
  /** Nano-USD of calls under way. */
  held = 0;
  readonly #scope: Scope;
  readonly #spending: Pick<Spending, "spent">;
  readonly #version: () => number;
  readonly #sums = new Map<number, number>();
  #read = -1;

  /** Sums are read anew where `version` differs from what it was. */
  constructor(scope: Scope, spending: Pick<Spending, "spent">, version: () => number) {
    this.#scope = scope;
    this.#spending = spending;
    this.#version = version;
  }

  /** Nano-USD left of a budget; negative when an estimate was too low. */
  left(budget: Budget, now: number): number {
    return budget.limit - this.#spent(periodStart(budget, now)) - this.held;
  }

  standing(budget: Budget, now: number): BudgetStanding {
    const spent = this.#spent(periodStart(budget, now)) as NanoUsd;
    const alerting = budget.alert !== undefined && spent >= budget.limit * budget.alert;
    return { budget, spent, held: this.held as NanoUsd, alerting, resetsAt: periodEnd(budget, now) };
  }

  /** The call that held `amount` cost `cost`; its row is on disk. */
  settle(amount: number, cost: number): void {
    this.held -= amount;
    for (const [from, sum] of this.#sums) this.#sums.set(from, sum + cost);
  }

  #spent(from: number): number {
    const version = this.#version();
    if (version !== this.#read || this.#sums.size > MOST_SUMS) {
      this.#sums.clear();
      this.#read = version;
    }
    let sum = this.#sums.get(from);
    if (sum === undefined) {
      sum = this.#spending.spent(this.#scope, from);
      this.#sums.set(from, sum);
    }
    return sum;
  }
}
