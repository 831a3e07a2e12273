// What this process counts, in Prometheus' text form; OpenTelemetry's names for generative AI where there are any. Labels
// come from closed sets (methods, configured models and providers, error kinds), never from callers.

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { CallEnd, CallStart } from "../core/ledger.ts";
import { type NanoUsd, toUsd } from "../core/money.ts";
import type { ErrorKind } from "../generated/types.ts";
import { CallTally } from "./call-tally.ts";
import { Distribution } from "./distribution.ts";

export interface Metrics {
  /** A billable call has ended. */
  ended(start: CallStart, end: CallEnd, course: CallCourse): void;
  /** A call of any method has ended in this error. */
  failed(kind: ErrorKind): void;
  /** A call was refused by a limit (`requests`, `tokens` ...), or by a `budget`. */
  refused(limit: string): void;
  /** Prometheus text. */
  text(): Promise<string>;
}

/** What a ledger row does not tell of a call. */
export interface CallCourse {
  /** Milliseconds, parts of one too, that were spent neither on upstream calls nor on waits between them. */
  readonly overheadMs: number;
  /** Upstream calls that went to another backend than the one before. */
  readonly fallbacks: number;
}

/** A provider key or target and whether it may be called: 0 yes, 1 as a trial, 2 no. */
export interface BreakerState {
  readonly label: string;
  readonly state: 0 | 1 | 2;
}

/** All are read at each scrape. */
export interface MetricsDeps {
  readonly inFlight: () => number;
  readonly breakers: () => readonly BreakerState[];
  /** Milliseconds for which the oldest row has been waiting to be written; 0: none waits. */
  readonly ledgerLagMs: () => number;
  /** Rows that wait to be written. */
  readonly ledgerUnwritten: () => number;
  /** Room taken by calls under way: USD held, and calls of keys with limits. */
  readonly taken: () => { readonly held: NanoUsd; readonly running: number };
  /** Whether a model is configured; callers can make names of others up. */
  readonly knows: (model: string) => boolean;
}

const OVERHEAD_SECONDS = [
  ...[0.00005, 0.0001, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.002, 0.005],
  ...[0.01, 0.025, 0.05, 0.1, 0.25, 1],
];
/** The default of 10 ms would wake the process a hundred times a second. */
const EVENT_LOOP_SAMPLE_MS = 100;

export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  const common = { registers: [registry] };
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ ...common, name: `aibroker_${name}_total`, help, labelNames });
  const calls = new CallTally(registry, deps.knows);
  const overhead = new Distribution({
    name: "aibroker_overhead_seconds",
    help: "Of billable calls, without upstream calls and the waits between them",
    buckets: OVERHEAD_SECONDS,
    registry,
  }).series();
  const errors = counter("errors", "Calls of any method that ended in an error", "kind");
  const retries = counter("retries", "Upstream calls that tried the same backend again");
  const fallbacks = counter("fallbacks", "Upstream calls that went to another backend than the one before");
  const limited = counter("rate_limited", "Calls refused by a limit", "limit");
  const overBudget = counter("budget_refusals", "Calls refused because a budget was used up");
  addGauges(registry, deps);
  let scraped = false;
  return {
    ended(start, end, course) {
      calls.add(start, end);
      overhead.observe(Math.max(0, course.overheadMs) / 1000);
      if (end.attempts < 2) return;
      fallbacks.inc(course.fallbacks);
      retries.inc(Math.max(0, end.attempts - 1 - course.fallbacks));
    },
    failed: (kind) => errors.inc({ kind }),
    refused: (limit) => (limit === "budget" ? overBudget.inc() : limited.inc({ limit })),
    text() {
      // Those of the process watch the collector and the event loop, so they are made when somebody wants them.
      if (!scraped) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
      scraped = true;
      return registry.metrics();
    },
  };
}

function addGauges(registry: Registry, deps: MetricsDeps): void {
  const { inFlight, breakers, ledgerLagMs, ledgerUnwritten, taken } = deps;
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `aibroker_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("in_flight", "Billable calls under way", inFlight);
  gauge("held_usd", "Held against budgets by calls under way", () => toUsd(taken().held));
  gauge("limited_calls", "Calls under way of keys with limits", () => taken().running);
  gauge("ledger_lag_seconds", "Age of the oldest row that waits to be written", () => ledgerLagMs() / 1000);
  gauge("ledger_unwritten", "Rows that wait to be written", ledgerUnwritten);
  new Gauge({
    name: "aibroker_breaker_state",
    help: "0: may be called, 1: is being tried, 2: is left alone",
    labelNames: ["target"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { label, state } of breakers()) this.set({ target: label }, state);
    },
  });
}
