// npm run bench: the broker against its references, one table, under ten minutes whatever happens.
//   --only H1,S5   these rows   --rounds N   (5)   --json   machine-readable   --stand-in   plain servers in the broker's
//   place: shows the noise of the machine and that the bench works   --peers DIR   node_modules with further peers
//   --ledger   instead of all that: the request log at ten million rows   --mcp   instead: tools of MCP servers
// Ends 0 when every floor that was measured holds, 1 otherwise. A peer that is not installed is said, never counted as ok.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Fleet } from "./fleet.ts";
import { judge, type Verdict } from "./judge.ts";
import { killAll, pinned, pinSelf } from "./proc.ts";
import { type GroupName, ROWS, type Row } from "./rows.ts";
import { type GroupRun, runGroup } from "./run.ts";
import { sleep } from "./sample.ts";
import { renderTable } from "./table.ts";

const DEADLINE_MS = 9.5 * 60_000;

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    "stand-in": { type: "boolean", default: false },
    peers: { type: "string" },
    ledger: { type: "boolean", default: false },
    mcp: { type: "boolean", default: false },
  },
});
if (options.ledger) {
  const { benchLedger } = await import("./ledger.ts");
  process.exit((await benchLedger((text) => process.stderr.write(`${text}\n`))) ? 0 : 1);
}
if (options.mcp) {
  const { benchMcp } = await import("./mcp.ts");
  process.exit((await benchMcp((text) => process.stderr.write(`${text}\n`))) ? 0 : 1);
}

function wantedRows(only: string | undefined): Row[] {
  const ids = only?.toUpperCase().split(",");
  const unknown = ids?.filter((id) => !ROWS.some((row) => row.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`no such row: ${unknown.join(", ")}`);
  return ROWS.filter((row) => ids?.includes(row.id) ?? true);
}

const rows = wantedRows(options.only);
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error("--rounds wants a number from 1");
if (options.peers !== undefined) process.env.BENCH_PEERS = resolve(options.peers);

const folder = mkdtempSync(join(tmpdir(), "broker-bench-"));
const fleet = new Fleet(folder, options["stand-in"]);
const runs = new Map<GroupName, GroupRun>();
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

async function measure(): Promise<void> {
  await fleet.open();
  for (const name of new Set(rows.map((row) => row.group))) {
    say(`measuring ${name} ...`);
    const ofGroup = rows.filter((row) => row.group === name);
    runs.set(name, await runGroup(name, ofGroup, fleet, rounds));
  }
}

async function finish(): Promise<string[]> {
  const answers = [...runs.values()].reduce((sum, run) => sum + run.metered, 0);
  const lacking = await fleet.close(answers).catch((error: Error) => `the ledger could not be read: ${error.message}`);
  return lacking === null ? [] : [lacking];
}

function print(verdicts: Verdict[], faults: string[]): void {
  const conditions = [
    `node ${process.version}, ${rounds} rounds, medians of the rounds' own figures`,
    pinned ? "server on core 0, driver and mock upstream on core 1" : "NOT PINNED: taskset or a second core is missing",
    ...fleet.remarks,
  ];
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ standIn: options["stand-in"], conditions, faults, rows: verdicts }, null, 2)}\n`,
    );
    return;
  }
  const lines = [
    renderTable(verdicts, options["stand-in"]),
    "",
    ...conditions,
    ...faults.map((fault) => `INVALID: ${fault}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

let keepLogs = false;
process.once("exit", () => {
  killAll();
  if (keepLogs) say(`logs are kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

pinSelf();
const overtime = sleep(DEADLINE_MS).then(() => "the deadline came before the end; the last rows were not measured");
const faults: string[] = [];
const cut = await Promise.race([measure().then(() => null), overtime]).catch((error: Error) => error.message);
if (cut !== null) faults.push(cut);
else faults.push(...(await finish()));

const verdicts = rows.map((row) => judge(row, runs.get(row.group)));
print(verdicts, faults);
const held = verdicts.every(({ status }) => status === "ok" || status === "goal" || status === "not installed");
keepLogs = faults.length > 0 || verdicts.some(({ status }) => status === "invalid");
process.exit(held && faults.length === 0 ? 0 : 1);
