// A stdio server: a program without a shell, with the environment that its configuration lists, in a process group of its
// own that ends as a whole. Implements the SDK's Transport, whose own version inherits too much and ends too little.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { kill as killProcess } from "node:process";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { isObject } from "../../core/json-object.ts";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import { isTooDeep } from "../depth.ts";
import { Lines } from "../lines.ts";
import type { Reaper } from "./reaper.ts";
import { within } from "./within.ts";

export interface StdioDeps {
  readonly settings: Pick<McpServerSettings, "command" | "args" | "env" | "cwd">;
  /** PATH, HOME and the like. */
  readonly environment: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  /** Bytes of one message. */
  readonly mostBytes: number;
  /** A line that the program wrote to its standard error. */
  readonly onLine: (line: string) => void;
}

/** For a program to end after its input has closed, and then again after SIGTERM. */
const GRACE_MS = 500;
const TERM_MS = 1500;
/** For what a program wrote right before its end. */
const LAST_WORDS_MS = 200;
/** Characters of a line on standard error; more than is logged, so that no secret is cut in two and then not found. */
const LONGEST_LINE = 16_384;

export class StdioTransport implements Transport {
  onclose: (() => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  onmessage: Transport["onmessage"];
  /** Both tell the SDK that there is a program at the other end. */
  readonly stderr = null;
  pid: number | null = null;
  /** Of the message that is being delivered. */
  bytes = 0;
  /** What became of the program. */
  fate: string | undefined;
  readonly #deps: StdioDeps;
  #child: ChildProcessWithoutNullStreams | undefined;
  #gone: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(deps: StdioDeps) {
    this.#deps = deps;
  }

  /** Rejects when the program can't be started, or is not wanted any more. */
  async start(): Promise<void> {
    if (this.#closing) throw new Gone();
    const { settings, environment } = this.#deps;
    const child = spawn(settings.command, [...settings.args], {
      env: { ...environment, ...settings.env },
      ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      windowsHide: true,
    });
    const started = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    this.#gone = gone.promise;
    child.on("spawn", () => {
      this.#child = child;
      this.pid = child.pid ?? null;
      if (child.pid !== undefined) this.#deps.reaper.add(child.pid);
      started.resolve();
    });
    child.on("error", (cause) => started.reject(cause));
    child.on("exit", (code, signal) => {
      this.fate ??= `the program ended with ${signal ?? `code ${code}`}`;
      this.#endGroup(child);
      // What left the group may keep the pipes open.
      setTimeout(() => destroyPipes(child), LAST_WORDS_MS).unref();
    });
    child.stdout.on("close", () => setTimeout(() => this.#silent(child), LAST_WORDS_MS).unref());
    child.on("close", () => {
      gone.resolve();
      if (this.#child !== undefined) this.onclose?.();
    });
    child.stdin.on("error", () => {}); // "exit" follows
    this.#read(child);
    await started.promise;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.fate !== undefined || !child.stdin.writable) throw new Gone(this.fate);
    const line = `${JSON.stringify(message)}\n`;
    await new Promise<void>((resolve, reject) => {
      child.stdin.write(line, (error) => (error ? reject(new Gone(this.fate)) : resolve()));
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #read(child: ChildProcessWithoutNullStreams): void {
    const lines = new Lines({
      most: this.#deps.mostBytes,
      take: (line) => {
        const value = parsed(line);
        this.bytes = line.length;
        if (isTooDeep(value)) this.#refuse(child, "a message was nested too deep");
        else if (isMessage(value)) this.onmessage?.(value);
      },
      tooLong: () => this.#refuse(child, `a message was longer than ${this.#deps.mostBytes} bytes`),
    });
    child.stdout.on("data", (bytes: Buffer) => lines.add(bytes));
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) if (line.trim() !== "") this.#deps.onLine(line.slice(0, LONGEST_LINE));
    });
  }

  /** It has said what no program may. */
  #refuse(child: ChildProcessWithoutNullStreams, fate: string): void {
    this.fate ??= fate;
    this.onerror?.(new Gone(this.fate));
    this.#signal(child, "SIGKILL");
  }

  async #close(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.fate !== undefined) return;
    child.stdin.end();
    await within(GRACE_MS, this.#gone);
    if (child.exitCode === null && child.signalCode === null) {
      this.#signal(child, "SIGTERM");
      await within(TERM_MS, this.#gone);
    }
    this.#signal(child, "SIGKILL");
    await this.#gone;
  }

  /** It runs, and nothing of it can be heard. */
  #silent(child: ChildProcessWithoutNullStreams): void {
    if (this.fate !== undefined) return;
    this.fate = "the program closed its output";
    this.#signal(child, "SIGKILL");
  }

  /** Nothing that the program has started outlives it. */
  #endGroup(child: ChildProcessWithoutNullStreams): void {
    this.#signal(child, "SIGKILL");
    if (child.pid !== undefined) this.#deps.reaper.remove(child.pid);
  }

  #signal(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
    try {
      if (child.pid !== undefined) killProcess(-child.pid, signal);
    } catch {
      child.kill(signal); // the group is gone, or there are none here
    }
  }
}

function destroyPipes(child: ChildProcessWithoutNullStreams): void {
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
}

/** `undefined` for what is no JSON: programs print what is not meant for us. */
function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString());
  } catch {
    return undefined;
  }
}

/** As much as whoever takes it relies on; the SDK's own transports check it too. */
function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isObject(value)) return false;
  return value.params === undefined || isObject(value.params);
}

/** The program can't be written to. */
export class Gone extends Error {
  override readonly name = "Gone";

  constructor(fate = "the program is not running") {
    super(fate);
  }
}
