// Where periods of budgets begin and end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Budget, periodEnd, periodStart } from "../../src/core/budget.ts";

type Case = [Budget["period"], Budget["reset"], now: string, start: string, end: string | undefined];

const CASES: readonly Case[] = [
  ["day", "calendar", "2026-11-21T10:11:12.345Z", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"],
  ["day", "calendar", "2026-11-21T00:00:00.000Z", "2026-11-21T00:00:00.000Z", "2026-11-22T00:00:00.000Z"],
  ["week", "calendar", "2026-11-21T10:00:00.000Z", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
  ["week", "calendar", "2026-11-16T00:00:00.000Z", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
  ["week", "calendar", "2026-11-22T23:59:59.999Z", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
  ["month", "calendar", "2026-12-31T23:59:59.999Z", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["month", "calendar", "2028-02-29T12:00:00.000Z", "2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
  ["day", "rolling", "2026-11-21T10:11:12.345Z", "2026-11-20T10:00:00.000Z", undefined],
  ["week", "rolling", "2026-11-21T10:11:12.345Z", "2026-11-14T10:00:00.000Z", undefined],
  ["month", "rolling", "2026-11-21T10:11:12.345Z", "2026-10-22T10:00:00.000Z", undefined],
  ["total", "calendar", "2026-11-21T10:11:12.345Z", "1970-01-01T00:00:00.000Z", undefined],
];

describe("a budget's period", () => {
  for (const [period, reset, now, start, end] of CASES) {
    test(`${reset} ${period} at ${now}`, () => {
      assert.equal(new Date(periodStart({ period, reset }, Date.parse(now))).toISOString(), start);
      const until = periodEnd({ period, reset }, Date.parse(now));
      assert.equal(until === undefined ? undefined : new Date(until).toISOString(), end);
    });
  }
});
