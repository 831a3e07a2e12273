// The journal of calls under way: what a dead process leaves in it becomes rows, exactly one a call, whatever state the file
// is in; it stays short; and a call that it can't take is refused.

import assert from "node:assert/strict";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { CallStart } from "../../src/core/ledger.ts";
import { createLedger } from "../../src/store/ledger.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { end, start } from "../support/entries.ts";
import { crashChild, open, place, setup, unavailable } from "./open-ledger.ts";

const KIB = 1024;
const line = (more: Partial<CallStart>): string => `${JSON.stringify(start(more))}\n`;
const interrupted = (...ids: string[]): string[][] => ids.map((id) => [id, "interrupted"]);

describe("the journal", () => {
  test("has the call before its hold returns, for its owner's eyes alone, and is gone after a clean end", async (t) => {
    const { ledger, folder, journal, journals } = setup(t);
    const hold = await ledger.hold(start({ requestId: "a" }));
    assert.deepEqual(journal(), ["a"]);
    assert.equal((statSync(join(folder, "calls-100.journal")).mode & 0o777).toString(8), "600");
    await ledger.settle(hold, start({ requestId: "a" }), end());
    await ledger.close();
    assert.deepEqual(journals(), []);
  });

  test("gets the calls that come at once in one write, in their order", async (t) => {
    const { ledger, journal } = setup(t);
    const ids = Array.from({ length: 20 }, (_, n) => `r${n}`);
    const seen = new Set<string>();
    const holds = await Promise.all(
      ids.map(async (requestId) => {
        const hold = await ledger.hold(start({ requestId }));
        seen.add(journal().join());
        return hold;
      }),
    );
    assert.equal(new Set(holds).size, 20);
    assert.deepEqual([...seen], [ids.join()]);
  });

  test("that can't be written refuses all that come at once, and tells it once", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { ledger, folder, faults, journal } = setup(t, { journalBytes: 1 });
    await ledger.hold(start({ requestId: "before" }));
    mkdirSync(join(folder, "calls-100.journal.new"));
    const holds = ["a", "b", "c"].map((requestId) => ledger.hold(start({ requestId })));
    await Promise.all(holds.map((hold) => assert.rejects(hold, unavailable)));
    assert.equal(faults.length, 1);
    assert.deepEqual(journal(), ["before"]);
    assert.equal(ledger.byIp(1)[0]?.inFlight, 1);
  });

  test("stays when a call is under way at the end", async (t) => {
    const { ledger, path, journals, outcomes } = setup(t);
    await ledger.hold(start());
    await ledger.close();
    assert.deepEqual(journals(), ["calls-100.journal"]);
    await open(t, path).ledger.close();
    assert.deepEqual(outcomes(), interrupted("req_1"));
    assert.deepEqual(journals(), []);
  });
});

