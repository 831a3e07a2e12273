// One run of a program: no shell, so that nothing in a request can be a command; nothing of our environment, since that
// holds the keys of every provider. Time and output are bounded, and the call's end is its end.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { homedir } from "node:os";
import { kill as killProcess } from "node:process";
import type { Readable } from "node:stream";
import { ProviderFailure } from "../../core/provider.ts";
import { aborted } from "../local-failure.ts";

export interface Order {
  /** Of the provider, for messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly mostMs: number;
  readonly signal: AbortSignal;
}

export interface Running {
  /** What it wrote, once it has ended well; rejects with a ProviderFailure. */
  readonly output: Promise<string>;
  kill(): void;
}

/** Where programs are looked for; others are named with their path. */
const PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";
/** Bytes: an hour of speech is a tenth of it. */
const MOST_OUTPUT = 1_024 * 1_024;
/** Characters of a program's complaint that are told. */
const MOST_WORDS = 500;

export function start(order: Order): Running {
  const child = spawn(order.program, order.args, {
    cwd: order.folder,
    env: { PATH, HOME: homedir(), LANG: "C.UTF-8" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, so that what it has started ends with it
  });
  const kill = (): void => killGroup(child);
  return { output: outputOf(child, order, kill), kill };
}

function killGroup(child: ChildProcessByStdio<null, Readable, Readable>): void {
  try {
    if (child.pid !== undefined) killProcess(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL"); // the group is gone, or there is none here
  }
}

async function outputOf(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { name, mostMs, signal }: Order,
  kill: () => void,
): Promise<string> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>();
  const stop = (failure: ProviderFailure): void => {
    reject(failure);
    kill();
  };
  const abort = (): void => stop(aborted(signal));
  const timer = setTimeout(() => stop(new ProviderFailure("timeout", `${name}: no answer in time`)), mostMs);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort(); // while the recording was being written
  const output: Buffer[] = [];
  let size = 0;
  let words = "";
  child.stdout.on("data", (bytes: Buffer) => {
    output.push(bytes);
    size += bytes.length;
    if (size > MOST_OUTPUT) stop(new ProviderFailure("garbled", `${name}: the program writes without end`));
  });
  child.stderr.on("data", (bytes: Buffer) => {
    words = (words + bytes.toString()).slice(-MOST_WORDS);
  });
  child.on("error", (cause) => reject(failed(name, `the program can't be started (${codeOf(cause)})`)));
  child.on("close", (code, by) => {
    if (code === 0) resolve(Buffer.concat(output, size).toString());
    else
      reject(failed(name, `the program ended with ${by ?? `code ${code}`}${words === "" ? "" : `: ${words.trim()}`}`));
  });
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

function failed(name: string, message: string): ProviderFailure {
  return new ProviderFailure("status", `${name}: ${message}`, { status: 502, upstream: { message } });
}

function codeOf(cause: Error & { readonly code?: string }): string {
  return cause.code ?? cause.name;
}
