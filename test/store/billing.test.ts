// Reports: the same numbers as SQL over all rows, by whatever they are asked, and pages that lose and repeat no row.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { RowFilter, UsageBy } from "../../src/core/billing.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { createBilling } from "../../src/store/billing.ts";
import { createRetention } from "../../src/store/retention.ts";
import type { Sqlite } from "../../src/store/sqlite.ts";
import { end, IPS, KEYS, MODELS, PROVIDERS, randomCall, start } from "../support/entries.ts";
import { pick, seeded } from "../support/random.ts";
import { setup, unavailable } from "./open-ledger.ts";
import { ANY } from "./sums.ts";

const COLUMNS: Record<keyof RowFilter, string> = {
  from: "finished_at >= @from",
  to: "substr(finished_at, 1, 10) <= @to",
  ip: "ip = @ip",
  key: "key_id = @key",
  model: "model_served = @model",
  provider: "provider = @provider",
  status: "status = @status",
};
const GROUPS: Record<UsageBy, string> = {
  ip: "ip",
  key: "coalesce(key_id, '')",
  model: "coalesce(model_served, '')",
  provider: "coalesce(provider, '')",
  day: "substr(finished_at, 1, 10)",
};

function whereOf(filter: RowFilter): { where: string; values: Record<string, unknown> } {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  const conditions = asked.map(([name]) => COLUMNS[name as keyof RowFilter]);
  return { where: ["1", ...conditions].join(" AND "), values: Object.fromEntries(asked) };
}

async function withCalls(t: TestContext, count: number, seed = 11) {
  const here = setup(t);
  const random = seeded(seed);
  const calls = Array.from({ length: count }, (_, n) => randomCall(random, `r${n}`));
  for (let n = 0; n < count; n += 40) {
    const some = calls.slice(n, n + 40);
    await Promise.all(
      some.map(async ([begun, ended]) => here.ledger.settle(await here.ledger.hold(begun), begun, ended)),
    );
  }
  return { ...here, random, billing: createBilling(here.db) };
}

function maybe<Value>(random: () => number, chance: number, value: () => Value): Value | undefined {
  return random() < chance ? value() : undefined;
}

function days(random: () => number): Pick<RowFilter, "from" | "to"> {
  const day = (): string => new Date(Date.UTC(2026, 9, 25 + Math.floor(random() * 85))).toISOString().slice(0, 10);
  const [from, to] = [maybe(random, 0.7, day), maybe(random, 0.7, day)];
  return from !== undefined && to !== undefined && from > to ? { from: to, to: from } : { from, to };
}

const A_KEY = KEYS.filter((key) => key !== undefined);

