// A key as the table `keys` holds it, and the way between the row and the record.

import type { Key, KeySettings } from "../core/key.ts";

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly digest: string;
  readonly previous_digest: string | null;
  readonly previous_valid_until: number | null;
  readonly models: string | null;
  readonly tools: string | null;
  readonly budgets: string;
  readonly limits: string;
  readonly labels: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly rotated_at: number | null;
}

type SettingColumns = Pick<KeyRow, "name" | "models" | "tools" | "budgets" | "limits" | "labels" | "expires_at">;

/** Throws where the row was not written by a broker. */
export function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    last4: row.last4,
    models: row.models === null ? undefined : JSON.parse(row.models),
    tools: row.tools === null ? undefined : JSON.parse(row.tools),
    budgets: JSON.parse(row.budgets),
    limits: JSON.parse(row.limits),
    labels: JSON.parse(row.labels),
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    rotatedAt: row.rotated_at ?? undefined,
    previousValidUntil: row.previous_valid_until ?? undefined,
  };
}

/** What an administrator sets, as columns. */
export function toColumns(settings: KeySettings): SettingColumns {
  return {
    name: settings.name,
    models: settings.models === undefined ? null : JSON.stringify(settings.models),
    tools: settings.tools === undefined ? null : JSON.stringify(settings.tools),
    budgets: JSON.stringify(settings.budgets),
    limits: JSON.stringify(settings.limits),
    labels: JSON.stringify(settings.labels),
    expires_at: settings.expiresAt ?? null,
  };
}
