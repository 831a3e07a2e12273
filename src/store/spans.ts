// Spans of time that rollups are kept for, named so that spans of one length stand together in their order. Days, months
// and hours are of UTC. Any range of days is some whole months and the days at its edges, so that it reads few spans.

/** Names of spans, both included. */
export interface SpanRange {
  readonly from: string;
  readonly to: string;
}

/** `2026-11-21`, both included; `undefined`: open. */
export interface DayRange {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

const FIRST = "";
const LAST = "~"; // after all digits

export function daySpans({ from = FIRST, to = LAST }: DayRange): SpanRange {
  return { from: `day ${from}`, to: `day ${to}` };
}

/** The same days by whole months where there are some. */
export function monthAndDaySpans(range: DayRange): SpanRange[] {
  const { from = FIRST, to = LAST } = range;
  const firstMonth = from === FIRST || from.endsWith("-01") ? monthOf(from) : monthsFrom(from, 1);
  const lastMonth = to === LAST || dayAfter(to).endsWith("-01") ? monthOf(to) : monthsFrom(to, -1);
  if (firstMonth > lastMonth) return [daySpans(range)];
  const spans = [{ from: `month ${firstMonth}`, to: `month ${lastMonth}` }];
  if (monthOf(from) < firstMonth) spans.push(daySpans({ from, to: `${monthOf(from)}-31` }));
  if (monthOf(to) > lastMonth) spans.push(daySpans({ from: `${monthOf(to)}-01`, to }));
  return spans;
}

/** All that follows a time; exact from a whole hour. Three ranges at most. */
export function spansSince(time: number): SpanRange[] {
  const text = new Date(time).toISOString();
  const day = text.slice(0, 10);
  const hour = text.slice(0, 13);
  if (hour.endsWith("T00")) return monthAndDaySpans({ from: day, to: undefined });
  const hours = { from: `hour ${hour}`, to: `hour ${day}T23` };
  return [hours, ...monthAndDaySpans({ from: dayAfter(day), to: undefined })];
}

function monthOf(day: string): string {
  return day.slice(0, 7);
}

function monthsFrom(day: string, months: number): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 7);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
