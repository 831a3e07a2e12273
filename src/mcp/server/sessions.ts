// The sessions of all clients. Each belongs to the principal that began it: to another its id says nothing. They are bounded
// in number, and end when nobody has used them for a while.

import { randomBytes } from "node:crypto";
import { BrokerError } from "../../core/errors.ts";
import type { Origin } from "./ask.ts";
import type { ServerDeps } from "./deps.ts";
import { Session } from "./session.ts";

export interface SessionLimits {
  readonly most: number;
  readonly mostOfOne: number;
  readonly idleMs: number;
}

export const SESSION_LIMITS: SessionLimits = { most: 4096, mostOfOne: 512, idleMs: 30 * 60_000 };

interface Kept {
  readonly id: string;
  readonly session: Session;
  usedAt: number;
}

export class Sessions {
  readonly #deps: ServerDeps;
  readonly #limits: SessionLimits;
  /** Milliseconds. */
  readonly #ticks: () => number;
  readonly #kept = new Map<string, Kept>();
  #sweep: NodeJS.Timeout | undefined;
  #stopChanges: (() => void) | undefined;
  #lastOwner = 0;

  constructor(deps: ServerDeps, limits: SessionLimits, ticks: () => number) {
    this.#deps = deps;
    this.#limits = limits;
    this.#ticks = ticks;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Throws `overloaded` or `draining`. */
  begin(origin: Pick<Origin, "principal" | "server">): { readonly id: string; readonly session: Session } {
    if (this.#deps.draining.aborted) throw new BrokerError("draining", undefined, { retry_after_ms: 1000 });
    this.#makeRoom(origin.principal.name);
    const session = new Session(this.#deps, `mcp:${++this.#lastOwner}`, origin);
    const kept = { id: randomBytes(24).toString("base64url"), session, usedAt: this.#ticks() };
    this.#kept.set(kept.id, kept);
    this.#sweep ??= setInterval(() => this.#endIdle(), Math.min(30_000, this.#limits.idleMs)).unref();
    this.#stopChanges ??= this.#deps.tools.onChange((change) => {
      for (const each of this.#kept.values()) each.session.change(change);
    });
    return kept;
  }

  /** `undefined` too for who did not begin it, or asks at another address. */
  find(id: unknown, { principal, server }: Pick<Origin, "principal" | "server">): Session | undefined {
    const kept = this.#kept.get(id as string);
    if (kept?.session.principal !== principal.name || kept.session.server !== server) return undefined;
    kept.usedAt = this.#ticks();
    return kept.session;
  }

  end(id: string): void {
    this.#kept.get(id)?.session.close();
    this.#kept.delete(id);
    if (this.#kept.size > 0) return;
    clearInterval(this.#sweep);
    this.#stopChanges?.();
    this.#sweep = undefined;
    this.#stopChanges = undefined;
  }

  /** Each ends when nothing of it is under way any more. */
  drain(): void {
    for (const { id, session } of this.#kept.values()) session.whenIdle(() => this.end(id));
  }

  close(): void {
    for (const id of [...this.#kept.keys()]) this.end(id);
  }

  /** The one of the principal that was idle for longest goes. */
  #makeRoom(principal: string): void {
    const own = [...this.#kept.values()].filter(({ session }) => session.principal === principal);
    if (own.length < this.#limits.mostOfOne && this.#kept.size < this.#limits.most) return;
    const [oldest] = own.filter(isIdle).sort((a, b) => a.usedAt - b.usedAt);
    if (!oldest) throw new BrokerError("overloaded", "Too many MCP sessions are open", { retry_after_ms: 1000 });
    this.end(oldest.id);
  }

  #endIdle(): void {
    const before = this.#ticks() - this.#limits.idleMs;
    for (const kept of [...this.#kept.values()]) if (kept.usedAt < before && isIdle(kept)) this.end(kept.id);
  }
}

function isIdle({ session }: Kept): boolean {
  return !session.busy && !session.heard;
}