describe("usage", () => {
  test("has the numbers of the rows, by anything, of any days, address and key", async (t) => {
    const { billing, db, random } = await withCalls(t, 900);
    for (let n = 0; n < 250; n++) {
      const by = pick(random, Object.keys(GROUPS) as UsageBy[]);
      const ip = maybe(random, 0.4, () => pick(random, IPS));
      const key = maybe(random, 0.4, () => pick(random, A_KEY));
      const filter = { ...ANY, ...days(random), ip, key };
      const { data, total, truncated } = await billing.usage(by, filter, 1000);
      const found = data.map(({ value, totals: { cost: _, ...totals } }) => ({ value, ...totals }));
      const byValue = (a: { value: unknown }, b: { value: unknown }): number =>
        String(a.value) < String(b.value) ? -1 : 1;
      assert.deepEqual(found.sort(byValue), sumsOf(db, by, filter), JSON.stringify({ by, ...filter }));
      assert.equal(
        total.requests,
        found.reduce((sum, { requests }) => sum + requests, 0),
      );
      assert.equal(truncated, false);
    }
  });

  function sumsOf(db: Sqlite, by: UsageBy, filter: RowFilter): unknown[] {
    const { where, values } = whereOf(filter);
    return db
      .prepare(
        `SELECT ${GROUPS[by]} AS value, count(*) AS requests, sum(status IN ('error', 'interrupted')) AS errors,
         sum(input_tokens + cached_input_tokens + cache_write_tokens + cache_write_1h_tokens + audio_input_tokens)
           AS input_tokens,
         sum(cached_input_tokens) AS cached_input_tokens,
         sum(output_tokens + reasoning_tokens + audio_output_tokens) AS output_tokens, sum(cost_nano_usd) AS cost_nano_usd
         FROM request_logs WHERE ${where} GROUP BY 1 ORDER BY 1`,
      )
      .all(values);
  }

  test("is dearest first; days come in their order; `limit` cuts, and the total is still of all", async (t) => {
    const { billing } = await withCalls(t, 300);
    const all = await billing.usage("key", ANY, 10);
    const costs = all.data.map(({ totals }) => totals.cost_nano_usd);
    assert.deepEqual(
      costs,
      [...costs].sort((a, b) => b - a),
    );
    const some = await billing.usage("key", ANY, 2);
    assert.deepEqual(some, { data: all.data.slice(0, 2), total: all.total, truncated: true });
    const week = (await billing.usage("day", ANY, 7)).data.map(({ value }) => value);
    assert.deepEqual(week, [...week].sort());
    assert.equal(week.length, 7);
    assert.match(week[6] ?? "", /^2027-01-0\d$/, "the newest");
  });

  test("of nothing is nothing", async (t) => {
    const { billing } = await withCalls(t, 0);
    for (const by of Object.keys(GROUPS) as UsageBy[]) {
      const { data, total, truncated } = await billing.usage(by, { ...ANY, ip: "nobody" }, 10);
      assert.deepEqual([data, total.requests, truncated], [[], 0, false]);
    }
  });

  test("that needs rows is refused where some are not kept any more, and told from when on it works", async (t) => {
    const { billing, db } = await withCalls(t, 400);
    const now = (): number => Date.UTC(2026, 11, 1, 12);
    const retention = createRetention({ db, days: 10, now, onFault: assert.fail });
    t.after(() => retention.close());
    assert.ok((await retention.sweep()) > 50);
    const pair = { ...ANY, ip: "10.0.0.1", key: "key_a" };
    const refused = (cause: unknown): boolean =>
      cause instanceof BrokerError && cause.kind === "invalid_params" && cause.facts.param === "/from";
    await assert.rejects(billing.usage("model", pair, 10), refused);
    await assert.rejects(
      billing.usage("model", { ...pair, from: "2026-11-21" }, 10),
      refused,
      "a part of that day is gone",
    );
    assert.ok((await billing.usage("model", { ...pair, from: "2026-11-22" }, 10)).total.requests > 0);
  });
});

describe("requests", () => {
  test("come newest first, each once, page by page, whatever is asked for", async (t) => {
    const { billing, db, random } = await withCalls(t, 1500);
    for (let n = 0; n < 60; n++) {
      const filter: RowFilter = {
        ...days(random),
        ip: maybe(random, 0.3, () => pick(random, IPS)),
        key: maybe(random, 0.3, () => pick(random, A_KEY)),
        model: maybe(random, 0.3, () => pick(random, [...MODELS, "never-served"])),
        provider: maybe(random, 0.3, () => pick(random, PROVIDERS)),
        status: maybe(random, 0.3, () => pick(random, ["ok", "error", "cancelled", "interrupted"] as const)),
      };
      const { where, values } = whereOf(filter);
      const expected = db.prepare(`SELECT id FROM request_logs WHERE ${where} ORDER BY id DESC`).pluck().all(values);
      const found: number[] = [];
      const limit = 1 + Math.floor(random() * 200);
      for (let before: number | undefined, page = 0; page === 0 || before !== undefined; page++) {
        const { data, next } = await billing.requests(filter, { limit, before });
        assert.ok(data.length <= limit);
        found.push(...data.map(({ id }) => id));
        before = next;
      }
      assert.deepEqual(found, expected, JSON.stringify(filter));
    }
  });

  test("are rows as they were written, without what they have not", async (t) => {
    const { ledger, db } = setup(t);
    const begun = start({ requestId: "a", keyId: "key_a", stream: true, parentId: "p" });
    await ledger.settle(await ledger.hold(begun), begun, end({ priceKnown: false }));
    const failed = start({ requestId: "b", startedAt: 1_700_000_001_400 });
    const nothing = { ttftMs: undefined, modelServed: undefined, provider: undefined, modelId: undefined };
    await ledger.settle(
      await ledger.hold(failed),
      failed,
      end({ ...nothing, keyLabel: undefined, status: "error", errorKind: "no_usable_target", attempts: 0 }),
    );
    const { data, next } = await createBilling(db).requests(ANY, { limit: 10, before: undefined });
    const tokens = {
      input: 1,
      cached_input: 2,
      cache_write: 3,
      cache_write_1h: 4,
      audio_input: 5,
      output: 6,
      reasoning: 7,
    };
    const common = {
      ip: "127.0.0.1",
      method: "chat.completions.create",
      model: "auto",
      finished_at: "2023-11-14T22:13:21.500Z",
      usage_source: "provider",
      tokens: { ...tokens, audio_output: 8 },
      cost: 0.0075,
      cost_nano_usd: 7_500_000,
    };
    assert.equal(next, undefined);
    assert.deepEqual(data, [
      {
        ...common,
        ...{ id: 2, request_id: "b", started_at: "2023-11-14T22:13:21.400Z", duration_ms: 100, stream: false },
        ...{ price_known: true, attempts: 0, status: "error", error_kind: "no_usable_target" },
      },
      {
        ...common,
        ...{ id: 1, request_id: "a", parent_id: "p", started_at: "2023-11-14T22:13:20.123Z", duration_ms: 1377 },
        ...{ ttft_ms: 321, key_id: "key_a", model_served: "gpt4o", provider: "openai", model_id: "gpt-4o" },
        ...{ provider_key: "openai-0", stream: true, price_known: false, attempts: 2, status: "ok" },
      },
    ]);
  });

  test("of days on which the clock jumped are found", async (t) => {
    const { ledger, db } = setup(t);
    for (let n = 0; n < 600; n++) {
      const startedAt = Date.UTC(n % 100 === 50 ? 2020 : 2026, 10, 1 + Math.floor(n / 40));
      const begun = start({ requestId: `r${n}`, startedAt });
      await ledger.settle(await ledger.hold(begun), begun, end({ finishedAt: startedAt }));
    }
    const old = await createBilling(db).requests({ ...ANY, to: "2020-12-31" }, { limit: 10, before: undefined });
    assert.deepEqual(
      old.data.map(({ request_id }) => request_id),
      ["r550", "r450", "r350", "r250", "r150", "r50"],
    );
  });
});

