// What the programs of MCP servers write for their operator, on its way to the log: of each server so many lines a minute,
// then one that tells how many were left out, so that a program that never stops talking buries nothing.

export interface ChatterDeps {
  /** Milliseconds of a clock that does not go back. */
  readonly ticks: () => number;
  readonly log: (server: string, line: string) => void;
}

/** Of one server; its programs for all callers share it. */
export const MOST_LINES = 200;
export const MINUTE_MS = 60_000;

interface Minute {
  readonly endsAt: number;
  lines: number;
}

export class Chatter {
  readonly #deps: ChatterDeps;
  /** By server; none for those that have been silent. */
  readonly #minutes = new Map<string, Minute>();

  constructor(deps: ChatterDeps) {
    this.#deps = deps;
  }

  add(server: string, line: string): void {
    const now = this.#deps.ticks();
    let minute = this.#minutes.get(server);
    if (minute === undefined || minute.endsAt <= now) {
      if (minute) this.#end(server, minute);
      minute = { endsAt: now + MINUTE_MS, lines: 0 };
      this.#minutes.set(server, minute);
    }
    if (++minute.lines <= MOST_LINES) this.#deps.log(server, line);
  }

  /** To be called now and then: tells what was left out in minutes that are over. */
  sweep(): void {
    const now = this.#deps.ticks();
    for (const [server, minute] of this.#minutes) if (minute.endsAt <= now) this.#end(server, minute);
  }

  close(): void {
    for (const [server, minute] of this.#minutes) this.#end(server, minute);
  }

  #end(server: string, { lines }: Minute): void {
    this.#minutes.delete(server);
    const left = lines - MOST_LINES;
    if (left > 0) this.#deps.log(server, `${left} more lines of the program were left out`);
  }
}
