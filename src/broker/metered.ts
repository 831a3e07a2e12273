// The one metered engine: plan, admit, hold, run, settle. Whatever happens, a call that was admitted leaves exactly one row,
// on disk before the last byte of the answer leaves, and gives back the room that it took.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { CallEnd, CallStart, Ledger } from "../core/ledger.ts";
import { fromUsd, toUsd } from "../core/money.ts";
import type { Plan } from "../core/plan.ts";
import type { Tracing } from "../core/trace.ts";
import type { RoutePlan } from "../generated/types.ts";
import { demandOf, expectedOf } from "./demand.ts";
import { bug, endedBy, hold, settle, startOf } from "./entry.ts";
import type { Gate } from "./gate.ts";
import type { CallCourse } from "./metrics.ts";
import type { Run, RunOrder } from "./run.ts";
import type { Taken } from "./taken.ts";

export interface MeteredDeps {
  readonly ledger: Ledger;
  readonly gate: Gate;
  /** `undefined`: no traces are wanted. */
  readonly tracing: Tracing | undefined;
  /** Told of every call that ended; for metrics. */
  readonly onEnd: (start: CallStart, end: CallEnd, course: CallCourse) => void;
  /** Milliseconds of a clock that never goes back, with parts of one. */
  readonly ticks: () => number;
}

/** What is asked for, and how. */
export interface Metered<R> {
  readonly model: string;
  /** USD. */
  readonly maxCost: number | undefined;
  /** Throws what makes the request impossible. */
  readonly plan: () => Plan;
  readonly run: (order: RunOrder) => R;
}

export interface Served<Answer, T, R> {
  readonly answer: Answer;
  readonly taken: T;
  /** USD, and whether that is all that can be known of it. */
  readonly price: { readonly cost: number; readonly cost_unknown?: true };
  /** Where the caller asked for it. */
  readonly route: RoutePlan | undefined;
  readonly run: R;
}

/** `toldUsage` is what an error tells of a call that has cost something: what its row says. */
export async function metered<Answer, T extends Taken, R extends Run<Answer, T>>(
  deps: MeteredDeps,
  call: Call,
  asked: Metered<R>,
  toldUsage: (end: CallEnd, price: Served<Answer, T, R>["price"]) => object,
): Promise<Served<Answer, T, R>> {
  const begunAt = deps.ticks();
  const plan = planned(asked);
  const admission = deps.gate.admit(call, demandOf(plan, asked.maxCost, deps.gate.hasBudget(call)));
  const start = startOf(asked.model, call, expectedOf(plan));
  const id = await hold(deps.ledger, start, admission);
  const maxCost = asked.maxCost ? fromUsd(asked.maxCost) : Number.POSITIVE_INFINITY;
  const span = deps.tracing?.begin(start, call.traceparent);
  const run = asked.run({ plan, admission, maxCost, span });
  const sentAt = deps.ticks();
  let answer: Answer | undefined;
  let error: BrokerError | undefined;
  try {
    answer = await run.serve();
  } catch (cause) {
    error = endedBy(cause, call.signal);
  }
  const answeredAt = deps.ticks();
  const taken = await run.measured(answer, error).catch((cause: unknown) => {
    error ??= bug(cause);
    return run.nothing;
  });
  const end = run.end(taken, error);
  await settle(deps.ledger, id, start, end, admission);
  span?.end(end);
  deps.onEnd(start, end, { overheadMs: sentAt - begunAt + (deps.ticks() - answeredAt), fallbacks: run.fallbacks });
  run.tellReceipt(end.costNanoUsd);
  const price = { cost: toUsd(end.costNanoUsd), ...(end.priceKnown ? undefined : UNKNOWN) };
  const route = call.explain ? run.explanation() : undefined;
  if (error) throw told(error, tellsUsage(error, end) ? toldUsage(end, price) : undefined, route);
  if (answer === undefined) throw new BrokerError("internal");
  return { answer, taken, price, route, run };
}

const UNKNOWN = { cost_unknown: true } as const;

/** A request that can't be planned leaves a row like any other, so what is wrong with it is thrown later. */
function planned(asked: Pick<Metered<unknown>, "plan">): Plan | BrokerError {
  try {
    return asked.plan();
  } catch (cause) {
    if (cause instanceof BrokerError) return cause;
    throw cause;
  }
}

/** What was ended from outside tells its usage even where that is none. */
function tellsUsage({ kind }: BrokerError, { usageSource, costNanoUsd }: CallEnd): boolean {
  return kind === "cancelled" || kind === "deadline_exceeded" || usageSource !== "none" || costNanoUsd > 0;
}

/** Whoever pays is told for what, and whoever asked is told how it was routed. */
function told(error: BrokerError, usage: object | undefined, route: RoutePlan | undefined): BrokerError {
  return usage || route ? error.with({ ...(usage ? { usage } : {}), ...(route ? { route } : {}) }) : error;
}