describe("rows for an export", () => {
  test("are those that match, oldest first, with every column; those of later calls are not waited for", async (t) => {
    const { billing, db, ledger, random } = await withCalls(t, 1300);
    const filter = { ...ANY, from: "2026-11-03", ip: "10.0.0.1" };
    const { where, values } = whereOf(filter);
    const expected = db.prepare(`SELECT * FROM request_logs WHERE ${where} ORDER BY id`).all(values);
    const found: unknown[] = [];
    for await (const rows of billing.rows(filter)) {
      assert.ok(rows.length <= 500);
      found.push(...rows);
      const [begun, ended] = randomCall(random, "meanwhile");
      await ledger.settle(await ledger.hold(begun), begun, ended);
    }
    assert.deepEqual(found, expected);
    assert.deepEqual(billing.columns, Object.keys(expected[0] as object));
  });
});

test("the summary has today, this month and all, and what was dearest this month", async (t) => {
  const { billing, db } = await withCalls(t, 700);
  const summary = billing.summary("2026-11-21");
  const sum = (where: string): unknown =>
    db.prepare(`SELECT sum(cost_nano_usd) FROM request_logs WHERE ${where}`).pluck().get();
  assert.equal(summary.today.cost_nano_usd, sum("finished_at LIKE '2026-11-21%'"));
  assert.equal(summary.month.cost_nano_usd, sum("finished_at LIKE '2026-11%'"));
  assert.equal(summary.all.cost_nano_usd, sum("1"));
  const { data } = await billing.usage("model", { ...ANY, from: "2026-11-01", to: "2026-11-30" }, 10);
  assert.deepEqual(summary.top_models, data);
  assert.equal(summary.top_keys.length, KEYS.length);
});

test("a database that can't be read is said to be so", async (t) => {
  const { billing, db } = await withCalls(t, 10);
  const pair = { ...ANY, ip: "10.0.0.1", key: "key_a" };
  db.exec("ALTER TABLE request_logs RENAME TO gone");
  await assert.rejects(billing.usage("ip", ANY, 1), unavailable);
  await assert.rejects(billing.usage("ip", pair, 1), unavailable);
  await assert.rejects(billing.requests(ANY, { limit: 1, before: undefined }), unavailable);
  await assert.rejects(async () => {
    for await (const _ of billing.rows(ANY));
  }, unavailable);
  assert.throws(() => billing.summary("2026-11-21"), unavailable);
});
