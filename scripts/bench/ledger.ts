// npm run bench -- --ledger: admission, reports, pages and settling at ten thousand and at ten million rows of the request
// log, in one table. What a call or a report waits for must take less than 10 ms at either size. About four minutes, 3 GB.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { periodStart } from "../../src/core/budget.ts";
import { createBilling } from "../../src/store/billing.ts";
import { type Case, casesOf, type Place } from "./ledger-cases.ts";
import { fill } from "./ledger-fill.ts";
import { settleMicros } from "./ledger-settle.ts";
import { percentile } from "./sample.ts";

const BAR_MS = 10;
const SIZES = [10_000, 10_000_000] as const;
/** Calls of each case; fewer where they are slow. */
const SAMPLES = 300;
const MOST_MS = 2000;

interface Figure {
  readonly p50: number;
  readonly p99: number;
}

/** Prints the table; true when every bar holds. */
export async function benchLedger(say: (text: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "ledger-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const now = Date.now();
  const columns: { figures: Map<string, Figure>; settled: Map<string, number> }[] = [];
  let cases: readonly Case[] = [];
  for (const rows of SIZES) {
    say(`building ${rows.toLocaleString("en")} rows ...`);
    const place = open(folder, rows, now);
    await check(place);
    say("measuring ...");
    cases = casesOf(place);
    const figures = new Map<string, Figure>();
    for (const each of cases) figures.set(each.name, await measure(each));
    columns.push({ figures, settled: await settleMicros(place) });
    place.db.close();
  }
  const lines = [["", "10 k p50", "p99", "10 M p50", "p99", "p50 10 M : 10 k", "bar"]];
  let held = true;
  for (const { name, bar } of cases) {
    const [small, big] = columns.map(({ figures }) => figures.get(name));
    if (!small || !big) continue;
    const ok = Math.max(small.p99, big.p99) <= BAR_MS;
    if (bar && !ok) held = false;
    const verdict = bar ? (ok ? "ok" : "SHORT") : "none";
    lines.push([
      name,
      ...[small.p50, small.p99, big.p50, big.p99].map(ms),
      `${(big.p50 / small.p50).toFixed(1)} x`,
      verdict,
    ]);
  }
  for (const name of columns[0]?.settled.keys() ?? []) {
    const [small = 0, big = 0] = columns.map(({ settled }) => settled.get(name) ?? 0);
    lines.push([
      name,
      `${small.toFixed(1)} µs`,
      "",
      `${big.toFixed(1)} µs`,
      "",
      `${(big / small).toFixed(1)} x`,
      "none",
    ]);
  }
  process.stdout.write(
    `${render(lines)}\n\nbar: p99 at most ${BAR_MS} ms at either size; settling is CPU and waiting a row\n`,
  );
  return held;
}

function open(folder: string, rows: number, now: number): Place {
  const path = join(folder, `${rows}.db`);
  return { db: fill(path, rows, now), folder, rows, now };
}

/** That the sums written beside the rows are those of the rows. */
async function check({ db, rows, now }: Place): Promise<void> {
  const billing = createBilling(db);
  const none = { from: undefined, to: undefined, ip: undefined, key: undefined };
  const { total } = await billing.usage("key", none, 1);
  const from = new Date(periodStart({ period: "day", reset: "calendar" }, now)).toISOString().slice(0, 10);
  const [day, pair] = [
    { ...none, from, key: "key_00000007" },
    "SELECT sum(cost_nano_usd) FROM request_logs WHERE key_id = ?",
  ];
  const ofDay = db.prepare(`${pair} AND finished_at >= ?`).pluck().get(day.key, from) ?? 0;
  for (const by of ["model", "ip"] as const) {
    const reported = (await billing.usage(by, day, 1000)).total.cost_nano_usd;
    if (reported !== ofDay || total.requests !== rows)
      throw new Error("the bench has built sums that are not those of its rows");
  }
}

async function measure({ run }: Case): Promise<Figure> {
  for (let n = 0; n < 3; n++) await run();
  const times: number[] = [];
  for (const until = performance.now() + MOST_MS; times.length < SAMPLES && performance.now() < until; ) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

function ms(value: number): string {
  return `${value < 0.1 ? value.toFixed(3) : value.toFixed(2)} ms`;
}

function render(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(pad).join("  ").trimEnd()).join("\n");
}
