// Processes: start pinned to a core, read their CPU time and resident memory from /proc, end every one by its pid.
// `taskset` execs into the command, so the pid we hold is the server's own. Descendants count as part of a server.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { sleep } from "./sample.ts";

export const SERVER_CORE = 0;
export const DRIVER_CORE = 1;

export interface Running {
  name: string;
  pid: number;
  /** First line of stdout, for servers that announce themselves; rejects when the process ends first. */
  firstLine: Promise<string>;
  ended: () => string | null;
  stop: () => Promise<void>;
}

export interface StartOptions {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  core: number;
  /** Where stderr goes, and stdout when `announces` is false. */
  logFile: string;
  announces: boolean;
}

const alive = new Map<number, ChildProcess>();

function runs(command: string, args: string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}

/** Whether both cores can be pinned to; asked once. */
export const pinned =
  availableParallelism() >= 2 &&
  runs("taskset", ["-c", String(SERVER_CORE), "true"]) !== null &&
  runs("taskset", ["-c", String(DRIVER_CORE), "true"]) !== null;

const ticksPerSecond = Number(runs("getconf", ["CLK_TCK"]) ?? "100") || 100;

/** Moves every thread of this process to the driver's core. */
export function pinSelf(): void {
  if (pinned) runs("taskset", ["-a", "-c", "-p", String(DRIVER_CORE), String(process.pid)]);
}

export function start(options: StartOptions): Running {
  const { name, core, announces } = options;
  const log = openSync(options.logFile, "a");
  const [command, args] = pinned
    ? ["taskset", ["-c", String(core), options.command, ...options.args]]
    : [options.command, options.args];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...options.env },
    stdio: ["pipe", announces ? "pipe" : log, log],
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${name} could not be started`);
  alive.set(pid, child);
  child.once("exit", () => alive.delete(pid));
  const ended = (): string | null => {
    if (alive.has(pid)) return null;
    return `${name} ended (code ${child.exitCode}, signal ${child.signalCode})`;
  };
  return { name, pid, firstLine: firstLine(child, name), ended, stop: () => stop(child) };
}

function firstLine(child: ChildProcess, name: string): Promise<string> {
  const line = new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      text += bytes.toString("utf8");
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${name} ended before it was ready`)));
  });
  line.catch(() => undefined);
  return line;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || !alive.has(child.pid)) return;
  const gone = once(child, "exit");
  child.stdin?.destroy();
  child.kill("SIGTERM");
  await Promise.race([gone, sleep(5000)]);
  if (!alive.has(child.pid)) return;
  child.kill("SIGKILL");
  await Promise.race([gone, sleep(2000)]);
}

/** Last resort on every way out: no child outlives the run. */
export function killAll(): void {
  for (const child of alive.values()) child.kill("SIGKILL");
}

function family(pid: number): number[] {
  const pids = [pid];
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const children = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ");
      for (const child of children) if (child.trim() !== "") pids.push(...family(Number(child)));
    }
  } catch {
    // Gone, or a kernel that does not list children: the process alone is counted.
  }
  return pids;
}

/** CPU time (user and system) in µs used so far by a process and its descendants. */
export function cpuUs(pid: number): number {
  let ticks = 0;
  for (const member of family(pid)) {
    try {
      const stat = readFileSync(`/proc/${member}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // A descendant that ended between listing and reading.
    }
  }
  return (ticks / ticksPerSecond) * 1e6;
}

/** Resident memory in MB (2^20 bytes, as `ps` and `top` show it) of a process and its descendants. */
export function residentMb(pid: number): number {
  let kb = 0;
  for (const member of family(pid)) {
    try {
      kb += Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${member}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      // As above.
    }
  }
  return kb / 1024;
}
