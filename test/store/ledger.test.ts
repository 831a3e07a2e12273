// The ledger: one row a call, committed in groups before anyone is told, through crashes and a database that is locked.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { Expected } from "../../src/core/ledger.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import { end, start } from "../support/entries.ts";
import { crashChild, open, place, setup, unavailable } from "./open-ledger.ts";

describe("a call", () => {
  test("is one row when it has ended, none before", async (t) => {
    const { ledger, rows } = setup(t);
    const begun = start({ keyId: "k1", parentId: "req_0", stream: true, ip: "unix:1000" });
    const hold = await ledger.hold(begun);
    assert.deepEqual(rows(), []);
    assert.equal(await ledger.settle(hold, begun, end({ errorKind: "stream_cut", status: "error" })), "settled");
    assert.deepEqual(rows(), [
      {
        id: 1,
        started_at: "2023-11-14T22:13:20.123Z",
        finished_at: "2023-11-14T22:13:21.500Z",
        duration_ms: 1377,
        ttft_ms: 321,
        ip: "unix:1000",
        key_id: "k1",
        method: "chat.completions.create",
        model: "auto",
        model_served: "gpt4o",
        provider: "openai",
        model_id: "gpt-4o",
        provider_key: "openai-0",
        stream: 1,
        input_tokens: 1,
        cached_input_tokens: 2,
        cache_write_tokens: 3,
        cache_write_1h_tokens: 4,
        audio_input_tokens: 5,
        output_tokens: 6,
        reasoning_tokens: 7,
        audio_output_tokens: 8,
        audio_seconds: null,
        characters: null,
        cost_nano_usd: 7_500_000,
        usage_source: "provider",
        attempts: 2,
        status: "error",
        error_kind: "stream_cut",
        request_id: "req_1",
        parent_id: "req_0",
        price_known: 1,
      },
    ]);
  });

  test("that is settled twice has one row, the first", async (t) => {
    const { ledger, rows } = setup(t);
    const hold = await ledger.hold(start());
    const both = [ledger.settle(hold, start(), end()), ledger.settle(hold, start(), end({ status: "cancelled" }))];
    assert.deepEqual(await Promise.all(both), ["settled", "already_settled"]);
    assert.equal(await ledger.settle(hold, start(), end({ status: "error" })), "already_settled");
    assert.deepEqual(
      rows().map((row) => row.status),
      ["ok"],
    );
  });

  test("that was never held has no row", async (t) => {
    const { ledger, rows } = setup(t);
    assert.equal(await ledger.settle(12345, start(), end()), "already_settled");
    assert.deepEqual(rows(), []);
  });

  test("keeps what it cost to the nano-USD, also beyond 2^53", async (t) => {
    const { ledger, witness } = setup(t);
    const costs = [0, 1, 2 ** 31, Number.MAX_SAFE_INTEGER, 2e17];
    for (const cost of costs) {
      await ledger.settle(await ledger.hold(start()), start(), end({ costNanoUsd: cost as never }));
    }
    const kept = witness.prepare("SELECT cost_nano_usd FROM request_logs ORDER BY id").pluck().safeIntegers().all();
    assert.deepEqual(kept, costs.map(BigInt));
  });

  test("whose clock went back lasted 0 ms and ended when it began", async (t) => {
    const { ledger, rows } = setup(t);
    await ledger.settle(await ledger.hold(start()), start(), end({ finishedAt: 1_699_999_999_999 }));
    assert.equal(rows()[0]?.duration_ms, 0);
    assert.equal(rows()[0]?.finished_at, "2023-11-14T22:13:20.123Z");
  });
});