describe("at the start", () => {
  test("calls of dead processes, and of one with our id, are interrupted; those of live ones are not", (t) => {
    const { folder, path, rows, journals } = place(t);
    const facts = { startedAt: 4000, ip: "10.0.0.1", keyId: "k", parentId: "p", stream: true };
    for (const [pid, requestId] of Object.entries({ 200: "dead", 300: "alive", 100: "same-pid" })) {
      writeFileSync(join(folder, `calls-${pid}.journal`), line({ requestId, ...facts }));
    }
    open(t, path, { isAlive: (pid) => pid !== 200 });
    const expected = {
      started_at: "1970-01-01T00:00:04.000Z",
      duration_ms: 5000,
      status: "interrupted",
      cost_nano_usd: 0,
      usage_source: "none",
      ip: "10.0.0.1",
      key_id: "k",
      parent_id: "p",
      stream: 1,
      attempts: 0,
    };
    assert.deepEqual(
      rows()
        .map((row) => Object.fromEntries(["request_id", ...Object.keys(expected)].map((name) => [name, row[name]])))
        .sort((a, b) => String(a.request_id).localeCompare(String(b.request_id))),
      ["dead", "same-pid"].map((request_id) => ({ request_id, ...expected })),
    );
    assert.deepEqual(journals().sort(), ["calls-100.journal", "calls-300.journal"]);
  });

  test("files of others in the folder are neither asked about, read nor removed", (t) => {
    const { folder, path } = place(t);
    const names = ["calls-.journal", "calls-x.journal", "calls-1.journal.bak", "my-calls-1.journal", "notes"];
    for (const name of names) writeFileSync(join(folder, name), line({}));
    mkdirSync(join(folder, "folder"));
    const before = readdirSync(folder);
    const asked: number[] = [];
    open(t, path, { isAlive: (pid) => asked.push(pid) < 0 });
    assert.deepEqual(
      before.filter((name) => !existsSync(join(folder, name))),
      [],
    );
    assert.deepEqual(asked, []);
  });

  const states: Record<string, { text: string; rows: string[] }> = {
    "is empty": { text: "", rows: [] },
    "has a torn last line": { text: line({ requestId: "a" }) + line({ requestId: "b" }).slice(0, 40), rows: ["a"] },
    "lacks only the end of the last line": { text: line({ requestId: "a" }) + line({}).trimEnd(), rows: ["a"] },
    "has the rest of a longer torn line at its end": { text: `${line({ requestId: "a" })}odel":"x","str`, rows: ["a"] },
    "has a line that tests the way to write": { text: `${line({ requestId: "a" })}\n`, rows: ["a"] },
    "lost a block to a power cut": {
      text: `${line({ requestId: "a" })}${"\0".repeat(4096)}\n{}\nnull\n7\n${line({ requestId: "b" })}`,
      rows: ["a", "b"],
    },
  };
  for (const [state, { text, rows }] of Object.entries(states)) {
    test(`a journal that ${state} gives ${rows.length} rows`, (t) => {
      const { folder, path, outcomes, journals } = place(t);
      writeFileSync(join(folder, "calls-7.journal"), text);
      open(t, path);
      assert.deepEqual(outcomes(), interrupted(...rows));
      assert.deepEqual(journals(), ["calls-100.journal"]);
    });
  }

  test("many journals are cleared up, half-made ones beside them too", (t) => {
    const { folder, path, outcomes, journals } = place(t);
    const ids = Array.from({ length: 40 }, (_, n) => `r${n}`);
    for (const [n, requestId] of ids.entries()) {
      writeFileSync(join(folder, `calls-${1000 + n}.journal`), line({ requestId }));
    }
    writeFileSync(join(folder, "calls-1003.journal.new"), line({ requestId: "r3" }));
    open(t, path);
    assert.deepEqual(outcomes().sort(), interrupted(...ids).sort());
    assert.deepEqual(journals(), ["calls-100.journal"]);
  });

  test("more calls than a function takes arguments are cleared up", (t) => {
    const { folder, path, witness } = place(t);
    const lines = Array.from({ length: 150_000 }, (_, n) => line({ requestId: `r${n}` }));
    writeFileSync(join(folder, "calls-7.journal"), lines.join(""));
    open(t, path);
    const count = witness.prepare("SELECT count(DISTINCT request_id) FROM request_logs").pluck();
    assert.equal(count.get(), 150_000);
  });

  test("a journal that another process clears up meanwhile is no fault", (t) => {
    const { folder, path, outcomes } = place(t);
    const left = join(folder, "calls-7.journal");
    writeFileSync(left, line({}));
    const isAlive = (): boolean => {
      rmSync(left);
      return false;
    };
    open(t, path, { isAlive });
    assert.deepEqual(outcomes(), []);
  });

  test("no call gets a second row when the last start was killed before it removed the journal", async (t) => {
    const { folder, path, outcomes } = place(t);
    const [left, copy] = [join(folder, "calls-7.journal"), join(folder, "copy")];
    writeFileSync(copy, line({ requestId: "a" }) + line({ requestId: "b", startedAt: 1_800_000_000_000 }));
    for (let time = 0; time < 3; time++) {
      copyFileSync(copy, left);
      await open(t, path).ledger.close();
      assert.deepEqual(outcomes(), interrupted("a", "b"));
    }
  });

  test("no call gets a second row when the clock went back while it ran", async (t) => {
    const { ledger, path, folder, outcomes } = setup(t);
    const later = start({ requestId: "later", startedAt: 1_700_000_900_000 });
    const sooner = start({ requestId: "sooner", startedAt: 1_700_000_800_000 });
    for (const begun of [later, sooner]) {
      await ledger.settle(await ledger.hold(begun), begun, end({ finishedAt: 1_700_000_000_000 }));
    }
    copyFileSync(join(folder, "calls-100.journal"), join(folder, "calls-7.journal"));
    open(t, path, { pid: 101, isAlive: (pid) => pid === 100 });
    assert.deepEqual(outcomes(), [
      ["later", "ok"],
      ["sooner", "ok"],
    ]);
  });

  test("several processes at once give each call one row", { timeout: 20_000 }, async (t) => {
    const { folder, path, outcomes, journals } = place(t);
    const ids = Array.from({ length: 2_000 }, (_, n) => `r${n}`);
    for (const pid of [1, 2, 3, 4]) {
      const own = ids.filter((_, n) => n % 4 === pid - 1);
      writeFileSync(
        join(folder, `calls-${9_000_000 + pid}.journal`),
        own.map((requestId) => line({ requestId })).join(""),
      );
    }
    const children = Array.from({ length: 4 }, () => crashChild(t, path, "recover"));
    for (const { line } of children) assert.equal(await line(), "ready");
    const ends = children.map(({ child }) => once(child, "close"));
    for (const { child } of children) child.stdin.end("go");
    assert.deepEqual(await Promise.all(ends), Array(4).fill([0, null]));
    assert.deepEqual(outcomes().sort(), interrupted(...ids).sort());
    assert.deepEqual(journals(), []);
  });

  test("a journal that can't be read stops the start, and nothing is lost", (t) => {
    const { folder, path, journals } = place(t);
    mkdirSync(join(folder, "calls-7.journal"));
    const db = openSqlite(path);
    t.after(() => db.close());
    const deps = { db, folder, pid: 100, isAlive: () => false, now: () => 0 };
    assert.throws(() => createLedger(deps), { code: "EISDIR" });
    assert.deepEqual(journals(), ["calls-7.journal"]);
  });
});

