// Programs that were not written for the broker, and our own client, against the listener.

import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type TestContext, test } from "node:test";
import jayson from "jayson";
import { createClient } from "../../src/generated/client.ts";
import { connect, type RpcConnection } from "../../src/rpc/client.ts";
import { RpcError } from "../../src/rpc/rpc-error.ts";
import { type House, type Message, openHouse } from "./house.ts";

function ask(client: jayson.Client, method: string, params: object): Promise<Message> {
  return new Promise((resolve, reject) => {
    client.request(method, params, (error: unknown, answer: unknown) =>
      error ? reject(error) : resolve(answer as Message),
    );
  });
}

const JAYSON: readonly [string, (house: House) => jayson.Client][] = [
  ["tcp", ({ port }) => jayson.Client.tcp({ port, host: "127.0.0.1" })],
  ["tcp over a Unix socket", ({ path }) => jayson.Client.tcp({ path } as never)],
  ["http", ({ port }) => jayson.Client.http({ port, host: "127.0.0.1", path: "/rpc" })],
  ["http over a Unix socket", ({ path }) => jayson.Client.http({ socketPath: path, path: "/rpc" })],
];

for (const [what, make] of JAYSON) {
  test(`jayson's ${what} client: calls, errors, batches, notifications`, async (t) => {
    const house = await openHouse(t);
    const client = make(house);
    assert.equal((await ask(client, "subtract", [5, 3])).result, 2);
    assert.equal((await ask(client, "fail", {})).error?.code, 1201);
    const batch = [client.request("echo", { a: 1 }, undefined as never), client.request("echo", [2], null as never)];
    const answers = await new Promise<unknown>((resolve, reject) => {
      client.request(batch as never, (error: unknown, all: unknown) => (error ? reject(error) : resolve(all)));
    });
    assert.deepEqual(
      (answers as Message[]).map(({ result }) => result),
      [{ a: 1 }],
    );
    const before = house.waist.requests.length;
    await new Promise<void>((resolve, reject) => {
      client.request("echo", [3], null as never, (error: unknown) => (error ? reject(error) : resolve()));
    });
    while (house.waist.requests.length === before) await new Promise(setImmediate);
  });
}

test("jayson's websocket client", async (t) => {
  const house = await openHouse(t);
  const client = jayson.Client.websocket({ url: `ws://127.0.0.1:${house.port}/rpc` });
  const { ws } = client as unknown as { ws: { once(event: string, then: () => void): void; close(): void } };
  await new Promise<void>((resolve) => ws.once("open", resolve));
  assert.equal((await ask(client, "subtract", [5, 3])).result, 2);
  assert.equal((await ask(client, "fail", {})).error?.code, 1201);
  ws.close();
});

async function connected(t: TestContext, house: House, over: "tcp" | "unix" = "unix"): Promise<RpcConnection> {
  const connection = await connect(over === "unix" ? { path: house.path } : { host: "127.0.0.1", port: house.port });
  t.after(() => connection.close());
  return connection;
}

/** The fake waist's methods are not the document's. */
const call = (connection: RpcConnection, method: string, params: object, signal?: AbortSignal): Promise<unknown> =>
  connection.call(method as "models.list", params as never, signal ? { signal } : undefined);
const stream = (connection: RpcConnection, method: string, params: object, signal?: AbortSignal) =>
  connection.stream(method as "chat.completions.create", params as never, signal ? { signal } : undefined);

for (const over of ["tcp", "unix"] as const) {
  test(`our client (${over}): many calls on one socket, errors with code and facts`, async (t) => {
    const house = await openHouse(t);
    const connection = await connected(t, house, over);
    const results = await Promise.all(Array.from({ length: 1000 }, (_, n) => call(connection, "echo", { n })));
    assert.deepEqual(
      results,
      results.map((_, n) => ({ n })),
    );
    await assert.rejects(call(connection, "fail", {}), (error: RpcError) => {
      assert.ok(error instanceof RpcError);
      assert.deepEqual([error.code, error.message, error.data.kind], [1201, "no such model", "model_not_found"]);
      return true;
    });
    assert.equal(house.listener.connections, 1);
  });
}

test("our client: streams side by side, each to its end with the result", async (t) => {
  const house = await openHouse(t);
  const connection = await connected(t, house);
  const collect = async (count: number): Promise<unknown[]> => {
    const found: unknown[] = [];
    const values = stream(connection, "stream", { count, _meta: { kept: true } });
    for (;;) {
      const { done, value } = await values.next();
      found.push(value);
      if (done) return found;
    }
  };
  const [three, none, many] = await Promise.all([collect(3), collect(0), collect(5000)]);
  assert.deepEqual(three, [{ n: 0 }, { n: 1 }, { n: 2 }, { count: 3 }]);
  assert.deepEqual(none, [{ count: 0 }]);
  assert.equal(many.length, 5001);
  const [first] = house.waist.requests as { params?: unknown }[];
  assert.deepEqual(first?.params, { count: 3, _meta: { kept: true, progressToken: 1 } });
});

test("our client: an aborted call is cancelled at the broker and rejects with its answer", async (t) => {
  const house = await openHouse(t);
  const connection = await connected(t, house);
  const abort = new AbortController();
  const hanging = call(connection, "hang", {}, abort.signal);
  const streaming = stream(connection, "hang", {}, abort.signal).next();
  const early = call(connection, "hang", {}, AbortSignal.abort());
  await assert.rejects(early, { code: 1904 });
  abort.abort();
  await assert.rejects(hanging, { code: 1904 });
  await assert.rejects(streaming, { code: 1904 });
});

test("our client: a stream that is left early is cancelled; a reader that is slow stops the broker", async (t) => {
  const house = await openHouse(t);
  const connection = await connected(t, house);
  let taken = 0;
  for await (const _ of stream(connection, "flood", { bytes: 1000 })) {
    if (taken++ === 0) await house.waist.stuck.promise;
    if (taken === 3000) break;
  }
  await house.waist.aborted.promise;
  assert.deepEqual(await call(connection, "echo", {}), {}, "the connection lives on");
});

test("our client: a lost connection rejects what waits, and what comes after", async (t) => {
  const house = await openHouse(t);
  const connection = await connected(t, house);
  const waiting = call(connection, "hang", {});
  const streaming = stream(connection, "hang", {}).next();
  while (house.waist.requests.length < 2) await new Promise(setImmediate);
  house.listener.destroyAll();
  await assert.rejects(waiting, { code: 0, data: { kind: "disconnected", retryable: true } });
  await assert.rejects(streaming, { code: 0 });
  await assert.rejects(call(connection, "echo", {}), { code: 0 });
});

test("our client: no broker, a refused token, a peer that speaks otherwise", async (t) => {
  await assert.rejects(connect({ path: "/nonexistent/socket" }), { name: "RpcError", code: 0 });
  const house = await openHouse(t);
  await assert.rejects(connect({ path: house.path }, { token: "t" }), { code: -32601 });
  assert.deepEqual(house.waist.requests[0]?.params, { token: "t" });
  const other = createServer((socket) => socket.end("220 mail\r\n")).listen(0);
  t.after(() => other.close());
  await once(other, "listening");
  const connection = await connect({ port: (other.address() as AddressInfo).port });
  await assert.rejects(call(connection, "echo", {}), { code: 0 });
});

test("the generated client calls through it by name", async (t) => {
  const house = await openHouse(t);
  const connection = await connected(t, house);
  await assert.rejects(createClient(connection).models.list(), { code: -32601 });
  assert.equal(house.waist.requests[0]?.method, "models.list");
});
