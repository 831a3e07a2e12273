// Ends of calls that are written though little is known of them.

import type { CallEnd } from "../core/ledger.ts";
import { ZERO } from "../core/money.ts";
import { NO_TOKENS, NO_UNITS } from "../core/usage.ts";

/** Of an interrupted call only the start is known; what it spent died with its process. */
export const INTERRUPTED: Omit<CallEnd, "finishedAt"> = {
  ttftMs: undefined,
  modelServed: undefined,
  provider: undefined,
  modelId: undefined,
  keyLabel: undefined,
  tokens: NO_TOKENS,
  units: NO_UNITS,
  usageSource: "none",
  costNanoUsd: ZERO,
  priceKnown: true,
  attempts: 0,
  status: "interrupted",
  errorKind: undefined,
};

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
