// Bounds: how many sessions, for how long, and what a client that does not read can cost.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import type { ToolServers } from "../../../src/core/tool.ts";
import type { Dispatcher } from "../../../src/dispatch/request.ts";
import type { ServerDeps } from "../../../src/mcp/server/deps.ts";
import { EventStream } from "../../../src/mcp/server/event-stream.ts";
import { Sessions } from "../../../src/mcp/server/sessions.ts";
import { Watches } from "../../../src/mcp/server/watch.ts";
import { notification, readMessage } from "../../../src/mcp/server/wire.ts";
import { Writer } from "../../../src/mcp/server/writer.ts";

const ROOMY = { most: 10, mostOfOne: 10, idleMs: 60_000 };
const OWN = { ip: "127.0.0.1", loopback: true, trusted: true };

function open(limits: { most: number; mostOfOne: number; idleMs: number }) {
  const forgotten: string[] = [];
  const draining = new AbortController();
  let now = 0;
  const tools = { onChange: () => () => {}, forget: (owner: string) => forgotten.push(owner) };
  const deps = { tools: tools as unknown as ToolServers, draining: draining.signal } as unknown as ServerDeps;
  const sessions = new Sessions(deps, limits, () => now);
  const of = (name: string) => ({
    principal: { name, keyId: name, key: undefined, scopes: new Set<never>() },
    server: undefined,
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { sessions, forgotten, of, pass, draining };
}

test("one caller's sessions end with the one that was unused for longest; another's are left alone", (t) => {
  const { sessions, forgotten, of, pass } = open({ most: 10, mostOfOne: 2, idleMs: 60_000 });
  t.after(() => sessions.close());
  const [a, b] = [sessions.begin(of("x")), sessions.begin(of("x"))];
  const other = sessions.begin(of("y"));
  pass(1);
  assert.equal(sessions.find(a.id, of("x")), a.session);
  const c = sessions.begin(of("x"));
  assert.deepEqual(
    [a, b, c, other].map(({ id }, index) => sessions.find(id, of(index === 3 ? "y" : "x")) !== undefined),
    [true, false, true, true],
  );
  assert.deepEqual(forgotten, [b.session.owner]);
  assert.equal(sessions.size, 3);
});

test("where all are listened to, or others have them all, a new one is refused; so it is while the broker drains", (t) => {
  const { sessions, of, draining } = open({ most: 2, mostOfOne: 2, idleMs: 60_000 });
  t.after(() => sessions.close());
  const refused = (kind: string) => (error: unknown) => error instanceof BrokerError && error.kind === kind;
  const writer = new Writer({ stream: new PassThrough(), frame: String, waiting: () => {} });
  for (const name of ["x", "x"]) sessions.begin(of(name)).session.attach(writer, () => {});
  assert.throws(() => sessions.begin(of("x")), refused("overloaded"));
  assert.throws(() => sessions.begin(of("y")), refused("overloaded"));
  draining.abort();
  assert.throws(() => sessions.begin(of("y")), refused("draining"));
});

test("changes that a slow reader has not taken are told once each, and everything else waits for it", async () => {
  const stream = new PassThrough({ highWaterMark: 64 });
  const waits: boolean[] = [];
  const writer = new Writer({ stream, frame: (text) => `${text}\n`, waiting: (wait) => waits.push(wait) });
  const slow = writer.send(notification("notifications/message", { level: "info", data: "x".repeat(100) }));
  assert.ok(slow instanceof Promise, "whoever sends is told to wait");
  for (let index = 0; index < 1000; index++) {
    void writer.send(notification("notifications/tools/list_changed"));
    void writer.send(notification("notifications/resources/updated", { uri: `u:${index % 2}` }));
  }
  let text = "";
  stream.on("data", (chunk) => (text += chunk));
  await slow;
  while (text.split("\n").length < 5) await once(stream, "data");
  const methods = text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => (JSON.parse(line) as { params?: { uri: string } }).params?.uri ?? "tools");
  assert.deepEqual(methods.sort(), ["tools", "u:0", "u:1"]);
  assert.deepEqual(waits.slice(0, 2), [true, false]);
});

test("a client that takes nothing of its stream is cut", async () => {
  const cut = Promise.withResolvers<void>();
  const server = createServer((_, response) => {
    response.socket?.on("close", () => cut.resolve());
    const stream = new EventStream(response, { pingMs: 60_000, stalledMs: 50 });
    response.on("close", () => stream.end());
    for (let sent = 0; sent < 64; sent++)
      void stream.send(notification("notifications/message", { data: "x".repeat(1024 * 1024) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await cut.promise;
  socket.destroy();
  server.close();
});

test("whoever tells of a resource waits for a client that reads slowly", async () => {
  const slow = Promise.resolve();
  let told: unknown;
  const dispatch: Dispatcher["dispatch"] = async ({ progress, signal, requestId = "" }) => {
    progress?.({ values: [] });
    told = progress?.({ values: [{ method: "notifications/resources/updated", params: { uri: "u:1/part" } }] });
    await once(signal, "abort");
    return { ok: false, requestId, error: new BrokerError("cancelled"), receipt: undefined };
  };
  const changes: object[] = [];
  const changed = (params: object): Promise<void> => {
    changes.push(params);
    return slow;
  };
  const watches = new Watches({ dispatcher: { dispatch }, changed });
  const origin = { ...open(ROOMY).of("x"), caller: OWN, credential: undefined };
  await watches.add("u:1", origin, undefined, "req_1");
  watches.close();
  assert.deepEqual(changes, [{ uri: "u:1/part" }]);
  assert.equal(told, slow);
});

test("a session that has ended takes nothing more", async () => {
  const { sessions, of } = open(ROOMY);
  const { id, session } = sessions.begin(of("x"));
  const sent: object[] = [];
  const outlet = { send: (message: object): undefined => void sent.push(message) };
  const ping = readMessage({ jsonrpc: "2.0", id: 1, method: "ping" });
  const delivery = { ...of("x"), caller: OWN, credential: undefined, outlet };
  sessions.end(id);
  await session.receive(ping, delivery);
  assert.deepEqual(sent, []);
});
