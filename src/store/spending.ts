// What was spent, from the rollups and the rows that are not in them yet: one statement, so that it sees one state.

import { DAY_MS, type Scope } from "../core/budget.ts";
import type { Spending } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import { type SpanRange, spansSince } from "./spans.ts";
import { type Sqlite, stored } from "./sqlite.ts";

/** The rollups of `all` tell which spans there are; each is then one lookup. */
const ROLLED = `SELECT total((SELECT r.cost_nano_usd FROM usage_rollups AS r WHERE r.dimension = @dimension
  AND r.span = s.span AND r.value = @value AND r.model = '' AND r.provider = '')) FROM usage_rollups AS s
  WHERE s.dimension = 'all' AND`;
const NOT_FOLDED = "id > (SELECT folded_id FROM usage_mark) AND finished_at >= @from";
const NONE: SpanRange = { from: "~", to: "" };

function select(isOfScope: string): string {
  const rolled = [0, 1, 2].map((n) => `(${ROLLED} s.span >= @from${n} AND s.span <= @to${n})`);
  return `SELECT ${rolled.join(" + ")} + (SELECT total(cost_nano_usd) FROM request_logs WHERE ${isOfScope} ${NOT_FOLDED})`;
}

/**
 * Reads take some 10 µs, whatever the number of rows. Hours are kept for 32 days; an address has none, so what it spent is
 * counted from the beginning of a day. Both throw `storage_unavailable`.
 */
export function createSpending(db: Sqlite): Spending {
  const version = db.prepare("PRAGMA data_version").pluck();
  const statements = {
    key: db.prepare(select("key_id = @value AND")).pluck(),
    ip: db.prepare(select("ip = @value AND")).pluck(),
    global: db.prepare(select("")).pluck(),
  };
  const spent = (scope: Scope, from: number): NanoUsd => {
    const { kind } = scope;
    const since = kind === "ip" ? Math.floor(from / DAY_MS) * DAY_MS : from;
    const [a = NONE, b = NONE, c = NONE] = spansSince(since);
    return statements[kind].get({
      dimension: kind === "global" ? "all" : kind,
      value: kind === "global" ? "" : scope.id,
      from: new Date(since).toISOString(),
      ...{ from0: a.from, to0: a.to, from1: b.from, to1: b.to, from2: c.from, to2: c.to },
    }) as NanoUsd;
  };
  return {
    spent: (scope, from) => stored(() => spent(scope, from)),
    get version() {
      return stored(() => version.get() as number);
    },
  };
}
