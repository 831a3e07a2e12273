// The request log. A call is held before its first upstream byte, in a way that survives the process; settling it writes its
// one row. What is held and not settled when its process has died was interrupted, and gets its row at the next start.

import type { Scope } from "./budget.ts";
import type { NanoUsd } from "./money.ts";
import type { TokenParts, Units } from "./usage.ts";

export type EntryStatus = "ok" | "error" | "cancelled" | "interrupted";

/** What is known when a call starts. Times are Unix milliseconds. */
export interface CallStart {
  readonly requestId: string;
  readonly parentId: string | undefined;
  readonly startedAt: number;
  readonly ip: string;
  readonly keyId: string | undefined;
  readonly method: string;
  readonly modelAsked: string;
  readonly stream: boolean;
  /** Absent of calls that ask no provider. */
  readonly expected?: Expected | undefined;
}

/** What a call is billed for when its process died: its input, and the units that it asked for, at its first candidate. */
export interface Expected {
  readonly modelServed: string;
  readonly provider: string;
  readonly modelId: string;
  /** Estimated; kinds that there are none of left out. */
  readonly tokens: Partial<TokenParts>;
  readonly units: Units | undefined;
  readonly costNanoUsd: NanoUsd;
  readonly priceKnown: boolean;
}

/** What is known when it has ended. */
export interface CallEnd {
  readonly finishedAt: number;
  /** Milliseconds from start to the first byte of the answer. */
  readonly ttftMs: number | undefined;
  readonly modelServed: string | undefined;
  readonly provider: string | undefined;
  /** The model's name at the provider. */
  readonly modelId: string | undefined;
  readonly keyLabel: string | undefined;
  readonly tokens: TokenParts;
  readonly units: Units;
  readonly usageSource: "provider" | "estimated" | "none";
  readonly costNanoUsd: NanoUsd;
  /** False: what served the call, or the way it was asked to, has no known price. The cost is of what has one. */
  readonly priceKnown: boolean;
  readonly attempts: number;
  readonly status: EntryStatus;
  readonly errorKind: string | undefined;
}

/** What the budgets read. */
export interface Spending {
  /** Sum of the costs of rows on disk that ended at or after `from`: a whole hour for a key, a whole day otherwise. */
  spent(scope: Scope, from: number): NanoUsd;
  /** Differs from what it was before when another process of the data folder has written since. */
  readonly version: number;
}

/** An open hold; opaque to all but the store. */
export type HoldId = number;

export interface Ledger {
  /** Once it resolves `kill -9` leaves a trace of the call; rejects with `storage_unavailable`. */
  hold(start: CallStart): Promise<HoldId>;
  /**
   * Resolves when the row is on disk; `onDisk` is called in that very step, so that sums read before and after it are right.
   * Settling a hold again changes nothing.
   */
  settle(hold: HoldId, start: CallStart, end: CallEnd, onDisk?: () => void): Promise<"settled" | "already_settled">;
  /** Totals (from the rollups) and last requests by client address, for `system.metrics`; addresses with the newest requests first. */
  byIp(limit: number): readonly IpTotals[];
  /** Rows that wait to be written, and milliseconds for which the oldest has been waiting (0: none waits). */
  readonly unwritten: number;
  readonly lagMs: number;
  /** The last write's fault, while there is one. */
  readonly fault: string | undefined;
  /** Writes what waits and closes. */
  close(): Promise<void>;
}

export interface IpTotals {
  readonly ip: string;
  readonly requests: number;
  readonly errors: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly inFlight: number;
  readonly recent: readonly {
    readonly requestId: string;
    readonly startedAt: number;
    readonly finishedAt: number;
    readonly model: string;
    readonly status: EntryStatus;
  }[];
}
