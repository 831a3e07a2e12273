// The port to the log's newest lines, as JSON texts: those of before, and those to come.

import type { LogLine } from "../generated/types.ts";

export type LogLevel = LogLine["level"];

export interface LogSource {
  /** The last lines of this level and above, oldest first; out of 1000 lines and 1 MiB that are kept. */
  last(level: LogLevel): readonly string[];
  /**
   * Each such line from now on. `wake` is called when there is something to read after there was nothing, and when no
   * more will come; it must not throw.
   */
  follow(level: LogLevel, wake: () => void): LogReader;
}

export interface LogReader {
  /** Lines that came since it was last asked, oldest first; `undefined`: no more will come. */
  read(): readonly string[] | undefined;
  /** Lines that were lost because nobody read in time; it only grows. */
  readonly dropped: number;
  close(): void;
}
