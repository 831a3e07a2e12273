// The one table of a run, for a terminal.

import { number, type Verdict } from "./judge.ts";

const COLUMNS = [
  "id",
  "what",
  "over",
  "measured",
  "floor",
  "goal",
  "result",
  "absolute (subject : reference)",
] as const;
/** Columns of figures are set to the right. */
const RIGHT = new Set([3, 4, 5]);

const RESULT: Record<Verdict["status"], string> = {
  ok: "ok",
  goal: "ok, goal",
  short: "SHORT",
  "not installed": "not installed",
  invalid: "INVALID",
  "not measured": "not measured",
};

function cells({ row, status, value, detail }: Verdict, standIn: boolean): string[] {
  const bar = (limit: number): string => `${row.better === "more" ? "≥" : "≤"} ${number(limit)}`;
  const measured = value === null ? "–" : `${number(value)} ${row.unit}`;
  const result = standIn && value !== null ? "stand-in" : RESULT[status];
  return [row.id, row.what, row.over ?? "", measured, bar(row.floor), bar(row.goal), result, detail];
}

export function renderTable(verdicts: readonly Verdict[], standIn: boolean): string {
  const lines = [[...COLUMNS] as string[], ...verdicts.map((verdict) => cells(verdict, standIn))];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  const text = lines.map((line) =>
    line
      .map((cell, column) =>
        RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [text[0], rule, ...text.slice(1)].join("\n");
}
