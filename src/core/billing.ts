// What was used and spent, as reports on the request log. Days are of UTC and those on which calls ended.

import type { BillingRequest, BillingSummary, UsageReport } from "../generated/types.ts";

export type UsageBy = "ip" | "key" | "model" | "provider" | "day";

/** `undefined`: not asked for. Days (`2026-11-21`) are included. */
export interface UsageFilter {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly ip: string | undefined;
  readonly key: string | undefined;
}

export interface RowFilter extends UsageFilter {
  /** As served. */
  readonly model: string | undefined;
  readonly provider: string | undefined;
  readonly status: BillingRequest["status"] | undefined;
}

/** All throw `storage_unavailable` where the request log can't be read. */
export interface Billing {
  /**
   * Dearest first; days in their order, the newest where there are more than `limit`. What is not summed up anywhere (both
   * an address and a key) is summed from rows: throws `too_large` where they are too many, `invalid_params` where
   * some of them are not kept any more.
   */
  usage(by: UsageBy, filter: UsageFilter, limit: number): Promise<Pick<UsageReport, "data" | "total" | "truncated">>;
  /** Newest first, those before the row `before`. Few or none where few match: `next` is where to go on, if there is more. */
  requests(
    filter: RowFilter,
    page: { readonly limit: number; readonly before: number | undefined },
  ): Promise<{ readonly data: BillingRequest[]; readonly next: number | undefined }>;
  /** Rows that there are now, oldest first, some hundreds at a time; each has all columns in their order. */
  rows(filter: UsageFilter): AsyncIterable<readonly LogRow[]>;
  /** Columns of the rows. */
  readonly columns: readonly string[];
  /** `today` is a day. */
  summary(today: string): BillingSummary;
}

export type LogRow = Readonly<Record<string, string | number | null>>;
