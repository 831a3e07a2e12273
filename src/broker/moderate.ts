// One metered moderation, by the model that the configuration names for it. Most providers tell no usage of it.

import type { Call } from "../core/call.ts";
import { NO_UNITS } from "../core/usage.ts";
import type { Moderation, ModerationsCreateParams } from "../generated/types.ts";
import { promptNeeds } from "./by-tokens.ts";
import { count } from "./measure.ts";
import { serveUnit, type UnitAsk, type UnitDeps } from "./serve-unit.ts";
import { promptTaken } from "./taken.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface ModerateDeps extends UnitDeps {
  readonly counter: TokenCounter;
}

type Params = ModerationsCreateParams;

/** Throws what serveUnit throws. */
export async function moderate(deps: ModerateDeps, params: Params, call: Call): Promise<Moderation> {
  const text = textOf(params.input);
  const ask: UnitAsk<Params, Moderation> = {
    kind: "moderation",
    model: params.model,
    models: params.models,
    maxCost: params.max_cost,
    needs: { ...promptNeeds(text), units: NO_UNITS },
    params,
    ask: (provider, upstream) => provider.moderate?.(upstream),
    taken: (answer) => promptTaken(answer?.usage?.prompt_tokens, () => count(deps.counter, text)),
  };
  const { answer, taken, price, route } = await serveUnit(deps, ask, call);
  const { inputUncached: tokens } = taken.tokens;
  const estimated = taken.source === "estimated" ? { estimated: true } : undefined;
  const usage = { ...answer.usage, prompt_tokens: tokens, total_tokens: tokens, ...price, ...estimated };
  return { ...answer, usage, ...(route ? { route } : undefined) };
}

function textOf(input: Params["input"]): string {
  if (typeof input === "string") return input;
  const texts = input.map((each) => (typeof each === "string" ? each : each.text));
  return texts.filter((text) => typeof text === "string").join("\n");
}
