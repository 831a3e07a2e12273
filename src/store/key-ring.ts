// The keys in memory, by the digests of their secrets: what a request looks up. Revoked keys are not kept; what depends on
// the time is judged at each look.

import { type Key, statusOf } from "../core/key.ts";
import { type KeyRow, toKey } from "./key-row.ts";

interface Held {
  readonly key: Key;
  readonly digest: string;
  readonly previousDigest: string | null;
}

export class KeyRing {
  readonly #byId = new Map<string, Held>();
  readonly #byDigest = new Map<string, Held>();

  /** A key as it is from now on, in place of what was known of it. */
  take(row: KeyRow): void {
    this.#drop(row.id);
    if (row.revoked_at !== null) return;
    const held: Held = { key: toKey(row), digest: row.digest, previousDigest: row.previous_digest };
    this.#byId.set(row.id, held);
    this.#byDigest.set(held.digest, held);
    if (held.previousDigest !== null) this.#byDigest.set(held.previousDigest, held);
  }

  /** A key that is good at `now`. */
  find(digest: string, now: number): Key | undefined {
    const held = this.#byDigest.get(digest);
    if (held === undefined || statusOf(held.key, now) !== "active") return undefined;
    if (digest === held.digest) return held.key;
    const { previousValidUntil = 0 } = held.key;
    return previousValidUntil > now ? held.key : undefined;
  }

  #drop(id: string): void {
    const held = this.#byId.get(id);
    if (!held) return;
    this.#byId.delete(id);
    this.#byDigest.delete(held.digest);
    if (held.previousDigest !== null) this.#byDigest.delete(held.previousDigest);
  }
}
