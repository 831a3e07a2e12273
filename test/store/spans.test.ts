// Any range of days is some whole months and the days at its edges: each day once, and few ranges.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { daySpans, monthAndDaySpans, type SpanRange, spansSince } from "../../src/store/spans.ts";
import { seeded } from "../support/random.ts";

const DAY = 86_400_000;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const has = (spans: readonly SpanRange[], name: string): number =>
  spans.filter(({ from, to }) => from <= name && name <= to).length;

describe("a range of days", () => {
  const cases: Record<string, { from?: string; to?: string; spans: [string, string][] }> = {
    "that is open": { spans: [["month ", "month ~"]] },
    "of one day": { from: "2026-11-21", to: "2026-11-21", spans: [["day 2026-11-21", "day 2026-11-21"]] },
    "of a month": { from: "2026-11-01", to: "2026-11-30", spans: [["month 2026-11", "month 2026-11"]] },
    "of a leap February": { from: "2028-02-01", to: "2028-02-29", spans: [["month 2028-02", "month 2028-02"]] },
    "of most of a leap February": {
      from: "2028-02-01",
      to: "2028-02-28",
      spans: [["day 2028-02-01", "day 2028-02-28"]],
    },
    "over the new year": {
      from: "2026-11-30",
      to: "2027-02-01",
      spans: [
        ["month 2026-12", "month 2027-01"],
        ["day 2026-11-30", "day 2026-11-31"],
        ["day 2027-02-01", "day 2027-02-01"],
      ],
    },
    "of parts of two months": { from: "2026-11-02", to: "2026-12-30", spans: [["day 2026-11-02", "day 2026-12-30"]] },
    "with a beginning": {
      from: "2026-12-31",
      spans: [
        ["month 2027-01", "month ~"],
        ["day 2026-12-31", "day 2026-12-31"],
      ],
    },
    "with an end": {
      to: "2026-01-01",
      spans: [
        ["month ", "month 2025-12"],
        ["day 2026-01-01", "day 2026-01-01"],
      ],
    },
  };
  for (const [name, { from, to, spans }] of Object.entries(cases)) {
    test(name, () => {
      const found = monthAndDaySpans({ from, to }).map((span) => [span.from, span.to]);
      assert.deepEqual(found, spans);
    });
  }

  test("has each of its days once, and no other, whatever it is", () => {
    const random = seeded(7);
    for (let n = 0; n < 300; n++) {
      const first = Date.UTC(2026, 0, 1) + Math.floor(random() * 400) * DAY;
      const last = first + Math.floor(random() ** 2 * 300) * DAY;
      const range = { from: dayOf(first), to: dayOf(last) };
      const spans = monthAndDaySpans(range);
      assert.ok(spans.length <= 3);
      for (let time = first - 40 * DAY; time <= last + 40 * DAY; time += DAY) {
        const day = dayOf(time);
        const times = has(spans, `day ${day}`) + has(spans, `month ${day.slice(0, 7)}`);
        assert.equal(times, first <= time && time <= last ? 1 : 0, `${day} of ${range.from} to ${range.to}`);
      }
    }
  });

  test("by days alone has no months", () => {
    assert.deepEqual(daySpans({ from: undefined, to: undefined }), { from: "day ", to: "day ~" });
  });
});

test("all since an hour has each hour once, by three ranges at most", () => {
  const random = seeded(8);
  for (let n = 0; n < 300; n++) {
    const first = Date.UTC(2026, 0, 1) + Math.floor(random() * 9000) * 3_600_000;
    const spans = spansSince(first);
    assert.ok(spans.length <= 3);
    for (let time = first - 50 * 3_600_000; time < first + 900 * 3_600_000; time += 3_600_000) {
      const text = new Date(time).toISOString();
      const names = [`hour ${text.slice(0, 13)}`, `day ${text.slice(0, 10)}`, `month ${text.slice(0, 7)}`];
      const times = names.reduce((sum, name) => sum + has(spans, name), 0);
      assert.equal(times, time >= first ? 1 : 0, `${text} since ${new Date(first).toISOString()}`);
    }
  }
});
