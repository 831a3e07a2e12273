// From the outcomes of a group to the verdict on a row: the median over rounds of the figure taken within each round.

import { figure, type Metric, type Row, reaches, type TargetName } from "./rows.ts";
import type { GroupRun, Outcome } from "./run.ts";
import { median, type Sample } from "./sample.ts";

/** ok: the floor holds · goal: the goal is reached too · short: it does not · anything else is no verdict. */
export type Status = "ok" | "goal" | "short" | "not installed" | "invalid" | "not measured";

export interface Verdict {
  row: Row;
  status: Status;
  /** The judged figure, or null. */
  value: number | null;
  perRound: number[];
  /** Absolute figures and remarks, for the reader only. */
  detail: string;
}

const NO_RUN: GroupRun = { outcomes: new Map(), metered: 0 };

const metricOf =
  (metric: Metric) =>
  (sample: Sample): number =>
    sample.metrics[metric] ?? Number.NaN;

export function judge(row: Row, run: GroupRun = NO_RUN): Verdict {
  const none = (status: Status, detail: string): Verdict => ({ row, status, value: null, perRound: [], detail });
  const subject = run.outcomes.get("subject");
  const reference = row.over === null ? null : run.outcomes.get(row.over);
  if (subject === undefined || reference === undefined) return none("not measured", "");
  if (subject.state !== "measured") return none("invalid", `subject: ${reason(subject)}`);
  const own = subject.samples.map(metricOf(row.metric));
  if (reference !== null && reference.state !== "measured") {
    const alone = own.length > 0 ? `subject ${number(median(own))}` : "";
    const why = reference.state === "invalid" ? `${row.over}: ${reference.why}` : alone;
    return none(reference.state, why);
  }
  const theirs = reference === null ? own : reference.samples.map(metricOf(row.metric));
  const rounds = Math.min(own.length, theirs.length);
  const perRound = own.slice(0, rounds).map((mine, round) => figure(row, mine, theirs[round] ?? Number.NaN));
  const value = median(perRound);
  if (rounds === 0 || !Number.isFinite(value)) return none("not measured", "");
  const held = reaches(row, value, row.goal) ? "goal" : "ok";
  const detail = detailOf(row, own, reference === null ? null : theirs, run);
  return { row, status: reaches(row, value, row.floor) ? held : "short", value, perRound, detail };
}

function reason(outcome: Outcome): string {
  return outcome.state === "invalid" ? outcome.why : outcome.state;
}

function busy(run: GroupRun, target: TargetName): number | null {
  const outcome = run.outcomes.get(target);
  if (outcome?.state !== "measured") return null;
  const shares = outcome.samples.map((sample) => sample.busy).filter((share) => share !== undefined);
  return shares.length === 0 ? null : median(shares);
}

function detailOf(row: Row, own: number[], theirs: number[] | null, run: GroupRun): string {
  const parts = [number(median(own)) + (theirs === null ? "" : ` : ${number(median(theirs))}`)];
  if (row.metric === "p50Us") {
    const subject = run.outcomes.get("subject");
    if (subject?.state === "measured") parts.push(`p99 ${number(median(subject.samples.map(metricOf("p99Us"))))}`);
  }
  if (row.metric === "rate" && row.over !== null) parts.push(...idleCore(row.over, own, theirs ?? [], run));
  return parts.join(", ");
}

/** Where a server did not use its core fully, the driver (or a neighbour) was measured: the ratio per CPU second says more. */
function idleCore(over: TargetName, own: number[], theirs: number[], run: GroupRun): string[] {
  const mine = busy(run, "subject");
  const other = busy(run, over);
  if (mine === null || other === null || Math.min(mine, other) >= 0.9) return [];
  const full = median(own) / mine / (median(theirs) / other);
  return [`busy ${Math.round(mine * 100)} : ${Math.round(other * 100)} %, at full cores ${number(full)} ×`];
}

/** Three or four digits are enough for a reader. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
