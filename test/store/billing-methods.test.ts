// billing.*: who sees whose sums, days that are none, pages, and the export as a document and as a stream.

import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Call, Principal, ProgressRun, Scope } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { billingMethods } from "../../src/methods/billing.ts";
import { createBilling } from "../../src/store/billing.ts";
import { end, start } from "../support/entries.ts";
import { setup } from "./open-ledger.ts";

function principal(name: string, keyId: string | undefined, ...scopes: Scope[]): Principal {
  return { name, keyId, key: undefined, scopes: new Set<Scope>(["public", "inference", ...scopes]) };
}

const ADMIN = principal("admin", undefined, "admin");
const ANYONE = principal("anonymous", undefined);
const OF_A = principal("a", "key_a");

function call(more: Partial<Call> = {}): Call {
  return {
    parentId: undefined,
    peer: undefined,
    requestId: "req_0",
    method: "billing.usage",
    principal: ADMIN,
    ip: "10.0.0.1",
    startedAt: 0,
    deadline: undefined,
    explain: false,
    traceparent: undefined,
    signal: new AbortController().signal,
    progress: undefined,
    tellReceipt: () => {},
    authenticate: async () => ADMIN,
    ...more,
  };
}

const isFault =
  (kind: ErrorKind, param?: string) =>
  (cause: unknown): boolean => {
    assert.ok(cause instanceof BrokerError, String(cause));
    assert.deepEqual([cause.kind, cause.facts.param], [kind, param]);
    return true;
  };

/** Calls of `key_a` from two addresses, of `key_b` from one, and one without a key. */
async function house(t: TestContext) {
  const { ledger, db } = setup(t);
  const settle = async (ip: string, keyId: string | undefined, requestId: string): Promise<void> => {
    const begun = start({ ip, keyId, requestId });
    await ledger.settle(await ledger.hold(begun), begun, end());
  };
  await settle("10.0.0.1", "key_a", "r1");
  await settle("10.0.0.2", "key_a", "r2");
  await settle("10.0.0.1", "key_b", "r3");
  await settle("10.0.0.1", undefined, "r4");
  const methods = billingMethods({ billing: createBilling(db), now: () => Date.UTC(2023, 10, 14, 23) });
  return { db, methods, settle };
}

describe("billing.usage", () => {
  const cases: [who: string, params: object, call: Partial<Call>, rows: [string, number][] | ErrorKind][] = [
    [
      "an administrator",
      {},
      {},
      [
        ["10.0.0.1", 3],
        ["10.0.0.2", 1],
      ],
    ],
    [
      "an administrator",
      { by: "key" },
      {},
      [
        ["key_a", 2],
        ["", 1],
        ["key_b", 1],
      ],
    ],
    [
      "an administrator",
      { by: "ip", key: "key_a" },
      {},
      [
        ["10.0.0.1", 1],
        ["10.0.0.2", 1],
      ],
    ],
    [
      "a key",
      {},
      { principal: OF_A },
      [
        ["10.0.0.1", 1],
        ["10.0.0.2", 1],
      ],
    ],
    ["a key", { by: "key" }, { principal: OF_A }, [["key_a", 2]]],
    ["a key", { by: "model", key: "key_a" }, { principal: OF_A }, [["gpt4o", 2]]],
    ["a key", { by: "model", key: "key_b" }, { principal: OF_A }, "forbidden"],
    ["a key", { ip: "10.0.0.1" }, { principal: OF_A }, "forbidden"],
    ["anyone", {}, { principal: ANYONE }, [["10.0.0.1", 3]]],
    ["anyone", { by: "provider", ip: "10.0.0.1" }, { principal: ANYONE }, [["openai", 3]]],
    ["anyone", {}, { principal: ANYONE, ip: "10.0.0.9" }, []],
    ["anyone", { ip: "10.0.0.2" }, { principal: ANYONE }, "forbidden"],
    ["anyone", { by: "day", key: "key_b" }, { principal: ANYONE }, [["2023-11-14", 1]]],
  ];
  for (const [who, params, as, expected] of cases) {
    test(`${who} asking ${JSON.stringify(params)} from ${as.ip ?? "10.0.0.1"} gets ${JSON.stringify(expected)}`, async (t) => {
      const { methods } = await house(t);
      const asked = async () => methods["billing.usage"](params, call(as));
      if (typeof expected === "string") return assert.rejects(asked, isFault(expected));
      const { data } = await asked();
      assert.deepEqual(
        data.map(({ value, totals }) => [value, totals.requests]),
        expected,
      );
    });
  }

  test("tells what was asked for, and the sum in USD", async (t) => {
    const { methods } = await house(t);
    const report = await methods["billing.usage"]({ by: "model", from: "2023-11-14", to: "2023-11-14" }, call());
    assert.deepEqual(
      { by: report.by, from: report.from, to: report.to },
      { by: "model", from: "2023-11-14", to: "2023-11-14" },
    );
    assert.deepEqual(report.total, {
      ...{ requests: 4, errors: 0, input_tokens: 60, cached_input_tokens: 8, output_tokens: 84 },
      ...{ cost: 0.03, cost_nano_usd: 30_000_000 },
    });
    assert.equal((await methods["billing.usage"]({ from: "2023-11-15" }, call())).total.requests, 0);
  });

  const faults: [params: object, param: string][] = [
    [{ from: "2026-02-31" }, "/from"],
    [{ to: "2026-13-01" }, "/to"],
    [{ to: "2027-02-29" }, "/to"],
    [{ from: "2026-11-22", to: "2026-11-21" }, "/from"],
  ];
  for (const [params, param] of faults) {
    test(`${JSON.stringify(params)} is a fault of ${param}, of every method that takes days`, async (t) => {
      const { methods } = await house(t);
      for (const method of ["billing.usage", "billing.requests", "billing.export"] as const) {
        await assert.rejects(async () => methods[method](params, call()), isFault("invalid_params", param));
      }
    });
  }
});

