// Runs the official conformance suite for what one revision of the specification requires, and reads its verdicts.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "./server/house.ts";

const SUITE = join(ROOT, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
const EXCEPTIONS = join(ROOT, "test/mcp/conformance-exceptions.yml");

export interface Verdict {
  readonly scenario: string;
  readonly passed: number;
  readonly failed: number;
  /** Why the revision does not require it. */
  readonly optional: string | undefined;
}

export interface Run {
  readonly verdicts: readonly Verdict[];
  readonly output: string;
}

/** `about`: `["server", "--url", ...]` or `["client", "--command", ...]`. */
export async function conformance(about: readonly string[], revision: string): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), "ab-conformance-"));
  const args = [...about, "--requirements", revision, "-o", folder];
  const child = spawn(process.execPath, [SUITE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  await once(child, "close");
  await rm(folder, { recursive: true, force: true });
  return { verdicts: verdictsOf(output), output };
}

function verdictsOf(output: string): Verdict[] {
  const optional = new Map([...output.matchAll(/^ {2}[✓✗] (\S+) \((.+)\)$/gmu)].map(([, name, why]) => [name, why]));
  return [...output.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gmu)].map(
    ([, scenario = "", passed, failed]) => ({
      scenario,
      passed: Number(passed),
      failed: Number(failed),
      optional: optional.get(scenario),
    }),
  );
}

/** Scenarios that may fail, by the role of who is tested. */
export function exceptions(role: "server" | "client"): string[] {
  return (parse(readFileSync(EXCEPTIONS, "utf8")) as Record<string, string[]>)[role] ?? [];
}

/** What must pass and did not, and exceptions that are none: both are faults. */
export function faultsOf({ verdicts }: Run, role: "server" | "client"): string[] {
  const required = verdicts.filter(({ optional }) => optional === undefined);
  const may = new Set(exceptions(role));
  const wrong = required.filter(({ scenario, failed }) => failed > 0 !== may.has(scenario));
  return wrong.map(({ scenario, failed }) => `${scenario} ${failed > 0 ? "fails" : "passes, so it is no exception"}`);
}

/** For people: one line a scenario. */
export function table(verdicts: readonly Verdict[]): string {
  return verdicts
    .map(({ scenario, passed, failed, optional }) => {
      const verdict = failed > 0 ? "FAIL" : passed > 0 ? "pass" : "n/a ";
      return `${verdict} ${scenario.padEnd(48)} ${passed} checks${failed > 0 ? `, ${failed} failed` : ""}${optional ? ` (${optional})` : ""}`;
    })
    .join("\n");
}
