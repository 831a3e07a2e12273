// The process and its database: one that is damaged stops the start with one line and is left as it is; one that gets
// damaged or is locked while the broker runs makes it degraded, refuses calls, and crashes nothing.

import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { readRows } from "../support/broker.ts";
import { type BrokerProcess, run, starter, tempFolder } from "../support/process.ts";

const start = starter();

async function chat(broker: BrokerProcess): Promise<{ status: number; kind: string | undefined }> {
  const response = await fetch(`${broker.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "tiny-broker", max_tokens: 3, messages: [{ role: "user", content: "Hello!" }] }),
  });
  const body = (await response.json()) as { error?: { code?: string } };
  return { status: response.status, kind: body.error?.code };
}

async function health(broker: BrokerProcess): Promise<{ status: string; faults?: string[] }> {
  return (await fetch(`${broker.url}/health`)).json() as Promise<{ status: string; faults?: string[] }>;
}

async function healthy(broker: BrokerProcess): Promise<void> {
  while ((await health(broker)).status !== "healthy");
}

async function stop(broker: BrokerProcess): Promise<void> {
  broker.child.kill("SIGTERM");
  assert.equal(await broker.ended, 0);
}

/** Everything but the first page, which tells that it is a database. */
function damage(path: string): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(statSync(path).size - 4096, 0xa5), 0, undefined, 4096);
  closeSync(file);
}

describe("a damaged database", () => {
  const damages: Record<string, (path: string) => void> = {
    "in its pages": damage,
    "as a whole": (path) => writeFileSync(path, "no database, but as long as one\n".repeat(1000)),
  };
  for (const [where, apply] of Object.entries(damages)) {
    test(`${where} stops the start with one line, and is left as it is`, async () => {
      const broker = await start();
      for (let n = 0; n < 3; n++) assert.equal((await chat(broker)).status, 200);
      await stop(broker);
      const path = join(broker.folder, "requests.db");
      apply(path);
      const before = readFileSync(path);
      const again = run(["serve"], {}, broker.folder);
      assert.equal(await again.ended, 1);
      assert.match(
        again.out.stderr,
        /^aibroker: The request log .*requests\.db can't be opened: .*\. Put a backup in its place/,
      );
      assert.equal(again.out.stderr.split("\n").length, 2, again.out.stderr);
      assert.equal(again.out.stdout, "");
      assert.ok(before.equals(readFileSync(path)));
    });
  }

  test("of a newer broker stops the start with one line", async () => {
    const folder = await tempFolder();
    const newer = new Database(join(folder, "requests.db"));
    newer.pragma("user_version = 999");
    newer.close();
    const { out, ended } = run(["serve"], {}, folder);
    assert.equal(await ended, 1);
    assert.match(out.stderr, /^aibroker: The request log .* has schema 999, .*start the newer broker.*\n$/);
    await rm(folder, { recursive: true, force: true });
  });
});

describe("while the broker runs", () => {
  test("damage is told by the health, refuses calls, and the process goes on", async () => {
    const broker = await start();
    assert.equal((await chat(broker)).status, 200);
    const path = join(broker.folder, "requests.db");
    const other = new Database(path);
    other.pragma("wal_checkpoint(TRUNCATE)");
    damage(path);
    other.pragma("user_version = 998"); // what the broker has read is old now
    other.close();
    for (let n = 0; n < 3 && (await health(broker)).status === "healthy"; n++) await chat(broker);
    const { status, faults = [] } = await health(broker);
    assert.equal(status, "degraded");
    assert.match(faults.join(), /the request log can't be written: database disk image is malformed/);
    assert.deepEqual(await chat(broker), { status: 503, kind: "storage_unavailable" });
    await stop(broker);
    assert.equal(
      `${broker.out.stdout}${broker.out.stderr}`.match(/request log can't be written/g)?.length,
      1,
      "told once",
    );
  });

  test("a lock delays rows and loses none", { timeout: 60_000 }, async () => {
    const broker = await start();
    const other = new Database(join(broker.folder, "requests.db"));
    other.exec("BEGIN IMMEDIATE");
    assert.equal((await chat(broker)).status, 200, "what is paid for is answered");
    assert.equal((await health(broker)).status, "degraded");
    assert.deepEqual(await chat(broker), { status: 503, kind: "storage_unavailable" });
    other.exec("COMMIT");
    other.close();
    await healthy(broker);
    assert.equal((await chat(broker)).status, 200);
    assert.deepEqual(
      readRows(broker.folder).map((row) => row.status),
      ["ok", "ok"],
    );
  });

  test("kill -9 under load: every call has one row, and the sums are theirs", { timeout: 60_000 }, async () => {
    const broker = await start();
    let answered = 0;
    const load = Array.from({ length: 8 }, async () => {
      while ((await chat(broker).catch(() => undefined))?.status === 200) answered++;
    });
    while (answered < 60) await sleep(5);
    broker.child.kill("SIGKILL");
    await broker.ended;
    await Promise.all(load);
    const again = await start({}, broker.folder);
    const rows = readRows(broker.folder);
    const ended = rows.filter(({ status }) => status === "ok").length;
    assert.ok(ended >= answered, "what was answered has its row");
    assert.equal(new Set(rows.map(({ request_id }) => request_id)).size, rows.length);
    const usage = (await (await fetch(`${again.url}/billing/usage`)).json()) as { total: { requests: number } };
    assert.equal(usage.total.requests, rows.length);
  });
});