describe("billing.requests", () => {
  test("hands out pages until there is no more", async (t) => {
    const { methods } = await house(t);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await methods["billing.requests"]({ limit: 3, ...(cursor === undefined ? {} : { cursor }) }, call());
      ids.push(...page.data.map(({ request_id }) => request_id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    assert.deepEqual(ids, ["r4", "r3", "r2", "r1"]);
  });

  for (const cursor of ["x", "-1", "1e3", "9999999999999999"]) {
    test(`refuses the cursor ${cursor}`, async (t) => {
      const { methods } = await house(t);
      await assert.rejects(
        async () => methods["billing.requests"]({ cursor }, call()),
        isFault("invalid_params", "/cursor"),
      );
    });
  }
});

describe("billing.export", () => {
  test("is CSV with a header, quotes where they are needed, and an empty field for nothing", async (t) => {
    const { methods, settle, db } = await house(t);
    db.exec("DELETE FROM request_logs");
    await settle('a,"b"\r\nc', undefined, "r5");
    const { rows, text = "" } = await methods["billing.export"]({}, call());
    assert.equal(rows, 1);
    const [header, ...others] = text.split("\r\n");
    assert.match(header ?? "", /^id,started_at,finished_at,duration_ms,ttft_ms,ip,key_id,method,.*,price_known$/);
    assert.match(
      others.join("\r\n"),
      /^\d+,2023-11-14T22:13:20\.123Z,[^,]+,1377,321,"a,""b""\r\nc",,chat\.completions/,
    );
    assert.ok(text.endsWith(",1\r\n"));
  });

  test("streams whole lines, waits for a client that reads slowly, and tells the number", async (t) => {
    const { methods, settle } = await house(t);
    for (let n = 0; n < 1200; n++) await settle("10.0.0.3", undefined, `s${n}`);
    const pieces: string[] = [];
    let reading = false;
    const progress = async ({ values }: ProgressRun): Promise<void> => {
      assert.equal(reading, false, "one piece at a time");
      reading = true;
      for (const value of values) pieces.push((value as { text: string }).text);
      for (let turn = 0; turn < 5; turn++) await nextTurn();
      reading = false;
    };
    const result = await methods["billing.export"]({ ip: "10.0.0.3" }, call({ progress }));
    assert.deepEqual(result, { rows: 1200 });
    assert.ok(pieces.length >= 3);
    assert.ok(pieces.every((piece) => piece.endsWith("\r\n")));
    const lines = pieces.join("").trimEnd().split("\r\n");
    assert.equal(lines.length, 1201);
    const whole = await methods["billing.export"]({ ip: "10.0.0.3" }, call());
    assert.equal(whole.text, pieces.join(""));
  });

  test("of nothing is the header", async (t) => {
    const { methods } = await house(t);
    const pieces: unknown[] = [];
    const progress = ({ values }: ProgressRun): void => void pieces.push(...values);
    assert.deepEqual(await methods["billing.export"]({ ip: "nobody" }, call({ progress })), { rows: 0 });
    assert.equal(pieces.length, 1);
    assert.match((pieces[0] as { text: string }).text, /^id,.*\r\n$/);
  });

  test("stops when its client has gone", async (t) => {
    const { methods, settle } = await house(t);
    for (let n = 0; n < 1200; n++) await settle("10.0.0.3", undefined, `s${n}`);
    const gone = new AbortController();
    let pieces = 0;
    const progress = (): void => {
      pieces++;
      gone.abort(new BrokerError("cancelled"));
    };
    await assert.rejects(
      async () => methods["billing.export"]({}, call({ progress, signal: gone.signal })),
      isFault("cancelled"),
    );
    assert.equal(pieces, 1);
  });

  test("in one piece has 10,000 rows at most", async (t) => {
    const { methods, db } = await house(t);
    const columns =
      "started_at, finished_at, duration_ms, ip, method, model, stream, input_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, audio_input_tokens, output_tokens, reasoning_tokens, audio_output_tokens, cost_nano_usd, usage_source, attempts, status, request_id";
    db.exec(`WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 9996)
      INSERT INTO request_logs (${columns}) SELECT ${columns} FROM request_logs, n WHERE id = 1`);
    assert.equal((await methods["billing.export"]({}, call())).rows, 10_000);
    db.exec(`INSERT INTO request_logs (${columns}) SELECT ${columns} FROM request_logs WHERE id = 1`);
    await assert.rejects(
      async () => methods["billing.export"]({}, call()),
      (cause) => {
        assert.match(String(cause), /"stream": true/);
        return isFault("too_large")(cause);
      },
    );
  });
});

test("billing.summary is of the day that it is", async (t) => {
  const { methods } = await house(t);
  const { today, month, all, top_keys } = await methods["billing.summary"]({}, call());
  assert.deepEqual([today.requests, month.requests, all.requests], [4, 4, 4]);
  assert.deepEqual(
    top_keys.map(({ value }) => value),
    ["key_a", "", "key_b"],
  );
});
