// The issued keys on SQLite. Good keys are held in memory by digest, so that a request costs one read of the newest version;
// what has a higher one, by whichever process of the data folder, is read before anything is answered.

import { BrokerError } from "../core/errors.ts";
import type { Key, KeySettings, Keys, NewKey } from "../core/key.ts";
import { KeyRing } from "./key-ring.ts";
import { type KeyRow, toColumns, toKey } from "./key-row.ts";
import { digestOf, newKeyId, newSecret, type RandomBytes } from "./key-secret.ts";
import { type Sqlite, stored } from "./sqlite.ts";

export interface KeysDeps {
  readonly db: Sqlite;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly randomBytes: RandomBytes;
}

const COLUMNS: readonly (keyof KeyRow)[] = [
  ...(["id", "name", "last4", "digest", "previous_digest", "previous_valid_until"] as const),
  ...(["models", "tools", "budgets", "limits", "labels"] as const),
  ...(["created_at", "expires_at", "revoked_at", "rotated_at"] as const),
];
const NEXT = "(SELECT coalesce(max(version), 0) + 1 FROM keys)";
const INSERT = `INSERT INTO keys (${COLUMNS.join()}, version) VALUES (${COLUMNS.map((name) => `@${name}`).join()}, ${NEXT})`;
const UPDATE = `UPDATE keys SET ${COLUMNS.map((name) => `${name} = @${name}`).join()}, version = ${NEXT} WHERE id = @id`;
const SELECT_PAGE = `SELECT * FROM keys WHERE seq < coalesce((SELECT seq FROM keys WHERE id = @after), 9e18)
  AND (@all OR revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)) ORDER BY seq DESC LIMIT @limit`;

/** Reads all keys that are there. Throws `storage_unavailable`. */
export function createKeys(deps: KeysDeps): Keys {
  return new SqliteKeys(deps);
}

class SqliteKeys implements Keys {
  readonly #deps: KeysDeps;
  readonly #selectVersion;
  readonly #selectNewer;
  readonly #select;
  readonly #selectPage;
  readonly #insert;
  readonly #change: (id: string, change: (row: KeyRow) => KeyRow) => Key;
  readonly #ring = new KeyRing();
  /** Of the newest change that the ring knows; `null` as long as there is no key. */
  #version: number | null = null;
  /** In this turn of the event loop, and nothing was changed here since. */
  #looked = false;

  constructor(deps: KeysDeps) {
    const { db } = deps;
    this.#deps = deps;
    this.#selectVersion = db.prepare("SELECT max(version) FROM keys").pluck();
    this.#selectNewer = db.prepare("SELECT * FROM keys WHERE version > ? ORDER BY version");
    this.#select = db.prepare("SELECT * FROM keys WHERE id = ?");
    this.#selectPage = db.prepare(SELECT_PAGE);
    this.#insert = db.prepare(INSERT);
    const update = db.prepare(UPDATE);
    this.#change = db.transaction((id: string, change: (row: KeyRow) => KeyRow): Key => {
      const row = this.#row(id);
      const changed = change(row);
      this.#looked = false;
      if (changed !== row) update.run(changed);
      return toKey(changed);
    }).immediate;
    stored(this.#refresh);
  }

  find(digest: string): Key | undefined {
    if (!this.#looked) this.#look();
    return this.#ring.find(digest, this.#deps.now());
  }

  get(id: string): Key {
    return stored(() => toKey(this.#row(id)));
  }

  list({ all, limit, after }: Parameters<Keys["list"]>[0]): Key[] {
    return stored(() => {
      if (after !== undefined) this.#row(after);
      const page = { all: all ? 1 : 0, limit, after: after ?? null, now: this.#deps.now() };
      return (this.#selectPage.all(page) as KeyRow[]).map(toKey);
    });
  }

  create(settings: KeySettings): NewKey {
    const { now, randomBytes } = this.#deps;
    const secret = newSecret(randomBytes);
    const row: KeyRow = {
      id: newKeyId(randomBytes),
      ...toColumns(settings),
      ...credential(secret),
      previous_digest: null,
      previous_valid_until: null,
      created_at: now(),
      revoked_at: null,
      rotated_at: null,
    };
    stored(() => this.#insert.run(row));
    this.#looked = false;
    return { key: toKey(row), secret };
  }

  update(id: string, changes: Partial<KeySettings>): Key {
    return stored(() =>
      this.#change(id, (row) => ({ ...unrevoked(row), ...toColumns({ ...toKey(row), ...changes }) })),
    );
  }

  rotate(id: string, graceMs: number): NewKey {
    const now = this.#deps.now();
    const secret = newSecret(this.#deps.randomBytes);
    const key = stored(() =>
      this.#change(id, (row) => ({
        ...unrevoked(row),
        ...credential(secret),
        previous_digest: graceMs > 0 ? row.digest : null,
        previous_valid_until: graceMs > 0 ? now + graceMs : null,
        rotated_at: now,
      })),
    );
    return { key, secret };
  }

  revoke(id: string): Key {
    const now = this.#deps.now();
    return stored(() => this.#change(id, (row) => (row.revoked_at === null ? { ...row, revoked_at: now } : row)));
  }

  /** Requests that one turn of the event loop has brought were sent before it: a look for all of them is enough. */
  #look(): void {
    stored(this.#refresh);
    this.#looked = true;
    setImmediate(this.#lookAgain);
  }

  readonly #lookAgain = (): void => {
    this.#looked = false;
  };

  /** A point read of an index, about 2 µs. Sees this process' own changes in the same way as those of others. */
  readonly #refresh = (): void => {
    const version = this.#selectVersion.get() as number | null;
    if (version === this.#version) return;
    for (const row of this.#selectNewer.all(this.#version ?? 0) as KeyRow[]) this.#ring.take(row);
    this.#version = version;
  };

  #row(id: string): KeyRow {
    const row = this.#select.get(id) as KeyRow | undefined;
    if (row) return row;
    throw new BrokerError("key_not_found", `No key has the id "${id.slice(0, 64)}"`, { param: "key" });
  }
}

function credential(secret: string): Pick<KeyRow, "last4" | "digest"> {
  return { last4: secret.slice(-4), digest: digestOf(secret) };
}

function unrevoked(row: KeyRow): KeyRow {
  if (row.revoked_at === null) return row;
  throw new BrokerError("invalid_request", "The key is revoked, for good: make a new one", { param: "key" });
}
