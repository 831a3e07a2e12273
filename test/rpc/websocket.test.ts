// JSON-RPC over WebSocket.

import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import WebSocket, { type ClientOptions } from "ws";
import { BrokerError } from "../../src/core/errors.ts";
import { type House, type Message, openHouse, wire } from "./house.ts";

interface Peer {
  readonly socket: WebSocket;
  readonly messages: Message[];
  /** Resolves when so many messages came. */
  until(count: number): Promise<Message[]>;
}

async function open(t: TestContext, house: House, options: ClientOptions = {}, path = "/rpc"): Promise<Peer> {
  const socket = new WebSocket(`ws://127.0.0.1:${house.port}${path}`, options);
  t.after(() => socket.terminate());
  const messages: Message[] = [];
  socket.on("message", (message) => messages.push(JSON.parse(String(message))));
  await once(socket, "open");
  return {
    socket,
    messages,
    async until(count) {
      while (messages.length < count) await once(socket, "message");
      return messages;
    },
  };
}

const call = (id: unknown, method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

test("calls, streams and cancellation in text and binary frames", async (t) => {
  const house = await openHouse(t);
  const peer = await open(t, house, { headers: { authorization: "Bearer k" } }, "/rpc?x=1");
  peer.socket.send(call(1, "hang"));
  peer.socket.send(Buffer.from(call(2, "stream", { count: 2, stream: true })));
  peer.socket.send(call(undefined, "$/cancelRequest", { id: 1 }));
  peer.socket.send(call(3, "who"));
  const messages = await peer.until(5);
  const progress = messages.filter(({ method }) => method === "$/progress").map(({ params }) => params);
  assert.deepEqual(
    progress,
    [0, 1].map((n) => ({ token: 2, value: { n } })),
  );
  assert.equal(messages.find(({ id }) => id === 1)?.error?.code, 1904);
  assert.deepEqual(messages.find(({ id }) => id === 3)?.result, {
    ip: "127.0.0.1",
    loopback: true,
    trusted: false,
    credential: "k",
  });
});

test("a peer that goes cancels its calls", async (t) => {
  const house = await openHouse(t);
  const peer = await open(t, house);
  peer.socket.send(call(1, "hang"));
  while (house.waist.requests.length === 0) await new Promise(setImmediate);
  peer.socket.terminate();
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
});

test("who does not read stops the stream", async (t) => {
  const house = await openHouse(t);
  const peer = await open(t, house);
  peer.socket.pause();
  peer.socket.send(call(1, "flood", { stream: true, bytes: 10_000 }));
  await house.waist.stuck.promise;
  const before = house.waist.flooded;
  assert.ok(before * 10_000 < 8 * 2 ** 20, `${before} values of 10 kB went out`);
  peer.socket.resume();
  await peer.until(before + 10);
  peer.socket.terminate();
  await house.waist.aborted.promise;
});

test("calls beyond those under way wait", async (t) => {
  const house = await openHouse(t, { inFlight: 3 });
  const peer = await open(t, house);
  for (let id = 0; id < 500; id++) peer.socket.send(call(id, "hang"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(house.waist.requests.length, 3);
  house.waist.release.resolve();
  assert.equal(new Set((await peer.until(500)).map(({ id }) => id)).size, 500);
});

/** The status of a refused upgrade, or 101. */
async function upgrade(t: TestContext, house: House, path: string, headers: string): Promise<string> {
  const client = wire(t, { port: house.port });
  client.send(
    `GET ${path} HTTP/1.1\r\nhost: broker.example:1\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`,
  );
  return (await client.until((received) => received.includes("\r\n\r\n"))).slice(9, 12);
}

test("pages of other origins are refused, listed ones and our own are not", async (t) => {
  const house = await openHouse(t, {}, { corsOrigins: ["https://app.example"] });
  for (const [path, headers, status] of [
    ["/rpc", "upgrade: websocket\r\n", "101"],
    ["/rpc", "upgrade: websocket\r\norigin: https://app.example\r\n", "101"],
    ["/rpc", "upgrade: websocket\r\norigin: http://broker.example:1\r\n", "101"],
    ["/rpc", "upgrade: websocket\r\norigin: http://broker.example\r\n", "403"],
    ["/rpc", "upgrade: websocket\r\norigin: https://evil.example\r\n", "403"],
    ["/rpc", "upgrade: websocket\r\norigin: null\r\n", "403"],
    ["/other", "upgrade: websocket\r\n", "404"],
    ["/x", "upgrade: h2c\r\n", "200"],
  ] as const) {
    assert.equal(await upgrade(t, house, path, headers), status, path + headers);
  }
  const anyOrigin = await openHouse(t, {}, { corsOrigins: ["*"] });
  assert.equal(await upgrade(t, anyOrigin, "/rpc", "upgrade: websocket\r\norigin: https://evil.example\r\n"), "101");
  const closed = await openHouse(t, {}, { admit: () => new BrokerError("forbidden") });
  assert.equal(await upgrade(t, closed, "/rpc", "upgrade: websocket\r\n"), "403");
});

test("a message that is too large ends the connection, and one that is no UTF-8", async (t) => {
  const house = await openHouse(t, { messageBytes: 1000 });
  const large = await open(t, house);
  large.socket.send("x".repeat(1001));
  assert.equal((await once(large.socket, "close"))[0], 1009);
  const binary = await open(t, house);
  binary.socket.send(Buffer.from('{"a":"\xff"}', "latin1"));
  assert.equal((await binary.until(1))[0]?.error?.code, -32700);
});

test("a peer that does not answer pings is cut", async (t) => {
  const house = await openHouse(t, {}, { pingMs: 40 });
  const silent = await open(t, house, { autoPong: false });
  const live = await open(t, house);
  await once(silent.socket, "close");
  assert.equal(live.socket.readyState, WebSocket.OPEN);
});

test("closing the listener ends idle peers and lets calls finish", async (t) => {
  const house = await openHouse(t);
  const idle = await open(t, house);
  const busy = await open(t, house);
  busy.socket.send(call(1, "hang"));
  while (house.waist.requests.length === 0) await new Promise(setImmediate);
  const idleClosed = once(idle.socket, "close");
  const busyClosed = once(busy.socket, "close");
  const closed = house.listener.close();
  assert.equal((await idleClosed)[0], 1001);
  assert.equal(busy.socket.readyState, WebSocket.OPEN);
  house.waist.release.resolve();
  assert.equal((await busyClosed)[0], 1001);
  assert.deepEqual(busy.messages[0]?.result, {});
  await closed;
});
