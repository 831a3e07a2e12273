// What a planned request may come to: what the gate holds before the first upstream byte.

import { BrokerError } from "../core/errors.ts";
import { fromUsd, type NanoUsd, ZERO } from "../core/money.ts";
import { mostOutput } from "../core/needs.ts";
import type { Plan } from "../core/plan.ts";
import { worstCase } from "../core/price.ts";
import type { Demand } from "./gate.ts";

/** Output assumed for limits a minute where the request sets none; corrected when the call has ended. */
const ASSUMED_OUTPUT_TOKENS = 500;
/** An answer that the caller did not bound may be cut down to this by a budget, not further. */
const LEAST_OUTPUT_TOKENS = 1024;

/** `maxCost` in USD. `limited`: a budget applies, so the dearest candidate's worst case is asked for. */
export function demandOf(plan: Plan | BrokerError, maxCost: number | undefined, limited: boolean): Demand {
  if (plan instanceof BrokerError) return { tokens: 0, worst: ZERO, least: ZERO };
  const { promptTokens, promptTokensAtMost, maxTokens, choices, units } = plan.needs;
  const tokens = promptTokens + choices * (maxTokens ?? ASSUMED_OUTPUT_TOKENS);
  if (!limited) return { tokens, worst: ZERO, least: ZERO };
  let worst = 0;
  let least = 0;
  for (const { model, backend, cost } of plan.candidates) {
    if (!cost || !backend.prices) continue;
    const shortest = Math.min(choices * LEAST_OUTPUT_TOKENS, mostOutput(plan.needs, model));
    worst = Math.max(worst, cost.max);
    least = Math.max(
      least,
      maxTokens === undefined ? worstCase(backend.prices, promptTokensAtMost, shortest, units) : cost.max,
    );
  }
  const cap = maxCost ? fromUsd(maxCost) : Number.POSITIVE_INFINITY;
  return { tokens, worst: Math.min(worst, cap) as NanoUsd, least: Math.min(least, cap) as NanoUsd };
}
