// One entry of the request log, from the hold that survives the process to the row that is written whatever happens.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { CallEnd, CallStart, Expected, HoldId, Ledger } from "../core/ledger.ts";
import { inputTokens, outputTokens } from "../core/usage.ts";
import type { Admission } from "./gate.ts";

/** `asked`: the model or tool, as the caller named it. */
export function startOf(asked: string, call: Call, expected?: Expected): CallStart {
  return {
    requestId: call.requestId,
    parentId: call.parentId,
    startedAt: call.startedAt,
    ip: call.ip,
    keyId: call.principal.keyId,
    method: call.method,
    modelAsked: asked,
    stream: call.progress !== undefined,
    expected,
  };
}

/** Rejects with `storage_unavailable`; the room that was taken is free again then. */
export async function hold(ledger: Ledger, start: CallStart, admission: Admission): Promise<HoldId> {
  try {
    return await ledger.hold(start);
  } catch (cause) {
    admission.release();
    throw cause;
  }
}

/** A row that can't be written now is kept by the ledger; the answer, already paid for, is not withheld for it. */
export async function settle(
  ledger: Ledger,
  id: HoldId,
  start: CallStart,
  end: CallEnd,
  admission: Admission,
): Promise<void> {
  const tokens = inputTokens(end.tokens) + outputTokens(end.tokens);
  try {
    await ledger.settle(id, start, end, () => admission.settle(end.costNanoUsd, tokens));
  } catch {
    // Told by the ledger's own fault, once for all calls.
  }
}

/** Why a call ended without an answer: what ended it from outside, else the cause. A bug keeps its stack for the log; the waist shows none of it. */
export function endedBy(cause: unknown, signal: AbortSignal): BrokerError {
  if (signal.aborted) return signal.reason instanceof BrokerError ? signal.reason : new BrokerError("cancelled");
  return cause instanceof BrokerError ? cause : bug(cause);
}

export function bug(cause: unknown): BrokerError {
  const error = new BrokerError("internal");
  error.cause = cause;
  return error;
}
