// What the bench of the ledger asks: what admission reads before each call, and what reports and pages read.

import type { RowFilter, UsageBy } from "../../src/core/billing.ts";
import { periodStart, type Scope } from "../../src/core/budget.ts";
import { Addresses } from "../../src/store/addresses.ts";
import { createBilling } from "../../src/store/billing.ts";
import { createSpending } from "../../src/store/spending.ts";
import type { Sqlite } from "../../src/store/sqlite.ts";
import { ADDRESSES, addressName, KEYS, keyName, modelOf, providerOf, SERVED } from "./ledger-names.ts";

/** A built log. */
export interface Place {
  readonly db: Sqlite;
  readonly folder: string;
  readonly rows: number;
  /** Unix milliseconds of the newest row. */
  readonly now: number;
}

export interface Case {
  readonly name: string;
  /** Must keep the bar. */
  readonly bar: boolean;
  readonly run: () => unknown;
}

const DAY_MS = 86_400_000;
const NONE: RowFilter = {
  ...{ from: undefined, to: undefined, ip: undefined, key: undefined },
  ...{ model: undefined, provider: undefined, status: undefined },
};

const random = (below: number): number => Math.floor(Math.random() * below);
const anyKey = (): string => keyName(random(KEYS));
const anyAddress = (): string => addressName(random(ADDRESSES));

export function casesOf(place: Place): readonly Case[] {
  return [...admission(place), ...usage(place), ...pages(place)];
}

function admission({ db, now }: Place): Case[] {
  const spending = createSpending(db);
  const key = (): Scope => ({ kind: "key", id: anyKey() });
  const ip = (): Scope => ({ kind: "ip", id: anyAddress() });
  const all = (): Scope => ({ kind: "global" });
  const spent = (
    name: string,
    scope: () => Scope,
    ...[period, reset]: ["day" | "month" | "total", "calendar" | "rolling"]
  ): Case => ({
    name: `spent ${name} ${reset === "rolling" ? "rolling " : ""}${period}`,
    bar: true,
    run: () => spending.spent(scope(), periodStart({ period, reset }, now)),
  });
  return [
    spent("key", key, "day", "rolling"),
    spent("key", key, "month", "rolling"),
    spent("key", key, "month", "calendar"),
    spent("key", key, "total", "calendar"),
    spent("ip", ip, "day", "calendar"),
    spent("ip", ip, "month", "calendar"),
    spent("global", all, "day", "calendar"),
    spent("global", all, "month", "calendar"),
    { name: "version", bar: true, run: () => spending.version },
  ];
}

function usage({ db, now }: Place): Case[] {
  const billing = createBilling(db);
  const addresses = new Addresses(db);
  const day = (ago: number): string => new Date(now - ago * DAY_MS).toISOString().slice(0, 10);
  const ranges: Record<string, Pick<RowFilter, "from" | "to">> = {
    "a day": { from: day(1), to: day(1) },
    "a month": { from: day(29), to: day(0) },
    "80 days": { from: day(82), to: day(3) },
    all: { from: undefined, to: undefined },
  };
  const cases: Case[] = [];
  for (const by of ["ip", "key", "model", "provider", "day"] satisfies UsageBy[]) {
    for (const [name, range] of Object.entries(ranges)) {
      cases.push({
        name: `usage by ${by}, ${name}`,
        bar: true,
        run: () => billing.usage(by, { ...NONE, ...range }, 1000),
      });
    }
  }
  const of = (by: UsageBy, name: string, filter: () => Partial<RowFilter>): Case => ({
    name: `usage by ${by} of ${name}, all`,
    bar: true,
    run: () => billing.usage(by, { ...NONE, ...filter() }, 1000),
  });
  return [
    ...cases,
    of("model", "a key", () => ({ key: anyKey() })),
    of("day", "a key", () => ({ key: anyKey() })),
    of("model", "an address", () => ({ ip: anyAddress() })),
    of("day", "an address", () => ({ ip: anyAddress() })),
    {
      name: "usage by ip of a key, a day (rows)",
      bar: false,
      run: () => billing.usage("ip", { ...NONE, from: day(1), to: day(1), key: anyKey() }, 1000),
    },
    { name: "summary", bar: true, run: () => billing.summary(day(0)) },
    { name: "300 addresses, last ten calls each", bar: false, run: () => addresses.list(1000) },
  ];
}

function pages({ db, rows, now }: Place): Case[] {
  const billing = createBilling(db);
  const someDay = (): string => new Date(now - (1 + random(80)) * DAY_MS).toISOString().slice(0, 10);
  const page = (name: string, filter: () => Partial<RowFilter>, before?: () => number): Case => ({
    name: `requests ${name}`,
    bar: true,
    run: () => billing.requests({ ...NONE, ...filter() }, { limit: 100, before: before?.() }),
  });
  const middle = (): number => Math.floor(rows / 4) + random(rows / 2);
  return [
    page("newest", () => ({})),
    page("deep", () => ({}), middle),
    page("of a day", () => {
      const from = someDay();
      return { from, to: from };
    }),
    page("of an address", () => ({ ip: anyAddress() })),
    page("of an address, deep", () => ({ ip: anyAddress() }), middle),
    page("of a key", () => ({ key: anyKey() })),
    page("of a key, deep", () => ({ key: anyKey() }), middle),
    page("of a model", () => ({ model: modelOf(random(SERVED)) })),
    page("of a provider", () => ({ provider: providerOf(random(SERVED)) })),
    page("of a model that never served", () => ({ model: "none" })),
    page("that failed", () => ({ status: "error" })),
    page("that were interrupted (none)", () => ({ status: "interrupted" })),
  ];
}
