// Good messages spoilt at random, over raw framing and HTTP: every answer is JSON-RPC, nothing leaks, and a good request
// is served afterwards. The seed is fixed, and named when it fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, openHouse, wire } from "./house.ts";

const SEED = 20_261_121;
const ROUNDS = 2000;

/** mulberry32: small, and the same everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const GOOD = [
  '{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":[1,2,{"b":"c\\"}"}]}}',
  '[{"jsonrpc":"2.0","id":"x","method":"subtract","params":[5,3]},{"jsonrpc":"2.0","method":"update"}]',
  '{\n  "jsonrpc": "2.0",\n  "id": null,\n  "method": "fail",\n  "params": {\n    "text": "žluť"\n  }\n}',
  '{"jsonrpc":"2.0","id":7,"method":"stream","params":{"count":2,"stream":true}}',
];
const SPICE = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "\\",
  "\n",
  ",",
  ":",
  "\0",
  "\xff",
  "__proto__",
  "1e999",
  "null",
  "\u2028",
  "{".repeat(70),
];

function spoil(pick: (below: number) => number): Buffer<ArrayBuffer> {
  let bytes = Buffer.from(GOOD[pick(GOOD.length)] as string);
  for (let times = pick(4); times >= 0; times--) {
    const at = pick(bytes.length);
    const spice = Buffer.from(SPICE[pick(SPICE.length)] as string, "latin1");
    const kept = pick(3) === 0 ? at + pick(bytes.length - at) : at;
    bytes = Buffer.concat([bytes.subarray(0, at), spice, bytes.subarray(kept)]);
  }
  return pick(3) === 0 ? bytes : Buffer.concat([bytes, Buffer.from("\n")]);
}

function assertMessage(message: Message | Message[], about: string): void {
  if (Array.isArray(message)) {
    for (const each of message) assertMessage(each, about);
    return;
  }
  assert.equal(message.jsonrpc, "2.0", about);
  if (message.method) return;
  assert.ok(message.id === null || typeof message.id === "string" || typeof message.id === "number", about);
  assert.notEqual(message.result === undefined, message.error === undefined, about);
  if (message.error) assert.ok(Number.isInteger(message.error.code) && message.error.message, about);
  assert.doesNotMatch(JSON.stringify(message.error ?? ""), /\.ts:|node:internal|SyntaxError|TypeError/, about);
}

test("spoilt messages on a raw socket", async (t) => {
  const house = await openHouse(t);
  const pick = random(SEED);
  for (let round = 0; round < ROUNDS / 20; round++) {
    const client = wire(t, { path: house.path });
    const sent = [Buffer.from(" ")];
    for (let n = 0; n < 20; n++) sent.push(spoil(pick));
    const bytes = Buffer.concat(sent);
    const cut = pick(bytes.length);
    client.send(bytes.subarray(0, cut));
    client.socket.end(bytes.subarray(cut));
    const about = `seed ${SEED}, round ${round}`;
    for (const message of await client.rest()) assertMessage(message, about);
  }
  const good = wire(t, { path: house.path });
  good.send(`${GOOD[0]}\n`);
  assert.equal((await good.messages(1))[0]?.id, 1);
  assert.equal(house.listener.connections, 1, "no connection is left");
});

test("spoilt messages over HTTP", async (t) => {
  const house = await openHouse(t);
  const pick = random(SEED + 1);
  for (let round = 0; round < ROUNDS / 5; round++) {
    const body = spoil(pick);
    const response = await fetch(`http://127.0.0.1:${house.port}/rpc`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const text = await response.text();
    assert.ok(response.status === 200 || response.status === 204, `round ${round}: ${response.status}`);
    if (text !== "") assertMessage(JSON.parse(text), `seed ${SEED + 1}, round ${round}`);
  }
});

test("spoilt first bytes", async (t) => {
  const house = await openHouse(t, { firstByteMs: 50, messageMs: 50 });
  const pick = random(SEED + 2);
  const openings = [
    "POST /rpc HTTP/1.1\r\nhost: x\r\n\r\n",
    "Content-Length: 2\r\n\r\n[]",
    `${GOOD[0]}\n`,
    "\x16\x03\x01",
  ];
  const clients = Array.from({ length: 200 }, () => {
    const bytes = Buffer.from(openings[pick(openings.length)] as string, "latin1");
    bytes[pick(Math.min(16, bytes.length))] = pick(256);
    const client = wire(t, { port: house.port });
    client.socket.end(bytes);
    return client;
  });
  await Promise.all(clients.map(({ closed }) => closed));
  const good = wire(t, { port: house.port });
  good.send(`${GOOD[0]}\n`);
  assert.equal((await good.messages(1))[0]?.id, 1);
});
