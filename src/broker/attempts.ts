// Tries targets in order until one answers: backends as routed, within a backend the keys with the fewest calls under way.
// When all have failed it waits and goes round again, within the backoff's time and MAX_ATTEMPTS.

import { setTimeout as sleep } from "node:timers/promises";
import { BrokerError } from "../core/errors.ts";
import { type Backoff, delayMs, judge, MAX_ATTEMPTS, toBrokerError } from "../core/fallback.ts";
import type { ProviderKey } from "../core/model.ts";
import { ProviderFailure } from "../core/provider.ts";
import type { Candidate } from "../core/route.ts";
import type { Target } from "../core/target.ts";
import type { InFlight } from "./in-flight.ts";

export interface AttemptsDeps {
  readonly backoff: Backoff;
  readonly inFlight: InFlight;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * `attempt` makes one upstream call. A ProviderFailure that it throws may lead to another target; anything else ends the
 * call. Rejects with a BrokerError when no target answered.
 */
export async function tryTargets<Answer>(
  deps: AttemptsDeps,
  candidates: readonly Candidate[],
  signal: AbortSignal,
  attempt: (target: Target) => Promise<Answer>,
): Promise<Answer> {
  const state: Rounds = { dropped: new Set(), attempts: 0, last: undefined, retryAfterMs: 0 };
  const deadline = deps.now() + deps.backoff.maxElapsedMs;
  for (let round = 1; ; round++) {
    state.retryAfterMs = 0;
    for (const candidate of candidates) {
      for (const key of leastBusyFirst(candidate.backend.provider.keys, deps.inFlight)) {
        if (state.dropped.has(key)) continue;
        if (state.attempts === MAX_ATTEMPTS) throw state.last;
        state.attempts++;
        deps.inFlight.enter(key.label);
        try {
          return await attempt({ model: candidate.model, backend: candidate.backend, key });
        } catch (failure) {
          note(failure, candidate, key, state);
        } finally {
          deps.inFlight.leave(key.label);
        }
      }
    }
    const waitMs = Math.max(delayMs(deps.backoff, round, deps.random()), state.retryAfterMs);
    const recoverable = candidates.some(({ backend }) => backend.provider.keys.some((key) => !state.dropped.has(key)));
    if (!recoverable || state.attempts === MAX_ATTEMPTS || deps.now() + waitMs > deadline) throw state.last;
    await sleep(waitMs, undefined, { signal }).catch(() => {
      throw new BrokerError("cancelled");
    });
  }
}

interface Rounds {
  readonly dropped: Set<ProviderKey>;
  attempts: number;
  /** What to tell the caller; a refused key is the least telling of failures. */
  last: BrokerError | undefined;
  /** The longest wait that a provider asked for in this round. */
  retryAfterMs: number;
}

/** Throws what ends the call; otherwise another target may be tried. */
function note(failure: unknown, { backend }: Candidate, key: ProviderKey, state: Rounds): void {
  if (!(failure instanceof ProviderFailure)) throw failure;
  const error = toBrokerError(failure, backend.provider.name);
  switch (judge(failure)) {
    case "cancelled":
    case "reject":
      throw error;
    case "drop":
      state.dropped.add(key);
      state.last ??= error;
      return;
    case "next":
      state.last = error;
      state.retryAfterMs = Math.max(state.retryAfterMs, failure.retryAfterMs ?? 0);
  }
}

function leastBusyFirst(keys: readonly ProviderKey[], inFlight: InFlight): readonly ProviderKey[] {
  if (keys.length < 2) return keys;
  return [...keys].sort((a, b) => inFlight.of(a.label) - inFlight.of(b.label));
}
