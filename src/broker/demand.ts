// What a planned request may come to: what the gate holds before the first upstream byte, and what is billed if the process dies.

import { BrokerError } from "../core/errors.ts";
import type { Expected } from "../core/ledger.ts";
import { fromUsd, type NanoUsd, ZERO } from "../core/money.ts";
import { mostOutput } from "../core/needs.ts";
import type { Plan } from "../core/plan.ts";
import { cost, worstCase } from "../core/price.ts";
import { NO_TOKENS, NO_UNITS } from "../core/usage.ts";
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
  for (const { model, backend, cost: range } of plan.candidates) {
    if (!range || !backend.prices) continue;
    const shortest = Math.min(choices * LEAST_OUTPUT_TOKENS, mostOutput(plan.needs, model));
    worst = Math.max(worst, range.max);
    least = Math.max(
      least,
      maxTokens === undefined ? worstCase(backend.prices, promptTokensAtMost, shortest, units) : range.max,
    );
  }
  const cap = maxCost ? fromUsd(maxCost) : Number.POSITIVE_INFINITY;
  return { tokens, worst: Math.min(worst, cap) as NanoUsd, least: Math.min(least, cap) as NanoUsd };
}

/** What it is billed for if its process dies. `undefined`: nobody will be asked. */
export function expectedOf(plan: Plan | BrokerError): Expected | undefined {
  if (plan instanceof BrokerError || plan.refusal) return undefined;
  const [first] = plan.candidates;
  if (!first) return undefined;
  const { model, backend } = first;
  const { promptTokens, units } = plan.needs;
  const tokens = model.kind === "transcription" ? { audioInput: promptTokens } : { inputUncached: promptTokens };
  return {
    modelServed: model.id,
    provider: backend.provider.name,
    modelId: backend.modelId,
    tokens,
    units: units === NO_UNITS ? undefined : units,
    costNanoUsd: backend.prices ? cost({ ...NO_TOKENS, ...tokens }, backend.prices, units) : ZERO,
    priceKnown: backend.prices !== undefined && !plan.pricedOtherwise,
  };
}
