// billing.*: what was used and spent. Sums are for whoever caused them, rows and everyone's sums for administrators.

import type { Billing, UsageFilter } from "../core/billing.ts";
import type { Call } from "../core/call.ts";
import { csvLine } from "../core/csv.ts";
import { BrokerError } from "../core/errors.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type {
  BillingExport,
  BillingExportParams,
  BillingRequests,
  BillingRequestsParams,
  BillingUsageParams,
  UsageReport,
} from "../generated/types.ts";

export interface BillingDeps {
  readonly billing: Billing;
  /** Unix milliseconds. */
  readonly now: () => number;
}

const MOST_SUMS = 1000;
const PAGE = 100;
/** Of an export in one piece. */
const MOST_ROWS = 10_000;

export function billingMethods({ billing, now }: BillingDeps): HandlersOf<"billing", Call> {
  return {
    "billing.usage": (params, call) => usage(billing, params, call),
    "billing.requests": (params) => requests(billing, params),
    "billing.export": (params, call) => exportRows(billing, params, call),
    "billing.summary": () => billing.summary(new Date(now()).toISOString().slice(0, 10)),
  };
}

async function usage(billing: Billing, params: BillingUsageParams, call: Call): Promise<UsageReport> {
  const { by = "ip", from, to, limit = MOST_SUMS } = params;
  checkDays(params);
  const report = await billing.usage(by, { from, to, ...visibleTo(call, params) }, limit);
  return { by, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), ...report };
}

/** A key sees its own calls, from wherever they came; who has none sees those of the own address. */
function visibleTo(call: Call, { ip, key }: BillingUsageParams): Pick<UsageFilter, "ip" | "key"> {
  const { scopes, keyId } = call.principal;
  if (scopes.has("admin")) return { ip, key };
  if (keyId === undefined) {
    if (ip !== undefined && ip !== call.ip)
      throw new BrokerError("forbidden", "Without a credential only calls of the own address are shown");
    return { ip: call.ip, key };
  }
  if (key !== undefined && key !== keyId) throw new BrokerError("forbidden", "A key is shown its own calls alone");
  if (ip !== undefined) throw new BrokerError("forbidden", "Only an administrator may ask for an address");
  return { ip, key: keyId };
}

async function requests(billing: Billing, params: BillingRequestsParams): Promise<BillingRequests> {
  const { from, to, ip, key, model, provider, status, limit = PAGE, cursor } = params;
  checkDays(params);
  const page = { limit, before: cursor === undefined ? undefined : rowOf(cursor) };
  const { data, next } = await billing.requests({ from, to, ip, key, model, provider, status }, page);
  return { data, ...(next === undefined ? {} : { next_cursor: String(next) }) };
}

function rowOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new BrokerError("invalid_params", "/cursor: is not the next_cursor of an answer", { param: "/cursor" });
}

/** Streams where the client takes pieces, at its pace, until it hangs up. */
async function exportRows(billing: Billing, params: BillingExportParams, call: Call): Promise<BillingExport> {
  checkDays(params);
  const { from, to, ip, key } = params;
  const { progress } = call;
  let rows = 0;
  let text = csvLine(billing.columns);
  for await (const some of billing.rows({ from, to, ip, key })) {
    if (progress) {
      await progress({ values: [{ text }] });
      text = "";
    }
    if (call.signal.aborted) throw cancelled(call.signal);
    rows += some.length;
    if (!progress && rows > MOST_ROWS) throw tooMany();
    for (const row of some) text += csvLine(Object.values(row));
  }
  if (!progress) return { rows, text };
  await progress({ values: [{ text }] });
  return { rows };
}

function cancelled({ reason }: AbortSignal): BrokerError {
  return reason instanceof BrokerError ? reason : new BrokerError("cancelled");
}

function tooMany(): BrokerError {
  return new BrokerError("too_large", `More than ${MOST_ROWS} rows come only as a stream: send "stream": true`);
}

/** Throws `invalid_params` for a day that no calendar has, and for a range that ends before it begins. */
function checkDays({ from, to }: { readonly from?: string; readonly to?: string }): void {
  for (const [name, day] of Object.entries({ from, to })) {
    if (day !== undefined && !isDay(day))
      throw new BrokerError("invalid_params", `/${name}: is no day`, { param: `/${name}` });
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new BrokerError("invalid_params", "/from: is after `to`", { param: "/from" });
  }
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}
