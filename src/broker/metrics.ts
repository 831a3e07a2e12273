// Counters of this process in Prometheus' text form. Labels come from closed sets (methods, statuses, configured
// providers), never from callers.

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { CallEnd, CallStart } from "../core/ledger.ts";
import { toUsd } from "../core/money.ts";

export interface Metrics {
  ended(start: CallStart, end: CallEnd): void;
  /** Prometheus text. */
  text(): Promise<string>;
}

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** `inFlight` is read at each scrape. */
export function createMetrics(inFlight: () => number): Metrics {
  const registry = new Registry();
  const common = { registers: [registry] };
  const requests = new Counter({
    ...common,
    name: "aibroker_requests_total",
    help: "Billable calls that ended",
    labelNames: ["method", "provider", "status"],
  });
  const tokens = new Counter({
    ...common,
    name: "aibroker_tokens_total",
    help: "Tokens",
    labelNames: ["provider", "kind"],
  });
  const cost = new Counter({
    ...common,
    name: "aibroker_cost_usd_total",
    help: "Cost in USD",
    labelNames: ["provider"],
  });
  const errors = new Counter({ ...common, name: "aibroker_errors_total", help: "Failed calls", labelNames: ["kind"] });
  const retries = new Counter({ ...common, name: "aibroker_retries_total", help: "Upstream calls beyond the first" });
  const duration = new Histogram({
    ...common,
    name: "aibroker_request_duration_seconds",
    help: "Whole calls",
    buckets: SECONDS,
  });
  const firstByte = new Histogram({
    ...common,
    name: "aibroker_time_to_first_byte_seconds",
    help: "From the request to the first byte of its answer",
    buckets: SECONDS,
  });
  new Gauge({
    ...common,
    name: "aibroker_in_flight",
    help: "Billable calls under way",
    collect() {
      this.set(inFlight());
    },
  });
  // Looking a child up by its labels costs more than counting, and there are few of them.
  const children = new Map<string, { inc(value?: number): void }>();
  const child = (name: string, make: () => { inc(value?: number): void }): { inc(value?: number): void } => {
    let found = children.get(name);
    if (!found) {
      found = make();
      children.set(name, found);
    }
    return found;
  };
  return {
    ended(start, end) {
      const { method } = start;
      const { status, tokens: parts, provider = "none" } = end;
      child(`r ${method} ${provider} ${status}`, () => requests.labels({ method, provider, status })).inc();
      for (const kind in parts) {
        const count = parts[kind as keyof typeof parts];
        if (count > 0) child(`t ${provider} ${kind}`, () => tokens.labels({ provider, kind })).inc(count);
      }
      if (end.costNanoUsd > 0) child(`c ${provider}`, () => cost.labels({ provider })).inc(toUsd(end.costNanoUsd));
      if (status === "error") errors.inc({ kind: end.errorKind ?? "unknown" });
      if (end.attempts > 1) retries.inc(end.attempts - 1);
      duration.observe((end.finishedAt - start.startedAt) / 1000);
      if (end.ttftMs !== undefined) firstByte.observe(end.ttftMs / 1000);
    },
    text: () => registry.metrics(),
  };
}
