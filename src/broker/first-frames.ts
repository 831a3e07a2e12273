// What comes before the first text of a stream is kept back: until something meaningful has arrived another target can
// still be gone on to, and an error inside a 200 is one of those.

import type { ChunkRun } from "../core/completion.ts";

const MOST_RUNS = 64;
const MOST_BYTES = 256 * 1024;

export class FirstFrames {
  readonly #runs: ChunkRun[] = [];
  #bytes = 0;

  /** The runs to send now: none while nothing meaningful has come and the bound is not reached. */
  add(run: ChunkRun): readonly ChunkRun[] | undefined {
    this.#runs.push(run);
    this.#bytes += run.sse?.length ?? 0;
    const full = this.#runs.length >= MOST_RUNS || this.#bytes >= MOST_BYTES;
    return full || isMeaningful(run) ? this.#runs : undefined;
  }

  /** What was kept of a stream that ended without anything meaningful. */
  get kept(): readonly ChunkRun[] {
    return this.#runs;
  }
}

/** Text, a tool call, a refusal, thinking or a reason to stop: anything but the role and empty members. */
function isMeaningful(run: ChunkRun): boolean {
  for (const { choices } of run.values) {
    for (const { delta, finish_reason } of choices) {
      if (finish_reason) return true;
      for (const key in delta) if (key !== "role" && !isEmpty(delta[key])) return true;
    }
  }
  return false;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
