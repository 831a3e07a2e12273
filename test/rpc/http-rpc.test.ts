// JSON-RPC in an HTTP request: types, status codes, server-sent events, hang-up, back-pressure.

import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import type { BrokerError } from "../../src/core/errors.ts";
import { type House, type Message, openHouse, wire } from "./house.ts";

const body = (method: string, params: object = {}): string => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });

async function post(house: House, text: string, headers: Record<string, string> = {}) {
  const sent = request({ host: "127.0.0.1", port: house.port, path: "/rpc", method: "POST", headers, agent: false });
  sent.end(text);
  const [response] = await once(sent, "response");
  let answer = "";
  for await (const part of response.setEncoding("utf8")) answer += part;
  return { status: response.statusCode, headers: response.headers, text: answer };
}

test("content types of JSON are taken, others refused; without one only if no browser asks", async (t) => {
  const house = await openHouse(t);
  for (const [type, status] of [
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ["Application/JSON", 200],
    ["application/json-rpc", 200],
    ["application/jsonrequest", 200],
    ["application/vnd.x.y+json;v=1", 200],
    [undefined, 200],
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/jsonx", 415],
    ["text/json", 415],
  ] as const) {
    const { status: given, text } = await post(house, body("echo"), type ? { "content-type": type } : {});
    assert.equal(given, status, type);
    const { error } = JSON.parse(text) as Message;
    assert.equal(error?.data.kind, status === 415 ? "unsupported_media_type" : undefined);
  }
  assert.equal((await post(house, body("echo"), { origin: "https://evil.example" })).status, 415);
});

test("a stream is events, then the response; without events it is the response alone", async (t) => {
  const house = await openHouse(t);
  const events = await post(house, body("stream", { count: 2, stream: true }), { accept: "text/event-stream" });
  assert.equal(events.headers["content-type"], "text/event-stream");
  assert.match(events.text, /^(data: [^\n]+\n\n)+$/);
  const messages = [...events.text.matchAll(/data: (.*)\n\n/g)].map((match) => JSON.parse(match[1] ?? "") as Message);
  assert.deepEqual(
    messages.map(({ params, result }) => params ?? result),
    [{ token: 1, value: { n: 0 } }, { token: 1, value: { n: 1 } }, { count: 2 }],
  );
  const plain = await post(house, body("stream", { count: 2, stream: true }));
  assert.deepEqual((JSON.parse(plain.text) as Message).result, { count: 2 });
  assert.equal(plain.headers["content-length"], String(plain.text.length));
  const nothing = await post(house, '{"jsonrpc":"2.0","method":"echo"}', { accept: "text/event-stream" });
  assert.deepEqual([nothing.status, nothing.text], [204, ""]);
});

test("the credential of the request reaches the waist", async (t) => {
  const house = await openHouse(t);
  for (const headers of [
    { authorization: "Bearer k-1" },
    { authorization: "bearer  k-1" },
    { "x-api-key": "k-1" },
    { "api-key": "k-1" },
  ]) {
    const { text } = await post(house, body("who"), headers as Record<string, string>);
    assert.equal(((JSON.parse(text) as Message).result as { credential: string }).credential, "k-1");
  }
  const { text } = await post(house, body("who"), { authorization: "Basic eDp5" });
  assert.equal(((JSON.parse(text) as Message).result as { credential?: string }).credential, undefined);
});

test("a refused content type leaves no timer, whatever the client accepts", async (t) => {
  const house = await openHouse(t);
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const refused = (): Promise<unknown> =>
    post(house, body("echo"), { accept: "text/event-stream", "content-type": "text/plain" });
  await refused();
  const before = timers();
  for (let n = 0; n < 20; n++) await refused();
  assert.ok(timers() < before + 10, `${timers() - before} timers more`);
});

for (const accept of ["application/json", "text/event-stream"]) {
  test(`a client that hangs up cancels its call (${accept})`, async (t) => {
    const house = await openHouse(t);
    const sent = request({ host: "127.0.0.1", port: house.port, path: "/rpc", method: "POST", headers: { accept } });
    sent.on("error", () => {});
    sent.end(body("hang", { stream: true }));
    while (house.waist.requests.length === 0) await new Promise(setImmediate);
    sent.destroy();
    assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
  });
}

test("who does not read stops the stream, is cut after a while, and its call cancelled", async (t) => {
  const house = await openHouse(t, { stalledMs: 200 });
  const client = wire(t, { path: house.path });
  client.socket.pause();
  const text = body("flood", { stream: true, bytes: 10_000 });
  client.send(
    `POST /rpc HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
  );
  await house.waist.stuck.promise;
  assert.ok(house.waist.flooded * 10_000 < 8 * 2 ** 20, `${house.waist.flooded} values of 10 kB went out`);
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
});

test("a slow reader of events gets them all, and the connection serves on", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { path: house.path });
  const ask = (text: string): void =>
    client.send(
      `POST /rpc HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    );
  client.socket.pause();
  ask(body("stream", { count: 20_000, stream: true }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  client.socket.resume();
  await client.until((received) => received.includes('"result":{"count":20000}'));
  assert.equal(client.received.match(/\$\/progress/g)?.length, 20_000);
  client.received = "";
  ask(body("echo"));
  assert.match(await client.until((received) => received.includes("result")), /"result":\{\}/);
});
