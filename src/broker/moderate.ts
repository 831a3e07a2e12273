// One metered moderation, by the model that the configuration names for it.

import type { Call } from "../core/call.ts";
import { NO_TOKENS, NO_UNITS, tokenCount } from "../core/usage.ts";
import type { Moderation, ModerationsCreateParams } from "../generated/types.ts";
import { tokensAtMost } from "./by-tokens.ts";
import { count } from "./measure.ts";
import type { Taken } from "./run.ts";
import { serveUnit, type UnitAsk, type UnitDeps } from "./serve-unit.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface ModerateDeps extends UnitDeps {
  readonly counter: TokenCounter;
}

type Params = ModerationsCreateParams;

const CHARACTERS_A_TOKEN = 4;

/** Throws what serveUnit throws. */
export async function moderate(deps: ModerateDeps, params: Params, call: Call): Promise<Moderation> {
  const text = textOf(params.input);
  const ask: UnitAsk<Params, Moderation> = {
    kind: "moderation",
    model: params.model,
    models: params.models,
    maxCost: params.max_cost,
    needs: {
      promptTokens: Math.ceil(text.length / CHARACTERS_A_TOKEN),
      promptTokensAtMost: tokensAtMost(text),
      units: NO_UNITS,
    },
    params,
    ask: (provider, upstream) => provider.moderate?.(upstream),
    taken: (answer) => takenBy(deps.counter, text, answer),
  };
  const { answer, taken, price, route } = await serveUnit(deps, ask, call);
  const { inputUncached: tokens } = taken.tokens;
  const estimated = taken.source === "estimated" ? { estimated: true } : undefined;
  const usage = { ...answer.usage, prompt_tokens: tokens, total_tokens: tokens, ...price, ...estimated };
  return { ...answer, usage, ...(route ? { route } : undefined) };
}

/** Most providers tell no usage of moderations. */
async function takenBy(counter: TokenCounter, text: string, answer: Moderation | undefined): Promise<Taken> {
  const told = tokenCount(answer?.usage?.prompt_tokens);
  const isTold = told > 0;
  const inputUncached = isTold ? told : await count(counter, text);
  return { tokens: { ...NO_TOKENS, inputUncached }, units: NO_UNITS, source: isTold ? "provider" : "estimated" };
}

function textOf(input: Params["input"]): string {
  if (typeof input === "string") return input;
  const texts = input.map((each) => (typeof each === "string" ? each : each.text));
  return texts.filter((text) => typeof text === "string").join("\n");
}
