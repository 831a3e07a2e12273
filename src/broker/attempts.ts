// Tries targets in the order of the plan until one answers: a conversation's own target first, within a backend the keys
// with the fewest calls under way, never one that cools down. When all that may be tried have failed or are cooling it
// waits and goes round again, within the backoff's time, the caller's deadline and MAX_ATTEMPTS.

import { setTimeout as pause } from "node:timers/promises";
import { BrokerError } from "../core/errors.ts";
import { served } from "../core/explain.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import { ProviderFailure } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import type { RouteAttempt } from "../generated/types.ts";
import { type Health, labelOf, type Pass } from "./health.ts";
import { Rounds, type RoundsDeps, type Trial } from "./rounds.ts";
import type { Sticky } from "./sticky.ts";

export interface AttemptsDeps extends RoundsDeps {
  readonly sticky: Sticky;
  /** Waits; rejects when the signal is aborted. A timer where none is given. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** The call that looks for an answer. */
export interface Seeking {
  readonly signal: AbortSignal;
  /** Unix milliseconds after which no wait may end. */
  readonly deadline: number | undefined;
  /** The conversation, as `prefixKey` tells it; asked for only where there is a choice. */
  readonly sticky: (() => string) | undefined;
  /** False: the request can't pay for this candidate any more. */
  readonly mayTry?: (candidate: Candidate) => boolean;
}

/**
 * `attempt` makes one upstream call. A ProviderFailure that it throws may lead to another target; anything else ends the
 * call, and where its `cause` is a ProviderFailure that one still counts for the target's health. `told` hears of every
 * upstream call that ended. `begun` may be called when the answer has begun: a target on probation is well from then on,
 * and others need not wait for the end of a long answer. Rejects with a BrokerError when no target answered.
 */
export async function tryTargets<Answer>(
  deps: AttemptsDeps,
  plan: Plan,
  call: Seeking,
  attempt: (target: Target, candidate: Candidate, begun: () => void) => Promise<Answer>,
  told?: (made: RouteAttempt) => void,
): Promise<Answer> {
  if (plan.refusal) throw plan.refusal;
  const rounds = new Rounds(deps, plan, call.mayTry);
  const sticky = rounds.hasChoice ? call.sticky?.() : undefined;
  if (sticky !== undefined) rounds.prefer(deps.sticky.of(sticky));
  for (;;) {
    const trial = rounds.next();
    if (!trial) {
      await wait(deps, rounds.waitMs(call.deadline), call.signal);
      continue;
    }
    const { candidate, key } = trial;
    const { model, backend } = candidate;
    const startedAt = deps.now();
    let ended: ProviderFailure | "neutral" | undefined = "neutral";
    deps.inFlight.enter(key.label);
    try {
      const answer = await attempt({ model, backend, key }, candidate, begunOf(deps.health, trial.pass));
      ended = undefined;
      if (sticky !== undefined) deps.sticky.remember(sticky, labelOf(backend, key));
      return answer;
    } catch (failure) {
      if (call.signal.aborted) throw reasonOf(call.signal);
      ended = failureOf(failure);
      if (!(failure instanceof ProviderFailure)) throw failure;
      rounds.failed(failure, trial);
    } finally {
      deps.inFlight.leave(key.label);
      deps.health.leave(trial.pass, backend, key, ended);
      told?.(made(trial, ended, deps.now() - startedAt));
    }
  }
}

async function wait({ sleep }: AttemptsDeps, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await (sleep ? sleep(ms, signal) : pause(ms, undefined, { signal }));
  } catch {
    throw reasonOf(signal);
  }
}

function reasonOf({ reason }: AbortSignal): BrokerError {
  return reason instanceof BrokerError ? reason : new BrokerError("cancelled");
}

function begunOf(health: Health, pass: Pass): () => void {
  return pass.entry === "probe" ? () => health.begun(pass) : NOTHING;
}

const NOTHING = (): void => {};

/** What is to blame on the target. */
function failureOf(thrown: unknown): ProviderFailure | "neutral" {
  if (thrown instanceof ProviderFailure) return thrown;
  return thrown instanceof BrokerError && thrown.cause instanceof ProviderFailure ? thrown.cause : "neutral";
}

function made(
  { candidate: { model, backend }, key }: Trial,
  ended: ProviderFailure | "neutral" | undefined,
  ms: number,
): RouteAttempt {
  const status = typeof ended === "object" ? ended.status : undefined;
  return {
    ...served(model, backend),
    key: key.label,
    outcome: ended === undefined ? "ok" : ended === "neutral" ? "ended" : outcomeOf(ended),
    ...(status === undefined ? {} : { status }),
    ms: Math.max(0, ms),
  };
}

function outcomeOf({ kind, status = 502 }: ProviderFailure): string {
  if (kind !== "status") return kind === "aborted" ? "ended" : kind;
  if (status === 429) return "rate_limited";
  if (status === 401 || status === 402 || status === 403) return "key_refused";
  return status >= 400 && status < 500 && status !== 408 ? "rejected" : "failed";
}
