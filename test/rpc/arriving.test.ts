// What all senders together may have on its way: a bound for those who are known, a smaller one for strangers, on every
// framing; whatever way a sender goes, its room is free again.

import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import type { Principal } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { Caller } from "../../src/dispatch/request.ts";
import { Arriving, type Identify } from "../../src/rpc/arriving.ts";
import { principal } from "../support/identify.ts";
import { seeded } from "../support/random.ts";
import { type House, openHouse, wire } from "./house.ts";

const CALLER: Caller = { ip: "203.0.113.9", loopback: false, trusted: false };
const LIMITS = { arrivingBytes: 1_000_000, strangerBytes: 200_000 };
const KNOWN = principal("public", "inference");
const STRANGER = principal("public");
const byCredential: Identify = (credential) => (credential === "good" ? KNOWN : STRANGER);
const overloaded = { kind: "overloaded" };

describe("room", () => {
  test("of strangers is not that of those who are known", () => {
    const arriving = new Arriving(LIMITS, byCredential);
    const [first, second] = [arriving.from(CALLER, undefined), arriving.from(CALLER, "bad")];
    first.hold(120_000);
    assert.throws(() => second.hold(80_001), overloaded);
    second.hold(65_536); // as one read may bring
    second.hold(0);
    second.hold(80_000);
    const known = arriving.from(CALLER, "good");
    known.hold(1_000_000);
    assert.throws(() => known.hold(1_000_001), overloaded);
    for (const each of [first, second, known]) each.hold(0);
    assert.deepEqual([arriving.known.bytes, arriving.strangers.bytes], [0, 0]);
  });

  test("of a sender whose credential takes time is a stranger's, who is not refused, until it is found good", async () => {
    const found = Promise.withResolvers<Principal>();
    const arriving = new Arriving(LIMITS, () => found.promise);
    arriving.strangers.bytes = 200_000;
    const arrival = arriving.from(CALLER, "a.b.c");
    arrival.hold(100_000);
    assert.deepEqual([arriving.known.bytes, arriving.strangers.bytes], [0, 300_000]);
    found.resolve(KNOWN);
    await nextTurn();
    assert.deepEqual([arriving.known.bytes, arriving.strangers.bytes], [100_000, 200_000]);
    arrival.hold(900_000);
    arrival.hold(0);
    assert.equal(arriving.known.bytes, 0);
  });

  test("of a sender whose credential is found bad is refused from then on", async () => {
    const arriving = new Arriving(LIMITS, () => Promise.reject(new BrokerError("unauthorized")));
    const arrival = arriving.from(CALLER, "a.b.c");
    arrival.hold(300_000);
    await nextTurn();
    assert.throws(() => arrival.hold(300_001), overloaded);
    arrival.hold(0);
    assert.equal(arriving.strangers.bytes, 0);
  });

  test("is a stranger's where the credential is refused, at once or later, or nobody can tell", async () => {
    const refusals: Identify[] = [
      () => {
        throw new BrokerError("unauthorized");
      },
      () => Promise.reject(new BrokerError("unauthorized")),
      () => {
        throw new BrokerError("storage_unavailable");
      },
    ];
    for (const identify of refusals) {
      const arriving = new Arriving(LIMITS, identify);
      arriving.from(CALLER, "x").hold(150_000);
      await nextTurn();
      assert.deepEqual([arriving.known.bytes, arriving.strangers.bytes], [0, 150_000]);
    }
  });

  test("is asked for anew with each message, and nothing leaks", async () => {
    let now = STRANGER;
    const random = seeded(3);
    const arriving = new Arriving(LIMITS, () => (random() < 0.3 ? Promise.resolve(now) : now));
    const arrivals = Array.from({ length: 20 }, () => arriving.from(CALLER, undefined));
    for (let step = 0; step < 2000; step++) {
      now = random() < 0.5 ? KNOWN : STRANGER;
      const each = arrivals[Math.floor(random() * arrivals.length)];
      try {
        each?.hold(random() < 0.4 ? 0 : Math.floor(random() * 150_000));
      } catch {
        each?.hold(0);
      }
      if (random() < 0.1) await nextTurn();
      assert.ok(arriving.known.bytes >= 0 && arriving.strangers.bytes >= 0);
    }
    for (const each of arrivals) each.hold(0);
    await nextTurn();
    assert.deepEqual([arriving.known.bytes, arriving.strangers.bytes], [0, 0]);
  });
});

