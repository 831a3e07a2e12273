// One raw connection: calls side by side, streams, cancellation, hang-up, back-pressure, bounds.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import type { BrokerError } from "../../src/core/errors.ts";
import { lines, type Message, openHouse, wire } from "./house.ts";

const call = (id: unknown, method: string, params?: unknown): string =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
const notify = (method: string, params?: unknown): string => call(undefined, method, params);
const byId = (messages: Message[], id: unknown): Message | undefined => messages.find((message) => message.id === id);

test("calls are answered when they are ready, each under its id", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.send(call(1, "hang") + call("1", "echo", { a: 1 }) + call(2, "subtract", [5, 3]));
  const early = await client.messages(2);
  assert.deepEqual([byId(early, "1")?.result, byId(early, 2)?.result], [{ a: 1 }, 2]);
  house.waist.release.resolve();
  assert.deepEqual(byId(await client.messages(3), 1)?.result, {});
});

test("ten thousand pipelined calls are answered, once each", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  const count = 10_000;
  client.send(Array.from({ length: count }, (_, id) => call(id, "echo", { id })).join(""));
  const answers = await client.messages(count);
  assert.equal(new Set(answers.map(({ id }) => id)).size, count);
  assert.ok(answers.every(({ id, result }) => (result as { id: number }).id === id));
});

test("a stream is progress under the request's id or its token, then one response", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.send(call(7, "stream", { count: 3, stream: true }));
  assert.deepEqual(
    (await client.messages(4)).map(({ params, result }) => params ?? result),
    [...[0, 1, 2].map((n) => ({ token: 7, value: { n } })), { count: 3 }],
  );
  client.received = "";
  client.send(call("x", "stream", { count: 1, _meta: { progressToken: "t-1" } }));
  assert.deepEqual((await client.messages(2))[0], {
    jsonrpc: "2.0",
    method: "$/progress",
    params: { token: "t-1", value: { n: 0 } },
  });
  client.received = "";
  client.send(call(8, "stream", { count: 3 }) + notify("stream", { count: 3, stream: true }) + call(9, "last"));
  assert.deepEqual(
    (await client.messages(2)).map(({ id }) => id),
    [8, 9],
    "neither unasked nor for a notification",
  );
});

test("a batch streams before its one answer", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  const request = (id: number) => ({ jsonrpc: "2.0", id, method: "stream", params: { count: 1, stream: true } });
  client.send(`${JSON.stringify([request(1), request(2)])}\n`);
  const messages = (await client.messages(3)) as unknown as [Message, Message, Message[]];
  assert.deepEqual([messages[0].params?.token, messages[1].params?.token], [1, 2]);
  assert.deepEqual(
    messages[2].map(({ id }) => id),
    [1, 2],
  );
});

test("$/cancelRequest ends a call by its one response, 1904", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.send(call("a", "hang") + call("b", "hang") + notify("$/cancelRequest", { id: "a" }));
  const [answer] = await client.messages(1);
  assert.deepEqual([answer?.id, answer?.error?.code, answer?.error?.data.kind], ["a", 1904, "cancelled"]);
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
  client.send(
    notify("$/cancelRequest", { id: "unknown" }) + notify("$/cancelRequest") + notify("$/cancelRequest", ["b"]),
  );
  assert.deepEqual((await client.messages(2))[1]?.id, "b");
  client.send(call("c", "$/cancelRequest", { id: 1 }));
  assert.equal((await client.messages(3))[2]?.error?.code, -32600);
});

test("an id that is under way is refused, and free again after its answer", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.send(call(1, "hang") + call(1, "echo") + call("1", "echo"));
  const [first, second] = await client.messages(2);
  assert.deepEqual([first?.error?.code, first?.error?.data.param, second?.id], [-32600, "id", "1"]);
  house.waist.release.resolve();
  await client.messages(3);
  client.send(call(1, "echo"));
  assert.deepEqual((await client.messages(4))[3]?.result, {});
});

test("bad JSON is answered once and the calls beside it go on", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.send(`${call(1, "hang")}{"jsonrpc":"2.0"\n${call(2, "echo")}`);
  const answers = await client.messages(2);
  assert.deepEqual(
    answers.map(({ id, error }) => [id, error?.code]),
    [
      [null, -32700],
      [2, undefined],
    ],
  );
  house.waist.release.resolve();
  assert.deepEqual((await client.messages(3))[2]?.result, {});
});

for (const [how, hangUp] of [
  ["destroyed", "destroy"],
  ["reset", "resetAndDestroy"],
] as const) {
  for (const over of ["tcp", "unix"] as const) {
    if (over === "unix" && hangUp === "resetAndDestroy") continue;
    test(`a connection that is ${how} (${over}) aborts its calls, those without a stream too`, async (t) => {
      const house = await openHouse(t);
      const client = wire(t, over === "tcp" ? { port: house.port } : { path: house.path });
      client.send(call(1, "hang") + call(2, "echo"));
      await client.messages(1);
      client.socket[hangUp]();
      assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
    });
  }
}