describe("a long journal", () => {
  const long = "m".repeat(4 * KIB);
  const journalBytes = 64 * KIB;

  test("is written anew with what is under way, and stays short", async (t) => {
    const { ledger, folder, path, journal, journals, outcomes } = setup(t, { journalBytes });
    const file = join(folder, "calls-100.journal");
    const open100 = ["open-0", "open-20", "open-40"];
    const ids: string[] = [];
    for (let n = 0; n < 60; n++) {
      const begun = start({ requestId: n % 20 === 0 ? `open-${n}` : `r${n}`, modelAsked: n % 20 === 0 ? "é" : long });
      const hold = await ledger.hold(begun);
      if (n % 20 === 0) continue;
      ids.push(begun.requestId);
      await ledger.settle(hold, { ...begun, modelAsked: "m" }, end());
      assert.ok(statSync(file).size < journalBytes + 8 * KIB);
    }
    assert.equal((statSync(file).mode & 0o777).toString(8), "600");
    assert.deepEqual(
      journal().filter((id) => id.startsWith("open")),
      open100,
    );
    assert.deepEqual(journals(), ["calls-100.journal"]);
    await ledger.close();
    open(t, path);
    assert.deepEqual(outcomes(), [...ids.map((id) => [id, "ok"]), ...interrupted(...open100)]);
  });

  test("is not written anew for every call when what is under way is long itself", async (t) => {
    const { ledger, folder, journal } = setup(t, { journalBytes });
    const files: number[] = [];
    for (let n = 0; n < 30; n++) {
      await ledger.hold(start({ requestId: `r${n}`, modelAsked: long }));
      files.push(statSync(join(folder, "calls-100.journal")).ino);
    }
    assert.deepEqual(
      files.flatMap((file, n) => (n > 0 && file !== files[n - 1] ? [n] : [])),
      [16],
      "once after 64 KiB, and then not before 128",
    );
    assert.deepEqual(
      journal(),
      Array.from({ length: 30 }, (_, n) => `r${n}`),
    );
  });

  test("that can't be written anew refuses calls, keeps the old, and serves again", async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { ledger, folder, journal, faults, outcomes, path } = setup(t, { journalBytes });
    const blocker = join(folder, "calls-100.journal.new");
    mkdirSync(blocker);
    const held: string[] = [];
    await assert.rejects(async () => {
      for (let n = 0; n < 40; n++) {
        await ledger.hold(start({ requestId: `r${n}`, modelAsked: long }));
        held.push(`r${n}`);
      }
    }, unavailable);
    assert.match(ledger.fault ?? "", /EISDIR/);
    await assert.rejects(ledger.hold(start()), unavailable);
    assert.equal(faults.length, 1, "a fault is told once");
    assert.equal(held.length, 16);
    assert.deepEqual(journal(), held);
    t.mock.timers.tick(3000);
    assert.match(ledger.fault ?? "", /EISDIR/, "as long as it lasts");
    rmdirSync(blocker);
    t.mock.timers.tick(1000);
    assert.equal(ledger.fault, undefined);
    await ledger.hold(start({ requestId: "after" }));
    assert.deepEqual(journal(), [...held, "after"]);
    await ledger.close();
    open(t, path);
    assert.deepEqual(outcomes(), interrupted(...held, "after"));
  });
});

test("a full disk refuses calls, tears no other line, and takes what fits", { timeout: 20_000 }, async (t) => {
  const { path, folder, outcomes } = place(t);
  const { pid, line, isAlive, kill } = crashChild(t, path, "full", 300);
  const { held, told } = JSON.parse(await line());
  await kill();
  assert.ok(held > 5);
  assert.match(told[0], /EFBIG/);
  assert.match(told[1], /^\d+$/);
  assert.equal(told[2], "storage_unavailable,storage_unavailable,storage_unavailable", "all that came at once");
  const file = join(folder, `calls-${pid}.journal`);
  assert.match(readFileSync(file, "utf8"), /"short".*\n$/, "what is refused leaves no trace");
  open(t, path, { isAlive });
  const ids = Array.from({ length: held }, (_, n) => `held-${n}`);
  assert.deepEqual(outcomes(), interrupted(...ids, "short"));
});