describe("parts of messages", () => {
  const MANY = { arrivingBytes: 1_000_000, strangerBytes: 200_000 };
  const isOwner: Identify = (_, { trusted }) => (trusted ? KNOWN : STRANGER);

  async function untilHeld({ core }: House, atLeast: number): Promise<void> {
    while (core.arriving.strangers.bytes < atLeast) await nextTurn();
  }

  async function untilFree({ core }: House): Promise<void> {
    while (core.arriving.known.bytes + core.arriving.strangers.bytes > 0) await nextTurn();
  }

  for (const [framing, half] of [
    ["raw", `{"jsonrpc":"2.0","id":1,"method":"echo","params":["${"x".repeat(150_000)}`],
    ["lsp", `Content-Length: 400000\r\n\r\n${"x".repeat(150_000)}`],
  ] as const) {
    test(`of strangers (${framing}) are refused when there are too many, others are taken`, async (t) => {
      const house = await openHouse(t, MANY, {}, isOwner);
      const first = wire(t, { port: house.port });
      first.send(half);
      await untilHeld(house, 150_000);
      const second = wire(t, { port: house.port });
      second.send(half);
      assert.match(await second.until(() => false), /"overloaded"/);
      const owner = wire(t, { path: house.path });
      owner.send(`{"jsonrpc":"2.0","id":7,"method":"echo","params":{"text":"${"y".repeat(300_000)}"}}\n`);
      assert.equal((await owner.messages(1))[0]?.id, 7);
      first.socket.destroy();
      await untilFree(house);
    });
  }

  for (const [framing, frame] of [
    ["raw", (text: string) => `${text}\n`],
    ["lsp", (text: string) => `Content-Length: ${text.length}\r\n\r\n${text}`],
  ] as const) {
    test(`of a small message (${framing}) are taken, however much of others arrives`, async (t) => {
      const house = await openHouse(t, MANY, {}, isOwner);
      const large = wire(t, { port: house.port });
      large.send(`{"jsonrpc":"2.0","id":1,"method":"echo","params":["${"x".repeat(199_000)}`);
      await untilHeld(house, 199_000);
      const small = wire(t, { port: house.port });
      const text = frame(`{"jsonrpc":"2.0","id":2,"method":"echo","params":["${"y".repeat(20_000)}"]}`);
      small.send(text.slice(0, 10_000));
      await sleep(20); // so that it comes in two reads
      small.send(text.slice(10_000));
      assert.match(await small.until((received) => received.length > 1000), /"result"/);
      large.socket.destroy();
      await untilFree(house);
    });
  }

  test("of strangers over WebSocket, too", async (t) => {
    const house = await openHouse(t, MANY, {}, isOwner);
    const [first, second] = [0, 1].map(() => new WebSocket(`ws://127.0.0.1:${house.port}/rpc`));
    for (const each of [first, second]) {
      t.after(() => each?.terminate());
      await once(each as WebSocket, "open");
    }
    const part = '"'.padEnd(60_000, "x");
    for (let n = 0; n < 3; n++) first?.send(part, { fin: false });
    await untilHeld(house, 90_000);
    const closed = once(second as WebSocket, "close");
    for (let n = 0; n < 3; n++) second?.send(part, { fin: false });
    assert.equal((await closed)[0], 1013);
    first?.send('"', { fin: true });
    const [answer] = await once(first as WebSocket, "message");
    assert.match(String(answer), /-32700/, "a message that is whole is looked at");
    await untilFree(house);
  });

  async function webSocket(t: TestContext, { port }: House): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`);
    t.after(() => socket.terminate());
    await once(socket, "open");
    return socket;
  }

  test("that make a message whole once it is refused do not begin its call", async (t) => {
    const house = await openHouse(t, MANY, {}, isOwner);
    const peer = await webSocket(t, house);
    const half = "x".repeat(150_000);
    peer.send(`{"jsonrpc":"2.0","id":1,"method":"echo","params":["${half}`, { fin: false });
    await untilHeld(house, 80_000);
    peer.send(`${half}"]}`, { fin: true });
    assert.equal((await once(peer, "close"))[0], 1013);
    await untilFree(house);
    assert.equal(house.waist.requests.length, 0);
  });

  test("and whole messages that wait for calls under way are held over WebSocket", async (t) => {
    const house = await openHouse(t, { ...MANY, inFlight: 1 }, {}, isOwner);
    const peer = await webSocket(t, house);
    peer.send('{"jsonrpc":"2.0","id":1,"method":"hang"}');
    while (house.waist.requests.length === 0) await nextTurn();
    peer.send(`{"jsonrpc":"2.0","id":2,"method":"echo","params":["${"x".repeat(150_000)}"]}`);
    await untilHeld(house, 150_000);
    house.waist.release.resolve();
    await untilFree(house);
    assert.equal(house.waist.requests.length, 2);
  });

  test("are not what pings of a WebSocket and their answers are", async (t) => {
    const house = await openHouse(t, MANY, { pingMs: 5 }, isOwner);
    const peer = await webSocket(t, house);
    let pings = 0;
    peer.on("ping", () => pings++);
    let pongs = 0;
    peer.on("pong", () => pongs++);
    while (pings < 5 || pongs < 1000) {
      peer.ping("x".repeat(100));
      await once(peer, "pong");
    }
    assert.equal(house.core.arriving.strangers.bytes, 0);
    peer.send("{");
    await once(peer, "message");
    assert.equal(house.core.arriving.strangers.bytes, 0);
  });
});
