// The budgets that a call is up against: its key's, its address', everyone's. All must hold; what is held counts as spent.

import { type Budget, periodStart, type Scope } from "../core/budget.ts";
import { BrokerError } from "../core/errors.ts";
import type { Key } from "../core/key.ts";
import type { Spending } from "../core/ledger.ts";
import { type NanoUsd, toUsd } from "../core/money.ts";
import { Account, type BudgetStanding } from "./account.ts";
import { forgetOldest, MOST_ENTRIES } from "./bounded.ts";
import type { Payer } from "./limiter.ts";

export interface BudgetsDeps {
  readonly spending: Spending;
  readonly globalBudget: Budget | undefined;
  /** For each address. */
  readonly ipBudget: Budget | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A soft limit was reached; told once a period. */
  readonly onAlert: (scope: Scope, standing: BudgetStanding) => void;
}

/** One scope's account and the budgets that it must keep. */
export interface Payable {
  readonly scope: Scope;
  readonly budgets: readonly Budget[];
  readonly account: Account;
}

/** What other processes have spent is seen after this time at the latest. */
const VERSION_MS = 10;
const NONE: readonly Payable[] = [];

export class Budgets {
  readonly #deps: BudgetsDeps;
  readonly #accounts = new Map<string, Account>();
  readonly #alerted = new Set<string>();
  #version = 0;
  #versionAt = Number.NEGATIVE_INFINITY;

  constructor(deps: BudgetsDeps) {
    this.#deps = deps;
  }

  /** Nano-USD of calls under way, once for each scope. */
  get held(): number {
    let held = 0;
    for (const account of this.#accounts.values()) held += account.held;
    return held;
  }

  applyTo({ principal }: Payer): boolean {
    const { globalBudget, ipBudget } = this.#deps;
    return globalBudget !== undefined || ipBudget !== undefined || (principal.key?.budgets.length ?? 0) > 0;
  }

  of(payer: Payer): readonly Payable[] {
    const { globalBudget, ipBudget } = this.#deps;
    const { key } = payer.principal;
    if (!globalBudget && !ipBudget && !key) return NONE;
    const payables: Payable[] = [];
    const add = (scope: Scope, budgets: readonly Budget[]): void => {
      payables.push({ scope, budgets, account: this.#account(scope) });
    };
    // An account is kept up even while its key has no budget: it may get one while the call is under way.
    if (key) add({ kind: "key", id: key.id }, key.budgets);
    if (ipBudget) add({ kind: "ip", id: payer.ip }, [ipBudget]);
    if (globalBudget) add({ kind: "global" }, [globalBudget]);
    return payables;
  }

  /** What the tightest budget leaves, at most `worst`; Infinity where there is none. Throws `budget_exceeded` below `least`. */
  grant(payables: readonly Payable[], worst: NanoUsd, least: NanoUsd): number {
    if (payables.length === 0) return Number.POSITIVE_INFINITY;
    const now = this.#deps.now();
    let granted = Number.POSITIVE_INFINITY;
    for (const { account, budgets, scope } of payables) {
      for (const budget of budgets) {
        const left = account.left(budget, now);
        if (left < least || left <= 0) throw exhausted(scope, account.standing(budget, now), least);
        granted = Math.min(granted, left, worst);
      }
    }
    return granted;
  }

  /** What the tightest budget leaves, at most `amount`; nothing where that can't be read now. */
  left(payables: readonly Payable[], amount: NanoUsd): number {
    const now = this.#deps.now();
    try {
      const left = payables.flatMap(({ account, budgets }) => budgets.map((budget) => account.left(budget, now)));
      return Math.max(0, Math.min(amount, ...left));
    } catch (cause) {
      if (!(cause instanceof BrokerError)) throw cause;
      return 0;
    }
  }

  /** How the budgets of a key stand, in their order. */
  standings(key: Key): BudgetStanding[] {
    const account = this.#account({ kind: "key", id: key.id });
    return key.budgets.map((budget) => account.standing(budget, this.#deps.now()));
  }

  /** Tells of soft limits that these accounts have reached; a sum that can't be read now is looked at with the next call. */
  alert(payables: readonly Payable[]): void {
    try {
      for (const { account, budgets, scope } of payables) {
        for (const budget of budgets) if (budget.alert !== undefined) this.#alertOf(scope, account, budget);
      }
    } catch (cause) {
      if (!(cause instanceof BrokerError)) throw cause;
    }
  }

  /** Asking the database costs more than all the rest of an admission. */
  readonly #versionNow = (): number => {
    const now = this.#deps.now();
    if (Math.abs(now - this.#versionAt) >= VERSION_MS) {
      this.#version = this.#deps.spending.version;
      this.#versionAt = now;
    }
    return this.#version;
  };

  #alertOf(scope: Scope, account: Account, budget: Budget): void {
    const now = this.#deps.now();
    const standing = account.standing(budget, now);
    if (!standing.alerting) return;
    const name = `${nameOf(scope)} ${budget.limit} ${budget.alert} ${budget.period} ${periodStart(budget, now)}`;
    if (this.#alerted.has(name)) return;
    if (this.#alerted.size >= MOST_ENTRIES) this.#alerted.clear();
    this.#alerted.add(name);
    this.#deps.onAlert(scope, standing);
  }

  #account(scope: Scope): Account {
    const name = nameOf(scope);
    let account = this.#accounts.get(name);
    if (!account) {
      forgetOldest(this.#accounts, ({ held }) => held === 0);
      account = new Account(scope, this.#deps.spending, this.#versionNow);
      this.#accounts.set(name, account);
    }
    return account;
  }
}

function nameOf(scope: Scope): string {
  return scope.kind === "global" ? scope.kind : `${scope.kind}:${scope.id}`;
}

/** Whose budget it was is for the caller to know; what others have spent of it is not. */
function exhausted(scope: Scope, { budget, resetsAt }: BudgetStanding, least: NanoUsd): BrokerError {
  const whose = { key: "of this key", ip: "of this address", global: "of this broker" }[scope.kind];
  const per = budget.period === "total" ? "in total" : `a ${budget.period}`;
  const message = `The budget ${whose} (${toUsd(budget.limit)} USD ${per}) does not pay for this request`;
  return new BrokerError("budget_exceeded", message, {
    budget: { scope: scope.kind, usd: toUsd(budget.limit), period: budget.period },
    needs_usd: toUsd(least),
    ...(resetsAt === undefined ? {} : { resets_at: new Date(resetsAt).toISOString() }),
  });
}
