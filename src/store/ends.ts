// Ends of calls that are written though little is known of them.

import type { CallEnd, CallStart } from "../core/ledger.ts";
import { ZERO } from "../core/money.ts";
import { NO_TOKENS, NO_UNITS } from "../core/usage.ts";

/** Of a call that was interrupted: what it took died with its process, so that its input, where a provider was to get it, is billed as estimated. */
export function interrupted({ expected }: CallStart, finishedAt: number): CallEnd {
  return {
    finishedAt,
    ttftMs: undefined,
    modelServed: expected?.modelServed,
    provider: expected?.provider,
    modelId: expected?.modelId,
    keyLabel: undefined,
    tokens: expected ? { ...NO_TOKENS, ...expected.tokens } : NO_TOKENS,
    units: expected?.units ?? NO_UNITS,
    usageSource: expected ? "estimated" : "none",
    costNanoUsd: expected?.costNanoUsd ?? ZERO,
    priceKnown: expected?.priceKnown ?? true,
    attempts: expected ? 1 : 0,
    status: "interrupted",
    errorKind: undefined,
  };
}

/** For a row whose numbers the database can't hold. */
export const NO_NUMBERS = {
  tokens: NO_TOKENS,
  units: NO_UNITS,
  costNanoUsd: ZERO,
  priceKnown: false,
  ttftMs: undefined,
};

/** A fault of what was to be written, not of the database. */
export function isOfRow(cause: unknown): boolean {
  const { code } = cause as { code?: unknown };
  return (
    cause instanceof RangeError ||
    cause instanceof TypeError ||
    /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(String(code))
  );
}
