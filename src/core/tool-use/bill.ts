// What a request with tools has come to: tokens of all rounds with the model, the cost of everything that ran for it.

import type { Usage } from "../../generated/types.ts";
import { type NanoUsd, toUsd, ZERO } from "../money.ts";
import { tokenCount } from "../usage.ts";

type Told = NonNullable<Usage>;
type Details = Readonly<Record<string, unknown>> | null | undefined;

export class Bill {
  /** Requests to the model. */
  rounds = 0;
  /** Tools that were called. */
  toolCalls = 0;
  cost: NanoUsd = ZERO;
  #usage: Told = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

  pay(cost: NanoUsd): void {
    this.cost = (this.cost + cost) as NanoUsd;
  }

  /** Tokens of a round; its cost is told by `pay`. */
  addTokens(usage: Usage | undefined): void {
    if (!usage) return;
    const sum = this.#usage;
    const prompt = sumOf(sum.prompt_tokens_details, usage.prompt_tokens_details);
    const completion = sumOf(sum.completion_tokens_details, usage.completion_tokens_details);
    this.#usage = {
      prompt_tokens: sum.prompt_tokens + tokenCount(usage.prompt_tokens),
      completion_tokens: sum.completion_tokens + tokenCount(usage.completion_tokens),
      total_tokens: sum.total_tokens + tokenCount(usage.total_tokens),
      ...(prompt ? { prompt_tokens_details: prompt } : {}),
      ...(completion ? { completion_tokens_details: completion } : {}),
      ...(sum.estimated || usage.estimated ? { estimated: true } : {}),
      ...(sum.cost_unknown || usage.cost_unknown ? { cost_unknown: true } : {}),
    };
  }

  usage(): Told {
    return { ...this.#usage, cost: toUsd(this.cost), rounds: this.rounds, tool_calls: this.toolCalls };
  }
}

/** Counts by name. */
function sumOf(a: Details, b: Details): Record<string, number> | undefined {
  if (!a && !b) return undefined;
  const sum: Record<string, number> = {};
  for (const [name, value] of [...Object.entries(a ?? {}), ...Object.entries(b ?? {})]) {
    if (typeof value === "number") sum[name] = (Object.hasOwn(sum, name) ? (sum[name] ?? 0) : 0) + tokenCount(value);
  }
  return sum;
}
