// Runs one group: every target warmed, then all of them in interleaved rounds, the order turned round each time so that
// a drift of the machine hits all alike. A target that fails is measured no further; without the subject the group ends.

import type { Fleet } from "./fleet.ts";
import { GROUPS } from "./groups.ts";
import type { GroupName, Row, TargetName } from "./rows.ts";
import type { Sample } from "./sample.ts";
import { NotInstalled } from "./target.ts";

/** What became of one target in a group: its samples, or why there are none. */
export type Outcome =
  | { state: "measured"; samples: Sample[] }
  | { state: "not installed" }
  | { state: "invalid"; why: string };

export interface GroupRun {
  outcomes: Map<TargetName, Outcome>;
  /** Good answers of the shared subject that its ledger must hold. */
  metered: number;
}

export async function runGroup(name: GroupName, rows: readonly Row[], fleet: Fleet, rounds: number): Promise<GroupRun> {
  const group = GROUPS[name];
  const references = rows.map((row) => row.over).filter((over) => over !== null);
  const targets = [...new Set<TargetName>(["subject", ...references])];
  const run: GroupRun = {
    outcomes: new Map(targets.map((target) => [target, { state: "measured", samples: [] }])),
    metered: 0,
  };

  const take = async (target: TargetName, measured: boolean): Promise<void> => {
    const outcome = run.outcomes.get(target);
    if (outcome?.state !== "measured") return;
    try {
      const sample = await sampleOnce(name, target, fleet, measured);
      if (sample === null) return;
      if (target === "subject" && group.metered) run.metered += sample.answers;
      if (sample.failures > 0) throw new Error(`${sample.failures} failures, first: ${sample.firstFailure}`);
      if (measured) outcome.samples.push(sample);
    } catch (error) {
      run.outcomes.set(target, failed(error));
    }
  };

  const subjectWorks = (): boolean => run.outcomes.get("subject")?.state === "measured";

  for (const target of targets) if (subjectWorks()) await take(target, false);
  for (let round = 0; round < Math.min(rounds, group.maxRounds); round++) {
    for (const target of round % 2 === 0 ? targets : targets.toReversed()) {
      if (subjectWorks()) await take(target, true);
    }
  }
  return run;
}

async function sampleOnce(
  name: GroupName,
  target: TargetName,
  fleet: Fleet,
  measured: boolean,
): Promise<Sample | null> {
  const group = GROUPS[name];
  if (!group.fresh) {
    const server = await fleet.get(target, name);
    if (measured) return group.measure(server);
    return group.warm === null ? null : group.warm(server);
  }
  if (!measured) return null;
  const server = await fleet.fresh(target, name, false);
  try {
    return await group.measure(server);
  } finally {
    await server.stop();
  }
}

function failed(error: unknown): Outcome {
  if (error instanceof NotInstalled) return { state: "not installed" };
  return { state: "invalid", why: error instanceof Error ? error.message : String(error) };
}