describe("group commit", () => {
  const many = (n: number) => Array.from({ length: n }, (_, i) => start({ requestId: `r${i}` }));

  test("writes all settlements of one turn in one transaction, in their order; holds cost none", async (t) => {
    const { ledger, commits, rows } = setup(t);
    const before = commits();
    const starts = many(50);
    const ids = await Promise.all(starts.map((each) => ledger.hold(each)));
    assert.equal(new Set(ids).size, 50);
    assert.equal(commits(), before);
    await Promise.all(ids.map((id, i) => ledger.settle(id, starts[i]!, end())));
    assert.equal(commits() - before, 1);
    assert.deepEqual(
      rows().map((row) => row.request_id),
      starts.map(({ requestId }) => requestId),
    );
  });

  test("waits for the whole turn, whatever jobs run in it", async (t) => {
    const { ledger, commits } = setup(t);
    const before = commits();
    const [a, b] = [await ledger.hold(start()), await ledger.hold(start())];
    const first = ledger.settle(a, start(), end());
    for (let job = 0; job < 20; job++) await null;
    const second = new Promise((resolve) => process.nextTick(() => resolve(ledger.settle(b, start(), end()))));
    await Promise.all([first, second]);
    assert.equal(commits() - before, 1);
  });

  test("waits while more rows come, three turns at most; a single row waits one", async (t) => {
    const { ledger, commits, rows } = setup(t);
    const ids = await Promise.all(many(10).map((each) => ledger.hold(each)));
    const settle = (): Promise<string> => ledger.settle(ids.pop() ?? -1, start(), end());
    const before = commits();
    const waiting = [settle(), settle()];
    for (let turn = 0; turn < 2; turn++) {
      await nextTurn();
      assert.equal(commits(), before, `turn ${turn}`);
      waiting.push(settle());
    }
    await Promise.all(waiting);
    assert.equal(commits() - before, 1);
    assert.equal(rows().length, 4);

    const single = settle();
    await nextTurn();
    assert.equal(commits() - before, 2);
    await single;
  });

  test("tells nobody before another connection can see the row", async (t) => {
    const { ledger, rows } = setup(t);
    const settled = ledger.settle(await ledger.hold(start()), start(), end()).then(() => rows().length);
    assert.equal(rows().length, 0, "nothing is written within the caller's own turn");
    assert.equal(await settled, 1);
  });

  test("costs nothing when idle", async (t) => {
    const { commits, ledger } = setup(t);
    await ledger.hold(start());
    const before = commits();
    await nextTurn();
    await nextTurn();
    assert.equal(commits(), before);
  });
});

describe("kill -9", () => {
  test("keeps what was settled and loses nothing that was held", { timeout: 20_000 }, async (t) => {
    const { path, rows, journals, outcomes } = place(t);
    const { pid, line, isAlive, kill } = crashChild(t, path, "held");
    assert.equal(await line(), "ready");

    const meanwhile = open(t, path, { isAlive });
    assert.deepEqual(outcomes(), [["finished", "ok"]], "a second process leaves the calls of the first alone");
    await meanwhile.ledger.close();
    assert.deepEqual(journals(), [`calls-${pid}.journal`]);

    await kill();
    for (const time of ["first", "second"]) {
      await open(t, path, { isAlive }).ledger.close();
      assert.deepEqual(
        rows().map(({ request_id, status, ip, cost_nano_usd, stream }) => [
          request_id,
          status,
          ip,
          cost_nano_usd,
          stream,
        ]),
        [
          ["finished", "ok", "127.0.0.1", 7_500_000, 0],
          ["under-way", "interrupted", "10.0.0.9", 0, 1],
          ["under-way-too", "interrupted", "127.0.0.1", 0, 0],
        ],
        `${time} start`,
      );
      assert.deepEqual(journals(), []);
    }
  });

  test("bills the input of what was under way as it was expected, and any call gets its row", async (t) => {
    const { path, ledger, rows } = setup(t);
    const expected: Expected = {
      modelServed: "gpt4o",
      provider: "openai",
      modelId: "gpt-4o",
      tokens: { inputUncached: 40 },
      units: undefined,
      costNanoUsd: 100_000 as NanoUsd,
      priceKnown: true,
    };
    await ledger.hold(start({ requestId: "tool" }));
    await ledger.hold(start({ requestId: "chat", expected }));
    await ledger.hold(start({ requestId: "damaged", ip: { not: "text" } as never }));
    await ledger.hold(start({ requestId: "absurd", expected: { ...expected, costNanoUsd: 1e300 as NanoUsd } }));
    open(t, path);
    assert.deepEqual(
      rows().map((row) => [
        ...[row.request_id, row.provider, row.input_tokens, row.cost_nano_usd, row.price_known],
        ...[row.usage_source, row.attempts, row.status],
      ]),
      [
        ["tool", null, 0, 0, 1, "none", 0, "interrupted"],
        ["chat", "openai", 40, 100_000, 1, "estimated", 1, "interrupted"],
        ["absurd", "openai", 0, 0, 0, "estimated", 1, "interrupted"],
      ],
    );
  });

  test("between settling and the commit leaves an interrupted row", { timeout: 20_000 }, async (t) => {
    const { path, outcomes } = place(t);
    const { line, isAlive, kill } = crashChild(t, path, "settling");
    assert.equal(await line(), "ready");
    await kill();
    open(t, path, { isAlive });
    assert.deepEqual(outcomes(), [["settling", "interrupted"]]);
  });

  test("while the database is locked leaves an interrupted row", { timeout: 20_000 }, async (t) => {
    const { path, outcomes, witness } = place(t);
    const { child, line, isAlive, kill } = crashChild(t, path, "locked");
    assert.equal(await line(), "ready");
    witness.exec("BEGIN IMMEDIATE");
    child.stdin.write("go");
    assert.equal(await line(), "storage_unavailable");
    await kill();
    witness.exec("ROLLBACK");
    open(t, path, { isAlive });
    assert.deepEqual(outcomes(), [["refused", "interrupted"]]);
  });
});

