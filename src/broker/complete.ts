// One metered chat completion: plan, admit, hold, call, fall back, settle. Whatever happens, a call that was admitted
// leaves exactly one row, on disk before the last byte of the answer leaves, and gives back the room that it took.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { CallEnd, CallStart, HoldId, Ledger } from "../core/ledger.ts";
import { fromUsd, type NanoUsd, toUsd } from "../core/money.ts";
import type { Plan } from "../core/plan.ts";
import type { Tracing } from "../core/trace.ts";
import { inputTokens, outputTokens } from "../core/usage.ts";
import type { ChatCompletion, ChatCompletionsCreateParams, Usage } from "../generated/types.ts";
import { ChatRun, type ChatRunDeps } from "./chat-run.ts";
import { demandOf } from "./demand.ts";
import type { Admission, Gate } from "./gate.ts";
import type { Measured } from "./measure.ts";
import type { CallCourse } from "./metrics.ts";
import { type PlanDeps, planChat } from "./plan-chat.ts";

export interface CompleteDeps extends ChatRunDeps, PlanDeps {
  readonly ledger: Ledger;
  readonly gate: Gate;
  /** `undefined`: no traces are wanted. */
  readonly tracing: Tracing | undefined;
  /** Told of every call that ended; for metrics. */
  readonly onEnd: (start: CallStart, end: CallEnd, course: CallCourse) => void;
  /** Milliseconds of a clock that never goes back, with parts of one. */
  readonly ticks: () => number;
}

/** Answers a chat request. With `call.progress` the answer goes out in chunks and then once more, complete, as result. */
export async function complete(
  deps: CompleteDeps,
  params: ChatCompletionsCreateParams,
  call: Call,
): Promise<ChatCompletion> {
  const begunAt = deps.ticks();
  const plan = planned(deps, params, call);
  const admission = deps.gate.admit(call, demandOf(plan, params, deps.gate.hasBudget(call)));
  const start = startOf(params, call);
  const hold = await begin(deps.ledger, start, admission);
  const cap = Math.min(admission.granted, params.max_cost ? fromUsd(params.max_cost) : Number.POSITIVE_INFINITY);
  const span = deps.tracing?.begin(start, call.traceparent);
  const run = new ChatRun(deps, params, call, { plan, cap, rates: admission.rates, span });
  const sentAt = deps.ticks();
  let completion: ChatCompletion | undefined;
  let error: BrokerError | undefined;
  try {
    completion = await run.serve();
  } catch (cause) {
    error = call.signal.aborted ? cancelled(call.signal) : cause instanceof BrokerError ? cause : bug(cause);
  }
  const answeredAt = deps.ticks();
  const measured = await run.measured(completion, error);
  const end = run.end(measured, error);
  await settle(deps.ledger, hold, start, end, admission);
  span?.end(end);
  const overheadMs = sentAt - begunAt + (deps.ticks() - answeredAt);
  deps.onEnd(start, end, { overheadMs, fallbacks: run.fallbacks });
  run.tellReceipt(end.costNanoUsd);
  const usage = priced(measured, end);
  const route = call.explain ? run.explanation() : undefined;
  if (error) throw told(error, usage, route);
  if (!completion) throw new BrokerError("internal");
  await run.sendLast(completion, usage, route);
  return route ? { ...completion, usage, route } : { ...completion, usage };
}

/** A request that can't be planned leaves a row like any other, so what is wrong with it is thrown later. */
function planned(deps: PlanDeps, params: ChatCompletionsCreateParams, call: Call): Plan | BrokerError {
  try {
    return planChat(deps, params, call);
  } catch (cause) {
    if (cause instanceof BrokerError) return cause;
    throw cause;
  }
}

function startOf(params: ChatCompletionsCreateParams, call: Call): CallStart {
  return {
    requestId: call.requestId,
    parentId: undefined,
    startedAt: call.startedAt,
    ip: call.ip,
    keyId: call.principal.keyId,
    method: call.method,
    modelAsked: params.model,
    stream: call.progress !== undefined,
  };
}

async function begin(ledger: Ledger, start: CallStart, admission: Admission): Promise<HoldId> {
  try {
    return await ledger.hold(start);
  } catch (cause) {
    admission.release();
    throw cause;
  }
}

/** A row that can't be written now is kept by the ledger; the answer, already paid for, is not withheld for it. */
async function settle(
  ledger: Ledger,
  hold: HoldId,
  start: CallStart,
  end: CallEnd,
  admission: Admission,
): Promise<void> {
  const tokens = inputTokens(end.tokens) + outputTokens(end.tokens);
  try {
    await ledger.settle(hold, start, end, () => admission.settle(end.costNanoUsd, tokens));
  } catch {
    // Told by the ledger's own fault, once for all calls.
  }
}

/** A bug keeps its stack for the log; the waist shows none of it. */
function bug(cause: unknown): BrokerError {
  const error = new BrokerError("internal");
  error.cause = cause;
  return error;
}

function cancelled(signal: AbortSignal): BrokerError {
  return signal.reason instanceof BrokerError ? signal.reason : new BrokerError("cancelled");
}

/** What was ended from outside tells what was spent until then; whoever asked is told how it was routed. */
function told(error: BrokerError, usage: NonNullable<Usage>, route: object | undefined): BrokerError {
  const ended = error.kind === "cancelled" || error.kind === "deadline_exceeded";
  if (!ended && !route) return error;
  const facts = { ...error.facts, ...(ended ? { usage } : {}), ...(route ? { route } : {}) };
  const full = new BrokerError(error.kind, error.message, facts);
  full.cause = error.cause;
  return full;
}

function priced({ usage, source }: Measured, end: CallEnd): NonNullable<Usage> {
  const cost = toUsd(end.costNanoUsd as NanoUsd);
  if (source === "estimated") return { ...usage, cost, estimated: true, ...(end.priceKnown ? {} : UNKNOWN) };
  return end.priceKnown ? { ...usage, cost } : { ...usage, cost, ...UNKNOWN };
}

const UNKNOWN = { cost_unknown: true } as const;
