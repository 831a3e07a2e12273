// What the use cases run on: the gate before every call, the metrics behind it, and the deps of all that is metered.

import type { CompleteDeps } from "../broker/complete.ts";
import { Gate } from "../broker/gate.ts";
import { InFlight } from "../broker/in-flight.ts";
import { createMetrics, type Metrics } from "../broker/metrics.ts";
import type { UnitDeps } from "../broker/serve-unit.ts";
import { Sticky } from "../broker/sticky.ts";
import { createTokenCounter } from "../broker/token-counter.ts";
import { toUsd } from "../core/money.ts";
import type { Facts, Rooms } from "./rooms.ts";

export interface Engine {
  readonly metrics: Metrics;
  readonly deps: CompleteDeps & UnitDeps;
}

export function createEngine(rooms: Rooms, facts: Facts): Engine {
  const gate = createGate(rooms, (limit) => metrics.refused(limit));
  const metrics = createMetricsOf(rooms, gate, facts);
  return { metrics, deps: depsOf(rooms, gate, metrics) };
}

function createGate({ env, log, store }: Rooms, onRefusal: (limit: string) => void): Gate {
  return new Gate({
    spending: store.spending,
    globalBudget: env.GLOBAL_BUDGET,
    ipBudget: env.IP_BUDGET,
    ipRequestsPerMinute: env.RATE_LIMIT_RPM,
    now: Date.now,
    ticks,
    onAlert: (scope, { budget, spent }) =>
      log.warn({ ...scope, period: budget.period, usd: toUsd(budget.limit), spent_usd: toUsd(spent) }, "budget alert"),
    onRefusal,
  });
}

function createMetricsOf({ models, store, health }: Rooms, gate: Gate, { waist }: Facts): Metrics {
  return createMetrics({
    inFlight: () => waist().inFlight,
    breakers: () => health.states(),
    ledgerLagMs: () => store.ledger.lagMs,
    ledgerUnwritten: () => store.ledger.unwritten,
    taken: () => gate.taken,
    knows: (model) => models.catalogue.byName.has(model),
  });
}

function depsOf(rooms: Rooms, gate: Gate, metrics: Metrics): Engine["deps"] {
  const { env, providers, models, store, speeds, health, tracing } = rooms;
  return {
    catalogue: () => models.catalogue,
    catalogues: () => models.catalogues,
    ...{ providers, gate, speeds, health, tracing },
    ledger: store.ledger,
    counter: createTokenCounter(),
    strategy: env.ROUTING_STRATEGY,
    unknownPrice: env.UNKNOWN_PRICE,
    inFlight: new InFlight(),
    sticky: new Sticky({ now: ticks }),
    backoff: {
      initialMs: env.CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL,
      maxMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL,
      maxElapsedMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME,
      multiplier: env.CHAT_COMPLETIONS_BACKOFF_MULTIPLIER,
      randomization: env.CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR,
    },
    now: Date.now,
    ticks,
    random: Math.random,
    onEnd: metrics.ended,
  };
}

const ticks = (): number => performance.now();
