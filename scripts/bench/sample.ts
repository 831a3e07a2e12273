// What one measured window of one target yields, and the order statistics over samples and rounds.

import type { Metric } from "./rows.ts";

export interface Sample {
  /** Good answers since the run began, warm-up included: what a ledger must have a row for. */
  answers: number;
  /** Anything not exactly right: status, body, missing end, error member, lost connection. One makes the run invalid. */
  failures: number;
  firstFailure?: string;
  /** Share of the window in which the server was on its core; under 0.9 a closed loop measured the driver. */
  busy?: number;
  metrics: Partial<Record<Metric, number>>;
}

/** Counts failures and keeps the first reason. `givenUp` stops a load that only fails. */
export class FailureCount {
  count = 0;
  first: string | undefined;

  add(why: string): void {
    this.count++;
    this.first ??= why;
  }

  get givenUp(): boolean {
    return this.count >= 200;
  }
}

/** The part of a sample that every load fills in the same way. */
export function sampleOf(answers: number, failures: FailureCount): Omit<Sample, "metrics"> {
  const counted = { answers, failures: failures.count };
  return failures.first === undefined ? counted : { ...counted, firstFailure: failures.first };
}

/** The p-th part (0..1) of the values by nearest rank; NaN when there are none. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
