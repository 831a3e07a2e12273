// How much a call took, whatever it asked for, and the sum over its attempts.

import type { CallEnd } from "../core/ledger.ts";
import { addTokens, addUnits, NO_TOKENS, NO_UNITS, type TokenParts, tokenCount, type Units } from "../core/usage.ts";

export interface Taken {
  readonly tokens: TokenParts;
  readonly units: Units;
  readonly source: CallEnd["usageSource"];
}

export const NOTHING_TAKEN: Taken = { tokens: NO_TOKENS, units: NO_UNITS, source: "none" };

/** An estimated part makes the whole an estimate. */
export function addTaken(a: Taken, b: Taken): Taken {
  return { tokens: addTokens(a.tokens, b.tokens), units: addUnits(a.units, b.units), source: sourceOf(a, b) };
}

/** Of a call that takes a prompt and gives no tokens: as the provider told, else as counted. */
export async function promptTaken(told: unknown, count: () => Promise<number>): Promise<Taken> {
  const tokens = tokenCount(told);
  if (tokens > 0) return { tokens: { ...NO_TOKENS, inputUncached: tokens }, units: NO_UNITS, source: "provider" };
  return { tokens: { ...NO_TOKENS, inputUncached: await count() }, units: NO_UNITS, source: "estimated" };
}

function sourceOf(a: Taken, b: Taken): Taken["source"] {
  if (a.source === "estimated" || b.source === "estimated") return "estimated";
  return a.source === "none" ? b.source : a.source;
}
