// Budgets: how much may be spent in which period. What was spent is never stored beside a budget: it is a sum of ledger
// rows, kept in the rollups.

import type { NanoUsd } from "./money.ts";

export type Period = "day" | "week" | "month" | "total";

export interface Budget {
  readonly limit: NanoUsd;
  readonly period: Period;
  /** `rolling`: reaches back from now by 24 hours, 7 or 30 days and the part of an hour before. */
  readonly reset: "calendar" | "rolling";
  /** Soft limit, as a share of `limit`. */
  readonly alert: number | undefined;
}

/** Whose money: a ledger row counts for its key, its address and for all together. */
export type Scope = { readonly kind: "key" | "ip"; readonly id: string } | { readonly kind: "global" };

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const ROLLING_DAYS: Readonly<Record<Exclude<Period, "total">, number>> = { day: 1, week: 7, month: 30 };

/** Unix milliseconds from which spending counts, always a whole hour; 0 for `total`. Calendar periods are of UTC. */
export function periodStart({ period, reset }: Pick<Budget, "period" | "reset">, now: number): number {
  if (period === "total") return 0;
  if (reset === "rolling") return Math.floor(now / HOUR_MS) * HOUR_MS - ROLLING_DAYS[period] * DAY_MS;
  const date = new Date(now);
  switch (period) {
    case "day":
      return Math.floor(now / DAY_MS) * DAY_MS;
    case "week":
      return Math.floor(now / DAY_MS) * DAY_MS - ((date.getUTCDay() + 6) % 7) * DAY_MS;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
}

/** Unix milliseconds at which a calendar period ends; `undefined` where nothing ends. */
export function periodEnd({ period, reset }: Pick<Budget, "period" | "reset">, now: number): number | undefined {
  if (period === "total" || reset === "rolling") return undefined;
  const start = periodStart({ period, reset }, now);
  if (period === "day") return start + DAY_MS;
  if (period === "week") return start + 7 * DAY_MS;
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
