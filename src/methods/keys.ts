// keys.*: keys that the broker issues, for administrators. The secret is in the answer of create and rotate and nowhere else.

import type { Budget } from "../core/budget.ts";
import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { type Key, type KeyLimits, type KeySettings, type Keys, type NewKey, statusOf } from "../core/key.ts";
import { fromUsd, type NanoUsd, toUsd } from "../core/money.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type {
  BudgetState,
  KeyList,
  KeysCreateParams,
  KeysListParams,
  KeysUpdateParams,
  Key as WireKey,
  KeyLimits as WireLimits,
} from "../generated/types.ts";

/** What one budget of a key has come to. */
export interface Spent {
  readonly spent: NanoUsd;
  /** By calls under way. */
  readonly held: NanoUsd;
  readonly alerting: boolean;
  /** Unix milliseconds. */
  readonly resetsAt: number | undefined;
}

export interface KeysMethodsDeps {
  readonly keys: Keys;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** In the order of the key's budgets. */
  readonly budgetStates: (key: Key) => readonly Spent[];
}

const DEFAULT_PAGE = 100;

export function keysMethods(deps: KeysMethodsDeps): HandlersOf<"keys", Call> {
  const { keys } = deps;
  const shown = (key: Key): WireKey => toWire(key, deps);
  const shownOnce = ({ key, secret }: NewKey): WireKey => ({ ...shown(key), secret });
  return {
    "keys.create": (params) => shownOnce(keys.create(settingsOf(params, deps.now()))),
    "keys.list": (params) => list(params, keys, shown),
    "keys.retrieve": ({ key }) => shown(keys.get(key)),
    "keys.update": (params) => shown(keys.update(params.key, changesOf(params))),
    "keys.rotate": ({ key, grace_s = 0 }) => shownOnce(keys.rotate(key, grace_s * 1000)),
    "keys.revoke": ({ key }) => shown(keys.revoke(key)),
  };
}

/** One more than asked for tells whether there are more. */
function list({ all = false, limit = DEFAULT_PAGE, cursor }: KeysListParams, keys: Keys, shown: (key: Key) => WireKey) {
  if (cursor !== undefined) checkCursor(cursor, keys);
  const found = keys.list({ all, limit: limit + 1, after: cursor });
  const data = found.slice(0, limit);
  const last = data.at(-1);
  const more = found.length > limit && last ? { next_cursor: last.id } : {};
  return { object: "list", data: data.map(shown), ...more } satisfies KeyList;
}

function checkCursor(cursor: string, keys: Keys): void {
  try {
    keys.get(cursor);
  } catch (cause) {
    if (!(cause instanceof BrokerError && cause.kind === "key_not_found")) throw cause;
    throw new BrokerError("invalid_params", "/cursor: no keys.list has given it", { param: "/cursor" });
  }
}

function settingsOf(params: KeysCreateParams, now: number): KeySettings {
  const expiresAt = timeOf(params.expires_at);
  if (expiresAt !== undefined && expiresAt <= now) throw badExpiry("is in the past");
  return {
    name: params.name,
    models: params.models ?? undefined,
    tools: params.tools ?? undefined,
    budgets: (params.budgets ?? []).map(budgetOf),
    limits: limitsOf(params.limits),
    labels: params.labels ?? {},
    expiresAt,
  };
}

/** What is given; null takes away. An expiry in the past ends the key now. */
function changesOf({ name, models, tools, budgets, limits, labels, expires_at }: KeysUpdateParams) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(models === undefined ? {} : { models: models ?? undefined }),
    ...(tools === undefined ? {} : { tools: tools ?? undefined }),
    ...(budgets === undefined ? {} : { budgets: (budgets ?? []).map(budgetOf) }),
    ...(limits === undefined ? {} : { limits: limitsOf(limits) }),
    ...(labels === undefined ? {} : { labels: labels ?? {} }),
    ...(expires_at === undefined ? {} : { expiresAt: timeOf(expires_at) }),
  } satisfies Partial<KeySettings>;
}

function timeOf(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw badExpiry("is no time of the calendar");
  return time;
}

function badExpiry(what: string): BrokerError {
  return new BrokerError("invalid_params", `/expires_at: ${what}`, { param: "/expires_at" });
}

function budgetOf({ usd, period, reset, alert }: NonNullable<KeysCreateParams["budgets"]>[number]): Budget {
  return { limit: fromUsd(usd), period, reset: reset ?? "calendar", alert };
}

function limitsOf(limits: WireLimits | undefined): KeyLimits {
  return {
    requestsPerMinute: limits?.requests_per_minute ?? undefined,
    tokensPerMinute: limits?.tokens_per_minute ?? undefined,
    concurrency: limits?.concurrency ?? undefined,
  };
}

function toWire(key: Key, { now, budgetStates }: KeysMethodsDeps): WireKey {
  const states = budgetStates(key);
  const { requestsPerMinute, tokensPerMinute, concurrency } = key.limits;
  const at = now();
  const { previousValidUntil = 0 } = key;
  return {
    object: "key",
    id: key.id,
    name: key.name,
    masked: `sk-…${key.last4}`,
    status: statusOf(key, at),
    models: key.models ? [...key.models] : null,
    tools: key.tools ? [...key.tools] : null,
    budgets: key.budgets.map((budget, index) => toWireBudget(budget, states[index])),
    limits: {
      ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
      ...(tokensPerMinute === undefined ? {} : { tokens_per_minute: tokensPerMinute }),
      ...(concurrency === undefined ? {} : { concurrency }),
    },
    labels: { ...key.labels },
    created_at: iso(key.createdAt),
    ...(key.expiresAt === undefined ? {} : { expires_at: iso(key.expiresAt) }),
    ...(key.revokedAt === undefined ? {} : { revoked_at: iso(key.revokedAt) }),
    ...(key.rotatedAt === undefined ? {} : { rotated_at: iso(key.rotatedAt) }),
    ...(previousValidUntil > at ? { previous_valid_until: iso(previousValidUntil) } : {}),
  };
}

function toWireBudget({ limit, period, reset, alert }: Budget, state: Spent | undefined): BudgetState {
  const { spent = 0 as NanoUsd, held = 0 as NanoUsd, alerting = false, resetsAt } = state ?? {};
  return {
    usd: toUsd(limit),
    period,
    reset,
    ...(alert === undefined ? {} : { alert }),
    spent: toUsd(spent),
    held: toUsd(held),
    alerting,
    ...(resetsAt === undefined ? {} : { resets_at: iso(resetsAt) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
