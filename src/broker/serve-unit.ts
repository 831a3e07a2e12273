// One metered call of a kind that is one question and one answer: what embeddings, speech, transcriptions, images and
// moderations share.

import type { Call } from "../core/call.ts";
import { seededChance } from "../core/chance.ts";
import { BrokerError } from "../core/errors.ts";
import type { Catalogues } from "../core/model.ts";
import type { ModelKind } from "../core/model-kind.ts";
import { fromUsd } from "../core/money.ts";
import type { Needs } from "../core/needs.ts";
import type { Plan, Requirement } from "../core/plan.ts";
import { route } from "../core/route.ts";
import { type MeteredDeps, metered, type Served } from "./metered.ts";
import type { PlanDeps } from "./plan-chat.ts";
import type { RunDeps, RunOrder } from "./run.ts";
import type { Taken } from "./taken.ts";
import { type UnitKind, UnitRun } from "./unit-run.ts";

export interface UnitDeps extends RunDeps, MeteredDeps, Omit<PlanDeps, "catalogue"> {
  readonly catalogues: () => Catalogues;
}

export interface UnitAsk<Params, Answer> extends UnitKind<Params, Answer> {
  readonly kind: ModelKind;
  /** `undefined`: the first one configured. */
  readonly model: string | undefined;
  readonly models: readonly string[] | undefined;
  /** USD. */
  readonly maxCost: number | undefined;
  /** What is asked of the backend itself. */
  readonly requirement?: Requirement;
  /** Estimates. No provider lets itself be told how long such an answer may be, so all of it is to be paid for. */
  readonly needs: Pick<Needs, "promptTokens" | "units"> &
    Partial<Pick<Needs, "promptTokensAtMost" | "maxTokens" | "choices">>;
}

/** Throws `model_kind_unavailable` where no model of the kind is configured, and what routing, gate and providers throw. */
export function serveUnit<Params, Answer>(
  deps: UnitDeps,
  ask: UnitAsk<Params, Answer>,
  call: Call,
): Promise<Served<Answer, Taken, UnitRun<Params, Answer>>> {
  const model = ask.model ?? deps.catalogues()[ask.kind].models[0]?.id;
  return metered<Answer, Taken, UnitRun<Params, Answer>>(
    deps,
    call,
    {
      model: model ?? "auto",
      maxCost: ask.maxCost,
      plan: () => planUnit(deps, ask, model, call),
      run: (order: RunOrder) => new UnitRun(deps, ask, call, order),
    },
    (_, price) => price,
  );
}

/** By priority: these models are named, not chosen. */
function planUnit<P, A>(deps: UnitDeps, ask: UnitAsk<P, A>, model: string | undefined, call: Call): Plan {
  if (model === undefined) {
    throw new BrokerError("model_kind_unavailable", `No ${ask.kind} model is configured`, { param: "model" });
  }
  const maxCost = ask.maxCost ? fromUsd(ask.maxCost) : undefined;
  const needs: Needs = {
    promptTokensAtMost: ask.needs.promptTokens,
    capabilities: new Set(),
    maxTokens: 0,
    choices: 1,
    fixedOutput: true,
    ...ask.needs,
  };
  return route(
    deps.catalogues()[ask.kind],
    {
      ...{ model, needs, maxCost },
      models: ask.models ?? [],
      allowed: call.principal.key?.models,
      unknownPrice: maxCost !== undefined || deps.gate.hasBudget(call) ? "deny" : deps.unknownPrice,
      strategy: "priority",
      chance: seededChance(1),
      requirement: ask.requirement,
    },
    deps.health,
  );
}
