// The one log: pino, one line a request, content never. Redaction is a second wall: secrets are `Secret`s, which print
// masked by themselves. Its newest lines stay in memory, for whoever wants to read along.

import { write, writeSync } from "node:fs";
import pino from "pino";
import { LineRing } from "./core/line-ring.ts";
import type { LogLevel, LogReader, LogSource } from "./core/log-source.ts";
import { RecentLines } from "./core/recent-lines.ts";

export type Log = pino.Logger;

/** Whole paths only: with wildcards every line would be searched. */
const REDACTED = ["authorization", "credential", "token", "secret", "headers.authorization", 'headers["x-api-key"]'];
const STDERR = 2;
/** Characters that are written together. */
const FLUSH_AT = 32_768;
const FLUSH_MS = 200;
/** Characters that may wait for a reader of the log that has stopped reading; then lines are lost, and counted. */
const MOST_WAITING = 8 * 1024 * 1024;
/** Kept of the past, and for each reader that is slow. */
const KEPT_LINES = 1000;
const KEPT_CHARS = 1024 * 1024;

export interface LogSink {
  readonly log: Log;
  /** The lines themselves; `endReaders` tells all readers, later ones too, that no more will come. */
  readonly lines: LogSource & { endReaders(): void };
  /** Writes what was collected; to be called before the process ends. */
  flush(): void;
}

/** Lines go to standard error unless another file is given, so that standard output stays readable for people. */
export function createLog(level: string, file = STDERR): LogSink {
  const lines = new Lines(file);
  const timer = setInterval(() => lines.flush(), FLUSH_MS).unref();
  return {
    log: pino({ level, base: null, redact: REDACTED }, lines),
    lines,
    flush() {
      clearInterval(timer);
      lines.end();
    },
  };
}

/**
 * Collects lines and writes them a few times a second without blocking, since a write for each would cost more than the
 * rest of the line. pino's own buffering costs ten times as much as this once its buffer is large.
 */
class Lines implements LogSource {
  readonly #file: number;
  #text = "";
  #writing = "";
  #lost = 0;
  readonly #newest = new RecentLines(KEPT_LINES, KEPT_CHARS);
  readonly #readers = new Set<Reader>();
  #ended = false;

  constructor(file: number) {
    this.#file = file;
  }

  write(line: string): void {
    this.#newest.push(line);
    if (this.#readers.size > 0) for (const reader of this.#readers) reader.push(line);
    if (this.#text.length > MOST_WAITING) this.#lost++;
    else this.#text += line;
    if (this.#text.length >= FLUSH_AT) this.flush();
  }

  flush(): void {
    if (this.#writing !== "" || this.#text === "") return;
    this.#writing = this.#take();
    this.#writeOut(Buffer.from(this.#writing));
  }

  /** Blocks, once, at the end of the process. */
  end(): void {
    try {
      if (this.#text !== "") writeSync(this.#file, this.#take());
    } catch {
      // Whoever read the log has gone, and the process is about to.
    }
  }

  last(level: LogLevel): string[] {
    const least = rankOf(level);
    return this.#newest.all().filter((line) => rank(line) >= least);
  }

  follow(level: LogLevel, wake: () => void): LogReader {
    const reader = new Reader(rankOf(level), wake, () => this.#readers.delete(reader));
    this.#readers.add(reader);
    if (this.#ended) reader.end();
    return reader;
  }

  endReaders(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
  }

  #take(): string {
    const lost = this.#lost > 0 ? `{"level":40,"lost":${this.#lost},"msg":"log lines lost"}\n` : "";
    const text = this.#text + lost;
    this.#text = "";
    this.#lost = 0;
    return text;
  }

  /** A pipe may take a part at a time; an error ends the try, and the lines with it. */
  #writeOut(bytes: Buffer): void {
    write(this.#file, bytes, (error, written) => {
      if (!error && written < bytes.length) return this.#writeOut(bytes.subarray(written));
      this.#writing = "";
    });
  }
}

function rankOf(level: LogLevel): number {
  return pino.levels.values[level] ?? 0;
}

/** pino begins every line with `{"level":30`. */
function rank(line: string): number {
  return Number(line.slice(9, 11));
}

class Reader implements LogReader {
  readonly close: () => void;
  readonly #least: number;
  readonly #wake: () => void;
  readonly #waiting = new LineRing(KEPT_LINES, KEPT_CHARS);
  #ended = false;

  constructor(least: number, wake: () => void, close: () => void) {
    this.#least = least;
    this.#wake = wake;
    this.close = close;
  }

  get dropped(): number {
    return this.#waiting.dropped;
  }

  read(): string[] | undefined {
    return this.#ended && this.#waiting.size === 0 ? undefined : this.#waiting.take();
  }

  push(line: string): void {
    if (rank(line) < this.#least) return;
    this.#waiting.push(line);
    if (this.#waiting.size === 1) this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }
}
