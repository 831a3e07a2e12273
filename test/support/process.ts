// The broker as a process of its own, as a user starts it.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "node:test";

const MAIN = join(import.meta.dirname, "../../src/main.ts");

export interface BrokerProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  /** What it printed up to now. */
  readonly out: { stdout: string; stderr: string };
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  /** From the banner. */
  readonly url: string;
  readonly socketPath: string;
}

export async function tempFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "ab-"));
}

/** Runs `aibroker <args>` without waiting for anything. */
export function run(args: readonly string[], env: Readonly<Record<string, string>>, folder: string) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      DATA_DIR: folder,
      PORT: "0",
      OLLAMA_BASE_URL: "http://127.0.0.1:9",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = { stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (out.stdout += data));
  child.stderr.on("data", (data) => (out.stderr += data));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  return { child, out, ended, folder };
}

/** Starts the broker and waits for its banner. */
export async function startProcess(
  env: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<BrokerProcess> {
  const broker = run(["serve"], env, folder ?? (await tempFolder()));
  const up = new Promise<void>((resolve) => {
    broker.child.stdout.on("data", () => {
      if (broker.out.stdout.includes("for await")) resolve();
    });
  });
  await Promise.race([
    up,
    broker.ended.then((code) => {
      throw new Error(`the broker ended with ${code}: ${broker.out.stderr}`);
    }),
  ]);
  const url = /http:\/\/[\d.]+:\d+/.exec(broker.out.stdout)?.[0] ?? "";
  return { ...broker, url, socketPath: join(broker.folder, "aibroker.sock") };
}

/** `startProcess` for one test file: what a test has started is killed after it, then the folders are removed. */
export function starter(): typeof startProcess {
  const started: BrokerProcess[] = [];
  afterEach(async () => {
    const brokers = started.splice(0);
    for (const { child } of brokers) child.kill("SIGKILL");
    await Promise.all(brokers.map(({ ended }) => ended));
    for (const { folder } of brokers) await rm(folder, { recursive: true, force: true });
  });
  return async (env, folder) => {
    const broker = await startProcess(env, folder);
    started.push(broker);
    return broker;
  };
}

/** Until it is reaped: the threads of a zombie may still hold its pipes open. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