describe("a database that is locked", () => {
  test("refuses holds, keeps settlements, and serves again without a restart", { timeout: 20_000 }, async (t) => {
    const { db, ledger, witness, outcomes, journal, faults } = setup(t);
    db.pragma("busy_timeout = 20");
    const ids = [await ledger.hold(start({ requestId: "a" })), await ledger.hold(start({ requestId: "b" }))] as const;
    witness.exec("BEGIN IMMEDIATE");

    await assert.rejects(ledger.settle(ids[0], start({ requestId: "a" }), end()), unavailable);
    assert.match(ledger.fault ?? "", /locked/);
    await assert.rejects(ledger.settle(ids[1], start({ requestId: "b" }), end({ status: "cancelled" })), unavailable);
    await assert.rejects(ledger.hold(start({ requestId: "refused" })), unavailable);
    assert.deepEqual(journal(), ["a", "b"], "what is refused leaves no trace");
    assert.equal(await ledger.settle(ids[0], start({ requestId: "a" }), end()), "already_settled");
    assert.equal(faults.length, 1, "a fault is told once");

    witness.exec("COMMIT");
    while (ledger.fault !== undefined) await sleep(20);
    const written = [
      ["a", "ok"],
      ["b", "cancelled"],
    ];
    assert.deepEqual(outcomes(), written);
    const again = await ledger.hold(start({ requestId: "c" }));
    assert.equal(await ledger.settle(again, start({ requestId: "c" }), end()), "settled");
    assert.deepEqual(outcomes(), [...written, ["c", "ok"]]);
  });

  test("waits for a short lock and tells nobody", { timeout: 20_000 }, async (t) => {
    const { ledger, path, rows } = setup(t);
    const script = `import Database from "better-sqlite3";
      const db = new Database(process.argv[1]);
      db.exec("BEGIN IMMEDIATE");
      process.stdout.write("locked");
      setTimeout(() => db.exec("COMMIT"), 100);`;
    const locker = spawn(process.execPath, ["--input-type=module", "-e", script, path], {
      cwd: join(import.meta.dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = once(locker, "close");
    await once(locker.stdout, "data");
    await ledger.settle(await ledger.hold(start()), start(), end());
    assert.equal(rows().length, 1);
    assert.equal(ledger.fault, undefined);
    await closed;
  });
});

describe("close", () => {
  test("writes what waits", async (t) => {
    const { ledger, rows, db } = setup(t);
    const hold = await ledger.hold(start());
    const settled = ledger.settle(hold, start(), end());
    await ledger.close();
    assert.equal(await settled, "settled");
    assert.equal(rows().length, 1);
    assert.equal(db.open, false);
    await ledger.close();
  });

  test("writes what a locked database refused before, once it can", async (t) => {
    const { db, ledger, witness, rows } = setup(t);
    db.pragma("busy_timeout = 20");
    const hold = await ledger.hold(start());
    witness.exec("BEGIN IMMEDIATE");
    await assert.rejects(ledger.settle(hold, start(), end()), unavailable);
    witness.exec("COMMIT");
    await ledger.close();
    assert.deepEqual(
      rows().map((row) => row.status),
      ["ok"],
    );
  });

  test("ends also while the database is locked; the next start finds the call", async (t) => {
    const { db, ledger, witness, path, outcomes } = setup(t);
    db.pragma("busy_timeout = 20");
    const hold = await ledger.hold(start());
    witness.exec("BEGIN IMMEDIATE");
    const settled = assert.rejects(ledger.settle(hold, start(), end()), unavailable);
    await ledger.close();
    await settled;
    witness.exec("ROLLBACK");
    open(t, path);
    assert.deepEqual(outcomes(), [["req_1", "interrupted"]]);
  });

  test("refuses what comes later, and writes to no file that has got the journal's number", async (t) => {
    const { ledger, folder, faults } = setup(t);
    const hold = await ledger.hold(start());
    await ledger.close();
    const files = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => join(folder, `other-${n}`));
    const opened = files.map((path) => openSync(path, "w"));
    t.after(() => opened.forEach(closeSync));
    await assert.rejects(ledger.hold(start()), unavailable);
    await assert.rejects(ledger.settle(hold, start(), end()), unavailable);
    assert.equal(files.map((path) => readFileSync(path, "utf8")).join(""), "");
    assert.deepEqual(faults, []);
  });

  test("writes the holds that wait, and to no file that has got the journal's number", async (t) => {
    const { ledger, folder, path, faults, outcomes } = setup(t);
    const holds = ["a", "b"].map((requestId) => ledger.hold(start({ requestId })));
    await ledger.close();
    const files = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => join(folder, `other-${n}`));
    const opened = files.map((path) => openSync(path, "w"));
    t.after(() => opened.forEach(closeSync));
    assert.deepEqual(await Promise.all(holds), [1, 2]);
    await nextTurn();
    await nextTurn();
    assert.equal(files.map((path) => readFileSync(path, "utf8")).join(""), "");
    assert.deepEqual(faults, []);
    open(t, path);
    assert.deepEqual(outcomes(), [
      ["a", "interrupted"],
      ["b", "interrupted"],
    ]);
  });
});

describe("byIp", () => {
  test("has totals, errors, first and last seen, calls under way and the last ten, newest address first", async (t) => {
    const { ledger } = setup(t);
    const call = async (ip: string, n: number, status: "ok" | "error" | "cancelled" = "ok"): Promise<void> => {
      const begun = start({ ip, requestId: `${ip}#${n}`, startedAt: 1000 * n, modelAsked: "m" });
      await ledger.settle(await ledger.hold(begun), begun, end({ finishedAt: 1000 * n + 7, status }));
    };
    for (let n = 1; n <= 12; n++) await call("a", n, n === 3 ? "error" : n === 4 ? "cancelled" : "ok");
    await call("b", 20);
    await ledger.hold(start({ ip: "a" }));

    const [b, a, ...others] = ledger.byIp(10);
    assert.deepEqual(others, []);
    assert.deepEqual([b?.ip, b?.requests, b?.inFlight], ["b", 1, 0]);
    assert.deepEqual(
      { ...a, recent: a?.recent.map(({ requestId }) => requestId) },
      {
        ip: "a",
        requests: 12,
        errors: 1,
        firstSeen: 1000,
        lastSeen: 12_007,
        inFlight: 1,
        recent: [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `a#${n}`),
      },
    );
    assert.deepEqual(a?.recent[0], {
      requestId: "a#12",
      startedAt: 12_000,
      finishedAt: 12_007,
      model: "m",
      status: "ok",
    });
    assert.deepEqual(ledger.byIp(1), [b], "the limit keeps the newest, and shows no address with a part of its totals");
  });

  test("shows an address whose first call is under way", async (t) => {
    const { ledger } = setup(t);
    const begun = start({ ip: "new", startedAt: 5 });
    const hold = await ledger.hold(begun);
    await ledger.hold(start({ ip: "new", startedAt: 7 }));
    assert.deepEqual(ledger.byIp(10), [
      { ip: "new", requests: 0, errors: 0, firstSeen: 5, lastSeen: 7, inFlight: 2, recent: [] },
    ]);
    await ledger.settle(hold, begun, end());
    const after = ledger.byIp(10);
    assert.deepEqual(
      after.map(({ requests, inFlight }) => [requests, inFlight]),
      [[1, 1]],
    );
  });

  test("has all of an address that was long away when the list is full", async (t) => {
    const { ledger } = setup(t);
    const call = async (ip: string, n: number): Promise<void> => {
      const begun = start({ ip, startedAt: 1000 * n });
      await ledger.settle(await ledger.hold(begun), begun, end({ finishedAt: 1000 * n }));
    };
    await call("back", 1);
    for (let n = 2; n < 300; n++) await call("other", n);
    await call("back", 300);
    const seen = ledger.byIp(1).map(({ recent: _, ...totals }) => totals);
    assert.deepEqual(seen, [{ ip: "back", requests: 2, errors: 0, firstSeen: 1000, lastSeen: 300_000, inFlight: 0 }]);
  });

  test("counts interrupted calls as errors", async (t) => {
    const { path, ledger } = setup(t);
    await ledger.hold(start());
    await ledger.close();
    const second = open(t, path);
    assert.deepEqual(
      second.ledger.byIp(10).map(({ requests, errors }) => [requests, errors]),
      [[1, 1]],
    );
  });
});
