// The one log: pino, one line a request, content never. Redaction is a second wall: secrets are `Secret`s, which print
// masked by themselves.

import { write, writeSync } from "node:fs";
import pino from "pino";

export type Log = pino.Logger;

/** Whole paths only: with wildcards every line would be searched. */
const REDACTED = ["authorization", "credential", "token", "secret", "headers.authorization", 'headers["x-api-key"]'];
const STDERR = 2;
/** Characters that are written together. */
const FLUSH_AT = 65_536;
const FLUSH_MS = 200;
/** Characters that may wait for a reader of the log that has stopped reading; then lines are lost, and counted. */
const MOST_WAITING = 8 * 1024 * 1024;

export interface LogSink {
  readonly log: Log;
  /** Writes what was collected; to be called before the process ends. */
  flush(): void;
}

/** Lines go to standard error, so that standard output stays readable for people. */
export function createLog(level: string): LogSink {
  const lines = new Lines();
  const timer = setInterval(() => lines.flush(), FLUSH_MS).unref();
  return {
    log: pino({ level, base: null, redact: REDACTED }, lines),
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
class Lines {
  #text = "";
  #writing = "";
  #lost = 0;

  write(line: string): void {
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
      if (this.#text !== "") writeSync(STDERR, this.#take());
    } catch {
      // Whoever read the log has gone, and the process is about to.
    }
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
    write(STDERR, bytes, (error, written) => {
      if (!error && written < bytes.length) return this.#writeOut(bytes.subarray(written));
      this.#writing = "";
    });
  }
}
