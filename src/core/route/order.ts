// The order of candidates under each strategy. Ties go by priority, then by the model's id, then as configured.

import type { Tier } from "../../generated/types.ts";
import type { Backend } from "../model.ts";
import type { Needs } from "../needs.ts";
import type { Ask, Candidate, Outlook, Strategy } from "../plan.ts";
import { expectedCost } from "../price.ts";

/** Why a candidate stands where it stands. */
export const REASON: Readonly<Record<Strategy, string>> = {
  cheapest: "by estimated cost",
  best: "by tier and quality",
  fastest: "by measured speed",
  balanced: "by chance, weighted by price",
  priority: "by priority",
};

/** Output assumed when the request sets no limit, to compare costs; and to compare speeds. */
const ASSUMED_OUTPUT_TOKENS = 500;
/** What free models count as where prices are weights: 0.01 USD per million tokens, in pico-USD per token. */
const FREE_COUNTS_AS = 10_000;
/**
 * Share of requests that try a backend first whose speed nobody has measured. Few, so that no burst hangs on an unknown
 * backend; enough, so that all get measured.
 */
const EXPLORING = 0.1;
const UNMEASURED = "speed not measured lately, tried first this time";
const TIER_RANK: Readonly<Record<Tier, number>> = { premium: 3, standard: 2, economy: 1, free: 0 };

/** Changes neither list nor candidates. */
export function inOrder(candidates: readonly Candidate[], order: Strategy, ask: Ask, outlook: Outlook): Candidate[] {
  switch (order) {
    case "cheapest":
      return ranked(candidates, ({ backend }) => estimate(backend, ask.needs));
    case "best":
      return candidates.toSorted(
        (a, b) => TIER_RANK[b.model.tier] - TIER_RANK[a.model.tier] || b.model.quality - a.model.quality || tie(a, b),
      );
    case "fastest":
      return fastest(candidates, ask, outlook);
    case "balanced":
      return ranked(candidates, ({ backend }) => draw(estimate(backend, ask.needs), ask));
    case "priority":
      return candidates.toSorted((a, b) => a.backend.priority - b.backend.priority);
  }
}

/** Lowest score first; two infinite ones are equal. */
function ranked(candidates: readonly Candidate[], scoreOf: (candidate: Candidate) => number): Candidate[] {
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate) }))
    .sort((a, b) => (a.score === b.score ? tie(a.candidate, b.candidate) : a.score - b.score))
    .map(({ candidate }) => candidate);
}

function tie(a: Candidate, b: Candidate): number {
  return a.backend.priority - b.backend.priority || (a.model.id < b.model.id ? -1 : a.model.id > b.model.id ? 1 : 0);
}

/** Pico-USD that this request may be expected to cost; Infinity where the price is not known. */
function estimate({ prices }: Backend, needs: Needs): number {
  if (!prices) return Number.POSITIVE_INFINITY;
  return expectedCost(prices, needs.promptTokens, outputOf(needs), needs.units);
}

function outputOf({ maxTokens, choices }: Needs): number {
  return choices * (maxTokens ?? ASSUMED_OUTPUT_TOKENS);
}

/**
 * The one with the lowest draw goes first, which happens in proportion to its weight, the inverse square of its price; so
 * on for the rest. An unknown price has no weight: last.
 */
function draw(price: number, { needs, chance }: Ask): number {
  const floor = FREE_COUNTS_AS * (needs.promptTokens + outputOf(needs));
  return -Math.log(1 - chance()) * Math.max(price, floor) ** 2;
}

/** Milliseconds to a whole answer, as measured; those not measured follow by priority, but for the exploring share. */
function fastest(candidates: readonly Candidate[], { chance }: Ask, outlook: Outlook): Candidate[] {
  const unmeasured: Candidate[] = [];
  const order = ranked(candidates, (candidate) => {
    const speed = outlook.speed(candidate.backend);
    if (speed) return speed.firstTokenMs + (ASSUMED_OUTPUT_TOKENS * 1000) / speed.tokensPerSecond;
    unmeasured.push(candidate);
    return Number.POSITIVE_INFINITY;
  });
  if (unmeasured.length === 0 || chance() >= EXPLORING) return order;
  const chosen = unmeasured[Math.floor(chance() * unmeasured.length)]!;
  return [{ ...chosen, reason: UNMEASURED }, ...order.filter((each) => each !== chosen)];
}
