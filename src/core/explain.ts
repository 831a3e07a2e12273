// A plan as callers see it: `models.route`, and the explanation that comes with an answer.

import type { RouteAttempt, RoutePlan } from "../generated/types.ts";
import type { Backend, Model } from "./model.ts";
import { toUsd } from "./money.ts";
import type { Plan } from "./plan.ts";

/** Bounds of the document. */
const LONGEST_NAME = 256;
const LONGEST_REASON = 512;
const MOST_LISTED = 10_000;

/** Candidates in order, then what was dropped; with `attempts` what was tried. Costs in USD. */
export function explain(plan: Plan, attempts?: readonly RouteAttempt[]): RoutePlan {
  const kept = plan.candidates.map(({ model, backend, reason, cost }) => ({
    ...served(model, backend),
    kept: true,
    reason,
    ...(cost ? { cost: { min: toUsd(cost.min), max: toUsd(cost.max) } } : {}),
  }));
  const dropped = plan.dropped.map(({ model, backend, reason }) => ({
    ...served(model, backend),
    kept: false,
    reason: reason.slice(0, LONGEST_REASON),
  }));
  return {
    requested: plan.requested.slice(0, LONGEST_NAME),
    strategy: plan.strategy,
    prompt_tokens: plan.needs.promptTokens,
    candidates: [...kept, ...dropped].slice(0, MOST_LISTED),
    ...(attempts ? { attempts: [...attempts] } : {}),
  };
}

/** The names that candidates and attempts have in common. */
export function served(model: Model, backend: Backend): Pick<RouteAttempt, "model" | "provider" | "model_id"> {
  return {
    model: model.id.slice(0, LONGEST_NAME),
    provider: backend.provider.name,
    model_id: backend.modelId.slice(0, LONGEST_NAME),
  };
}
