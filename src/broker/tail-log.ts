// Reads along with the log for one caller: the last lines, then each new one, until the call is cancelled or the broker
// stops. A reader that is slow is waited for; what it misses meanwhile is counted and told in a line of its own.

import type { Call, Progress } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { LogLevel, LogReader, LogSource } from "../core/log-source.ts";
import type { LogLine, LogsTailParams, LogTail } from "../generated/types.ts";

/** By pino's numbers. */
const LEVELS: Readonly<Record<number, LogLevel>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
/** Characters of a message, as the document says. */
const MOST_TEXT = 65_536;

/** Without `call.progress` it counts the last lines and ends. Rejects with `cancelled`, which tells the counts too. */
export async function tailLog(
  source: LogSource,
  { level = "info", last = 100 }: LogsTailParams,
  call: Call,
): Promise<LogTail> {
  const before = last > 0 ? source.last(level).slice(-last) : [];
  if (!call.progress) return { lines: before.length, dropped: 0 };
  const tail = new Tail(call.progress, call.signal);
  const reader = source.follow(level, () => tail.wake());
  call.signal.addEventListener("abort", tail);
  try {
    return await tail.run(before, reader);
  } finally {
    call.signal.removeEventListener("abort", tail);
    reader.close();
  }
}

class Tail {
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  #lines = 0;
  #dropped = 0;
  /** The client reads slowly. */
  #full = false;
  #sleeper: PromiseWithResolvers<void> | undefined;

  constructor(progress: Progress, signal: AbortSignal) {
    this.#progress = progress;
    this.#signal = signal;
  }

  async run(before: readonly string[], reader: LogReader): Promise<LogTail> {
    this.#send(before.map(toWire));
    for (;;) {
      if (this.#signal.aborted) throw this.#cancelled();
      const lines = this.#full ? [] : reader.read();
      if (lines === undefined) return this.#counts();
      if (lines.length > 0) this.#send(this.#noteDropped(lines.map(toWire), reader.dropped));
      else await this.#sleep();
    }
  }

  wake(): void {
    this.#sleeper?.resolve();
  }

  /** The call's signal was aborted. */
  handleEvent(): void {
    this.wake();
  }

  #sleep(): Promise<void> {
    this.#sleeper = Promise.withResolvers();
    return this.#sleeper.promise;
  }

  /** No values at the beginning tell the client that the call has begun, though there is nothing to tell yet. */
  #send(values: readonly LogLine[]): void {
    this.#lines += values.length;
    const drained = this.#progress({ values });
    if (!drained) return;
    const flowOn = (): void => {
      this.#full = false;
      this.wake();
    };
    this.#full = true;
    drained.then(flowOn, flowOn);
  }

  /** Lines are lost before those that are left, so the time of the first of these is the time of the loss. */
  #noteDropped(values: readonly LogLine[], dropped: number): readonly LogLine[] {
    const missed = dropped - this.#dropped;
    const time = values[0]?.time ?? 0;
    this.#dropped = dropped;
    if (missed === 0) return values;
    return [{ level: "warn", time, msg: "lines dropped: the reader was too slow", dropped: missed }, ...values];
  }

  #counts(): LogTail {
    return { lines: this.#lines, dropped: this.#dropped };
  }

  #cancelled(): BrokerError {
    const { reason } = this.#signal;
    const error = reason instanceof BrokerError ? reason : new BrokerError("cancelled");
    return error.with({ ...this.#counts() });
  }
}

/** pino's line as the document describes it. */
function toWire(line: string): LogLine {
  const { level, time, msg, ...more } = JSON.parse(line);
  return { level: LEVELS[level] ?? "info", time, msg: String(msg ?? "").slice(0, MOST_TEXT), ...more };
}
