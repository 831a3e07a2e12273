// Connections of callers: one each, as many as there may be, and none longer than it is needed.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection } from "../../../src/mcp/client/connection.ts";
import { Connections, IDLE_MS } from "../../../src/mcp/client/connections.ts";

class Fake {
  busy = 0;
  closed = false;
  readonly owner: string;
  readonly onClose: () => void;

  constructor(owner: string, onClose: () => void) {
    this.owner = owner;
    this.onClose = onClose;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.onClose();
  }
}

function bench(most = 3, coolMs = 0) {
  const made: Fake[] = [];
  let now = 0;
  let failing = false;
  const connections = new Connections({
    most,
    ticks: () => now,
    coolMs: (failures) => failures * coolMs,
    async open(owner, _peer, onClose) {
      if (failing) throw new TypeError("refused");
      const fake = new Fake(owner, onClose);
      made.push(fake);
      return fake as unknown as Connection;
    },
  });
  const of = async (owner: string): Promise<Fake> => (await connections.for(owner, undefined)) as unknown as Fake;
  return {
    ...{ connections, made, of },
    pass: (ms: number) => {
      now += ms;
    },
    fail: (value: boolean) => {
      failing = value;
    },
  };
}

test("an owner gets the same one again, also while it is being made", async () => {
  const { of, made } = bench();
  const [first, second] = await Promise.all([of("a"), of("a")]);
  assert.equal(first, second);
  assert.equal(await of("a"), first);
  assert.notEqual(await of("b"), first);
  assert.equal(made.length, 2);
});

test("one that was closed or lost is never given again", async () => {
  const { of, connections } = bench();
  const first = await of("a");
  await first.close();
  const second = await of("a");
  assert.notEqual(second, first);
  connections.drop(second as unknown as Connection);
  assert.notEqual(await of("a"), second);
  assert.equal(second.closed, true);
});

test("one that can't be made is tried again by the next call", async () => {
  const { of, fail, connections } = bench();
  fail(true);
  await assert.rejects(of("a"), TypeError);
  assert.equal(connections.size, 0);
  fail(false);
  assert.equal((await of("a")).owner, "a");
});

test("where trying costs much it is not tried again at once", async () => {
  const { of, fail, pass, made } = bench(3, 100);
  fail(true);
  await assert.rejects(of("a"), TypeError);
  fail(false);
  await assert.rejects(of("a"), TypeError, "the same failure, told again");
  assert.equal(made.length, 0);
  pass(100);
  assert.equal((await of("a")).owner, "a");
  assert.equal((await of("b")).owner, "b", "one that worked ends it");
});

test("without room the one goes that was idle longest; with none idle the caller is refused", async () => {
  const { of, connections } = bench(2);
  const [a, b] = [await of("a"), await of("b")];
  await of("a"); // used last
  const c = await of("c");
  assert.deepEqual([a.closed, b.closed, connections.size], [false, true, 2]);
  a.busy = 1;
  c.busy = 1;
  await assert.rejects(async () => of("d"), { kind: "mcp_server_unavailable" });
  c.busy = 0;
  const unpin = connections.pin(c as unknown as Connection);
  await assert.rejects(async () => of("d"), { kind: "mcp_server_unavailable" });
  unpin();
  assert.equal((await of("d")).owner, "d");
});

test("idle ones are closed after a while, busy and pinned ones are not", async () => {
  const { of, connections, pass } = bench();
  const [idle, busy, pinned] = [await of("idle"), await of("busy"), await of("pinned")];
  busy.busy = 1;
  const unpin = connections.pin(pinned as unknown as Connection);
  pass(IDLE_MS - 1);
  connections.sweep();
  assert.equal(connections.size, 3);
  pass(1);
  connections.sweep();
  await Promise.resolve();
  assert.deepEqual([idle.closed, busy.closed, pinned.closed], [true, false, false]);
  unpin();
  busy.busy = 0;
  connections.sweep();
  assert.equal(connections.size, 2, "the time begins when the last use ends");
  pass(IDLE_MS);
  connections.sweep();
  assert.equal(connections.size, 0);
});
