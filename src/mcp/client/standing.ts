// How a server stands: its state and since when, and the last thing that went wrong with it. What it tells has no secrets.

import { type McpServerSettings, masked } from "../../core/mcp-server.ts";
import type { McpFailure, McpServer, McpState } from "../../generated/types.ts";

export type Stage = McpFailure["stage"];

export interface StandingDeps {
  readonly settings: Pick<McpServerSettings, "name" | "secrets" | "disabled">;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** A server's new state, with why. */
  readonly onState: (server: string, state: McpState, why: string | undefined) => void;
}

const LONGEST_MESSAGE = 512;

export class Standing {
  state: McpState;
  readonly #deps: StandingDeps;
  #since: number;
  #failure: McpFailure | undefined;

  constructor(deps: StandingDeps) {
    this.#deps = deps;
    this.#since = deps.now();
    this.state = deps.settings.disabled ? "disabled" : "connecting";
  }

  enter(state: McpState): void {
    if (state === this.state) return;
    this.state = state;
    this.#since = this.#deps.now();
    this.#deps.onState(this.#deps.settings.name, state, state === "healthy" ? undefined : this.#failure?.message);
  }

  fail(stage: Stage, words: string): void {
    const at = iso(this.#deps.now());
    const message = masked(words, this.#deps.settings.secrets).slice(0, LONGEST_MESSAGE);
    const first = this.state === "healthy" ? undefined : this.#failure?.since;
    this.#failure = { stage, message, at, since: first ?? at };
  }

  get shown(): Pick<McpServer, "last_failure" | "since"> {
    return { ...(this.#failure ? { last_failure: this.#failure } : {}), since: iso(this.#since) };
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