test("a client that only sends no more still gets its answers, each on a line of JSON", async (t) => {
  const house = await openHouse(t);
  for (const to of [{ port: house.port }, { path: house.path }]) {
    const client = wire(t, to);
    client.socket.end(call(1, "last") + call(2, "stream", { count: 2, stream: true }) + call(3, "echo").trim());
    assert.deepEqual((await client.rest()).flatMap(({ id }) => id ?? []).sort(), [1, 2, 3]);
  }
});

test("a client that sends no more is looked after while its call takes long", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { port: house.port });
  client.socket.end(call(1, "hang"));
  await client.until((received) => received.startsWith("  "));
  house.waist.release.resolve();
  assert.deepEqual((await client.rest())[0]?.result, {});
});

test("half a message and an end is answered as bad JSON", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.socket.end('{"jsonrpc":"2.0","id":1,"met');
  assert.deepEqual(
    (await client.rest()).map(({ id, error }) => [id, error?.code]),
    [[null, -32700]],
  );
});

test("who does not read stops the stream, and memory stays bounded", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.socket.pause();
  client.send(call(1, "flood", { stream: true, bytes: 10_000 }));
  await house.waist.stuck.promise;
  const before = house.waist.flooded;
  assert.ok(before * 10_000 < 8 * 2 ** 20, `${before} values of 10 kB went out`);
  client.send(call(2, "echo").repeat(1000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(house.waist.flooded, before, "nothing goes on while the client does not read");
  assert.ok(house.waist.requests.length < 10, "nothing more is read from it either");
  client.socket.resume();
  await client.until((received) => received.length > (before + 10) * 10_000);
  assert.ok(house.waist.flooded > before);
  client.socket.destroy();
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
});

test("streams side by side on a slow connection all go on when it is read again", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.socket.pause();
  for (const id of [1, 2, 3]) client.send(call(id, "stream", { count: 5000, stream: true }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.socket.resume();
  const messages = await client.messages(15_003);
  assert.deepEqual(messages.flatMap(({ id }) => id ?? []).sort(), [1, 2, 3]);
});

test("who does not read for too long is cut, and its calls with it", async (t) => {
  const house = await openHouse(t, { stalledMs: 100 });
  const client = wire(t, { path: house.path });
  client.socket.pause();
  client.send(call(1, "flood", { stream: true, bytes: 10_000 }));
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
});

test("at most so many calls of one connection are under way; the rest waits unread", async (t) => {
  const house = await openHouse(t, { inFlight: 3 });
  const client = wire(t, { path: house.path });
  client.send(Array.from({ length: 10 }, (_, id) => call(id, "hang")).join(""));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(house.waist.requests.length, 3);
  house.waist.release.resolve();
  assert.equal((await client.messages(10)).length, 10);
});

test("a message that is too large is refused and the connection ended", async (t) => {
  const house = await openHouse(t, { messageBytes: 100_000 });
  for (const [large, spoken] of [
    [call(2, "echo", "x".repeat(100_000)), "raw"],
    ["Content-Length: 100001\r\n\r\n", "lsp"],
  ] as const) {
    const client = wire(t, { port: house.port });
    client.send(large.repeat(20));
    const text = await client.until(() => false);
    const [answer] = lines(text.replace(/^Content-Length: \d+\r\n\r\n/, ""));
    assert.deepEqual([answer?.id, answer?.error?.code, answer?.error?.data.limit], [null, 1903, 100_000], spoken);
  }
});

test("a message that never ends is refused after its time, an idle TCP connection ended, an idle Unix one kept", async (t) => {
  const house = await openHouse(t, { messageMs: 80, idleMs: 80 });
  const slow = wire(t, { path: house.path });
  slow.send(`${call(1, "echo")}{"jsonrpc":`);
  const idle = wire(t, { port: house.port });
  idle.send(call(1, "echo"));
  const kept = wire(t, { path: house.path });
  kept.send(call(1, "echo"));
  const busy = wire(t, { port: house.port });
  busy.send(call(1, "hang"));
  assert.deepEqual(
    (await slow.rest()).map(({ error }) => error?.code),
    [undefined, 1905],
  );
  assert.equal((await idle.rest()).length, 1);
  assert.equal(kept.socket.destroyed, false);
  assert.equal(busy.socket.destroyed, false);
  kept.send(call(2, "echo"));
  assert.equal((await kept.messages(2)).length, 2);
});

test("a notification is run although its sender hangs up at once, and waits for nobody", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  client.socket.end(notify("hang") + notify("echo"));
  await once(client.socket, "connect");
  while (house.waist.requests.length < 2) await new Promise(setImmediate);
  house.waist.release.resolve();
  assert.deepEqual(await client.rest(), []);
  assert.deepEqual(
    house.waist.requests.map(({ method }) => method),
    ["hang", "echo"],
  );
});

test("Content-Length framing answers and streams in kind", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "stream", params: { count: 1, stream: true, x: "€" } });
  client.send(`content-length: ${Buffer.byteLength(body)}\r\nContent-Type: x\r\n\r\n${body}`);
  const received = await client.until((text) => text.includes('"id":1'));
  const parts = received.split(/Content-Length: (\d+)\r\n\r\n/).slice(1);
  assert.deepEqual(
    [parts[0], parts[2]].map(Number),
    [parts[1], parts[3]].map((part) => Buffer.byteLength(part ?? "")),
  );
});
