// The calls under way, in a file beside the database: one line is appended before the first upstream byte of each call,
// so that a process that is killed leaves a trace of what it was doing. A plain append costs a tenth of a commit and is as
// safe from kill -9. A call counts as ended once its row is in the request log; the file is written anew when it is long.

import { closeSync, ftruncateSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { CallStart, HoldId } from "../core/ledger.ts";
import { Group } from "./group.ts";

const NAME = /^calls-(\d+)\.journal$/;
const LONG_BYTES = 16 * 1024 * 1024;

export class CallJournal {
  readonly #path: string;
  #fd: number;
  readonly #open = new Map<HoldId, CallStart>();
  #bytes = 0;
  readonly #moreBytes: number;
  #longBytes: number;
  #last = 0;
  readonly #begun = new Group<{ readonly id: HoldId; readonly start: CallStart }>((calls) => this.#write(calls));

  /** `pid` of this process names the file, which is written anew when it has grown by `moreBytes`. */
  constructor(folder: string, pid: number, moreBytes = LONG_BYTES) {
    this.#moreBytes = moreBytes;
    this.#longBytes = moreBytes;
    this.#path = join(folder, `calls-${pid}.journal`);
    this.#fd = openSync(this.#path, "w", 0o600);
  }

  /** Calls without a row. */
  get open(): ReadonlyMap<HoldId, CallStart> {
    return this.#open;
  }

  /** Resolves when the line is written; rejects with the file system's error, and nothing is held then. */
  async begin(start: CallStart): Promise<HoldId> {
    const id = ++this.#last;
    await this.#begun.add({ id, start });
    return id;
  }

  /** The call's row is in the request log. */
  end(id: HoldId): void {
    this.#open.delete(id);
  }

  /** Whether calls can begin, without one: throws the file system's error. */
  check(): void {
    if (this.#bytes > this.#longBytes) this.#rewrite();
    writeAll(this.#fd, "\n", this.#bytes); // written over by the next call
  }

  /** Writes what waits. Removes the file when no call is under way; otherwise the next start finds it. */
  close(): void {
    this.#begun.flush(); // later the descriptor's number may be another file's
    closeSync(this.#fd);
    if (this.#open.size === 0) rmSync(this.#path, { force: true });
  }

  #write(calls: readonly { readonly id: HoldId; readonly start: CallStart }[]): void {
    if (this.#bytes > this.#longBytes) this.#rewrite();
    const lines = calls.map(({ start }) => toLine(start)).join("");
    try {
      this.#bytes += writeAll(this.#fd, lines, this.#bytes);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes); // whole lines of calls that are refused may be there
      throw cause;
    }
    for (const { id, start } of calls) this.#open.set(id, start);
  }

  /** Only what is still under way, in a new file that takes the place of the old at once. Until then the old one serves. */
  #rewrite(): void {
    const path = newPath(this.#path);
    const fd = openSync(path, "w", 0o600);
    let bytes: number;
    try {
      bytes = writeAll(fd, [...this.#open.values()].map(toLine).join(""), 0);
      renameSync(path, this.#path);
    } catch (cause) {
      closeSync(fd);
      throw cause;
    }
    closeSync(this.#fd);
    this.#fd = fd;
    this.#bytes = bytes;
    // What is under way may be long itself, and is not to be written anew for every call.
    this.#longBytes = bytes + this.#moreBytes;
  }
}

function newPath(path: string): string {
  return `${path}.new`;
}

/** How many bytes it was. On a disk that gets full a write takes a part, and the next one tells why. */
function writeAll(fd: number, text: string, at: number): number {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  return bytes.length;
}

function toLine(start: CallStart): string {
  return `${JSON.stringify(start)}\n`;
}

/** A journal that a dead process has left. */
export interface LeftJournal {
  /** In the order in which they began; those that have ended among them. */
  readonly starts: readonly CallStart[];
  remove(): void;
}

/** `isOver`: the process with this id will not end its calls any more. Other files in the folder are left alone. */
export function leftJournals(folder: string, isOver: (pid: number) => boolean): LeftJournal[] {
  return readdirSync(folder).flatMap((name) => {
    const pid = NAME.exec(name)?.[1];
    if (pid === undefined || !isOver(Number(pid))) return [];
    const path = join(folder, name);
    const text = read(path);
    if (text === undefined) return [];
    const remove = (): void => [newPath(path), path].forEach((each) => void rmSync(each, { force: true }));
    return [{ starts: parse(text), remove }];
  });
}

/** Undefined: another process that starts now has cleared it up. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

/** What follows the last line's end is of a write that failed: its call was never made. A line may be damaged. */
function parse(text: string): CallStart[] {
  return text
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      try {
        const start = JSON.parse(line) as CallStart | null;
        return typeof start?.requestId === "string" ? [start] : [];
      } catch {
        return [];
      }
    });
}
