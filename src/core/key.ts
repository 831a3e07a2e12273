// A key that the broker issues: what it may use and spend. The record never changes in place and holds no counters, so
// that nothing that is written back later can undo a revocation. The store keeps the SHA-256 of secrets and nothing more.

import type { Budget } from "./budget.ts";

export interface Key {
  /** `key_` and letters; not secret. */
  readonly id: string;
  readonly name: string;
  /** The newest secret's last four characters. */
  readonly last4: string;
  /** Patterns of model ids, aliases and `provider/model_id`; `undefined`: all. */
  readonly models: readonly string[] | undefined;
  /** Patterns of MCP tool names; `undefined`: all. */
  readonly tools: readonly string[] | undefined;
  readonly budgets: readonly Budget[];
  readonly limits: KeyLimits;
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly rotatedAt: number | undefined;
  /** Until then the secret before the last rotation is good too. */
  readonly previousValidUntil: number | undefined;
}

/** `undefined`: no limit. */
export interface KeyLimits {
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  /** Billable calls at once. */
  readonly concurrency: number | undefined;
}

export type KeyStatus = "active" | "expired" | "revoked";

export function statusOf(key: Key, now: number): KeyStatus {
  if (key.revokedAt !== undefined) return "revoked";
  return key.expiresAt !== undefined && key.expiresAt <= now ? "expired" : "active";
}

/** What an administrator sets. */
export interface KeySettings extends Pick<Key, "name" | "models" | "tools" | "budgets" | "limits" | "labels"> {
  readonly expiresAt: number | undefined;
}

export interface NewKey {
  readonly key: Key;
  /** Shown once. */
  readonly secret: string;
}

/** The issued keys. All throw `storage_unavailable` where the store can't be written, `key_not_found` for an unknown id. */
export interface Keys {
  /** By a secret's SHA-256 in hex: a key that is good now. Sees what other processes of the data folder did. */
  find(digest: string): Key | undefined;
  /** By id; whatever its status. */
  get(id: string): Key;
  /** Newest first; `after` is the id of the last key of the page before. */
  list(page: { readonly all: boolean; readonly limit: number; readonly after: string | undefined }): readonly Key[];
  create(settings: KeySettings): NewKey;
  update(id: string, changes: Partial<KeySettings>): Key;
  /** The old secret stays good for `graceMs`. Throws `invalid_request` for a key that is revoked. */
  rotate(id: string, graceMs: number): NewKey;
  /** Revoking twice changes nothing. */
  revoke(id: string): Key;
}

/** Whether one of `names` (a model's id, alias, provider/model_id) is allowed. */
export function allows(patterns: readonly string[] | undefined, names: readonly string[]): boolean {
  if (patterns === undefined) return true;
  return patterns.some((pattern) => names.some((name) => matches(pattern, name)));
}

/** `*` stands for any characters. Linear in both, so that no pattern can be made to take long. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*");
  if (parts.length === 1) return pattern === name;
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
