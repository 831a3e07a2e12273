// Requests that are read without node:http: what of them is taken means the same as it means to node, and what is doubtful is
// node's. Connections go over from one to the other, and keep all of node's promises: order, idle time, an end.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, Socket } from "node:net";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { Connection } from "../../src/rest/connection.ts";
import { PlainConnection } from "../../src/rest/plain/connection.ts";
import { readHead } from "../../src/rest/plain/head.ts";
import { pick, seeded } from "../support/random.ts";
import { aborted, CHAT, echo, failed, ok, openHouse, requestBytes } from "./house.ts";

const MOST = 16 * 1024;
const head = (text: string) => readHead(Buffer.from(text, "latin1"), MOST);
const chunked = (body: string): string =>
  `${requestBytes("POST", CHAT, ["transfer-encoding: chunked"])}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const post = (...lines: string[]): string =>
  `POST /a HTTP/1.1\r\nhost: x\r\n${lines.map((l) => `${l}\r\n`).join("")}\r\n`;
/** A connection of which nobody is told. */
function alone(): { connection: PlainConnection; socket: Socket } {
  const socket = new Socket();
  const none = (): void => {};
  const room = { headerBytes: MOST, keepAlive: "", date: "", handOver: none, clientError: none, left: none };
  return { connection: new PlainConnection({ ...room, serve: none }, socket, new Connection(socket)), socket };
}

describe("a plain header block", () => {
  test("is told by its names in lower case and its values without blanks", () => {
    const text = "POST /v1/a?b=c%20d HTTP/1.1\r\nHost: x:1\r\nX-A:\t b c \t\r\nEmpty:\r\nX-\xe9: no".replace(
      "X-\xe9: no",
      "y:\xe9",
    );
    assert.deepEqual(head(`${text}\r\nContent-Length: 12\r\n\r\nbody`), {
      method: "POST",
      url: "/v1/a?b=c%20d",
      headers: { host: "x:1", "x-a": "b c", empty: "", y: "\xe9", "content-length": "12" },
      bodyBytes: 12,
      closes: false,
      bytes: text.length + 24,
    });
    assert.equal(head(post("Connection: Close"))?.closes, true);
    assert.equal(head(post("connection: Keep-Alive"))?.closes, false);
  });

  const doubtful: Readonly<Record<string, string>> = {
    "is not whole": "POST /a HTTP/1.1\r\nhost: x\r\n",
    "has no header": "POST /a HTTP/1.1\r\n\r\n",
    "is of another version": "POST /a HTTP/1.0\r\nhost: x\r\n\r\n",
    "has a verb of its own": "BREW /a HTTP/1.1\r\nhost: x\r\n\r\n",
    "is a preflight": "OPTIONS /a HTTP/1.1\r\nhost: x\r\n\r\n",
    "wants the head alone": "HEAD /a HTTP/1.1\r\nhost: x\r\n\r\n",
    "is for a proxy": "POST http://x/a HTTP/1.1\r\nhost: x\r\n\r\n",
    "has a space in its path": "POST /a b HTTP/1.1\r\nhost: x\r\n\r\n",
    "has bare line feeds": "POST /a HTTP/1.1\nhost: x\n\n",
    "has a bare line feed": post("a: b\nc: d"),
    "has a bare carriage return": post("a: b\rc: d"),
    "has a NUL": post("a: b\0c"),
    "has a folded line": post("a: b", " c"),
    "has a blank before a colon": post("a : b"),
    "has a blank in a name": post("a b: c"),
    "has a name of no character": post(": c"),
    "has a line without a colon": post("abc"),
    "has a name twice": post("a: b", "A: b"),
    "tells its length twice": post("content-length: 1", "content-length: 1"),
    "tells two lengths": post("content-length: 1, 1"),
    "tells a length with a sign": post("content-length: +1"),
    "tells a length in hex": post("content-length: 0x1"),
    "tells no length": post("content-length:"),
    "tells an endless length": post(`content-length: ${"9".repeat(16)}`),
    "comes in chunks": post("transfer-encoding: chunked"),
    "comes in chunks and tells a length": post("transfer-encoding: chunked", "content-length: 1"),
    "expects an answer first": post("expect: 100-continue", "content-length: 1"),
    "wants another protocol": post("connection: upgrade", "upgrade: websocket"),
    "names its connection otherwise": post("connection: close, x"),
    "has a body where none belongs": "GET /a HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n",
    "has a name that objects have": post("__proto__: x"),
    "is too long": post(`a: ${"b".repeat(MOST)}`),
  };
  for (const [name, text] of Object.entries(doubtful)) {
    test(`that ${name} is left to node`, () => assert.equal(head(text), undefined));
  }

  test("takes time in proportion to its length, whatever it is", () => {
    for (const unit of [" ", "\t", "a", ":", "\r\na:", "\r\n ", "a: b\r\n"]) {
      const text = `POST /a HTTP/1.1\r\nhost: x${unit.repeat(Math.floor(15_000 / unit.length))}\x01\r\n\r\n`;
      const began = process.cpuUsage();
      for (let times = 0; times < 50; times++) head(text);
      // 50 x 15 kB: some ms; where time went with the square of the length it would be tens of seconds.
      assert.ok(process.cpuUsage(began).user < 2_000_000, JSON.stringify(unit));
    }
  });
});

test("whatever is read as plain, node reads as the same", async (t) => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const server = createServer({ maxHeaderSize: MOST, requireHostHeader: false }, async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    seen.push({ request, body: Buffer.concat(parts).toString("latin1") });
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const random = seeded(20_261_121);
  const odd = [
    "\r",
    "\n",
    "\r\n",
    " ",
    "\t",
    "\0",
    ":",
    "a",
    "Z",
    "-",
    "_",
    "0",
    "1",
    ",",
    "\x7f",
    "\x80",
    "\xff",
    "/",
    "%",
    "?",
  ];
  const lines = [
    "a: b",
    "A: c",
    `x-long: ${"y".repeat(40)}`,
    "content-length: 3",
    "content-length:03",
    "Content-Length: 2",
    "transfer-encoding: chunked",
    "transfer-encoding: identity",
    "connection: close",
    "connection: keep-alive",
    "connection: x",
    "expect: 100-continue",
    "upgrade: h2c",
    "te: trailers",
    "host: z",
    "cookie: a=b; c=d",
    "set-cookie: q",
    "__proto__: x",
    "constructor: y",
    "keep-alive: timeout=5",
    "a:",
    " folded",
    "authorization:\tBearer x ",
  ];
  let taken = 0;
  for (let round = 0; round < 3000; round++) {
    const verb = pick(random, ["GET", "POST", "POST", "PUT", "DELETE", "PATCH", "get", "OPTIONS"]);
    const chosen = Array.from({ length: Math.floor(random() * 5) }, () => pick(random, lines));
    let text = `${verb} /a?b=${round} HTTP/1.1\r\nhost: x\r\n${chosen.map((line) => `${line}\r\n`).join("")}\r\nabc`;
    for (let changes = Math.floor(random() * 3); changes > 0; changes--) {
      const at = Math.floor(random() * text.length);
      text = text.slice(0, at) + pick(random, odd) + text.slice(at + Math.floor(random() * 2));
    }
    const bytes = Buffer.from(text, "latin1");
    const plain = readHead(bytes, MOST);
    if (!plain || bytes.length < plain.bytes + plain.bodyBytes) continue;
    taken++;
    const socket = connect(port, "127.0.0.1");
    socket.end(bytes.subarray(0, plain.bytes + plain.bodyBytes));
    socket.resume();
    await once(socket, "close");
    const [node, ...more] = seen.splice(0);
    assert.ok(node && more.length === 0, `node sees ${node ? more.length + 1 : 0} requests in ${JSON.stringify(text)}`);
    const { method, url, headers } = node.request;
    assert.deepEqual({ method, url }, { method: plain.method, url: plain.url }, JSON.stringify(text));
    const told = headers["set-cookie"] ? { ...headers, "set-cookie": headers["set-cookie"].join() } : headers;
    assert.deepEqual({ ...told }, { ...plain.headers }, JSON.stringify(text));
    assert.equal(node.body, bytes.toString("latin1", plain.bytes, plain.bytes + plain.bodyBytes));
  }
  assert.ok(taken > 300, `only ${taken} were plain`);
});

describe("a connection", () => {
  test("goes over to node with the first request that is not plain, and every answer comes", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    for (const n of [1, 2, 3, 4]) {
      const body = `{"n":${n}}`;
      wire.write(n === 3 ? chunked(body) : requestBytes("POST", CHAT, [], body));
      await wire.until(`"params":${body}`);
    }
    assert.equal(house.calls.length, 4);
    assert.equal(wire.received.match(/HTTP\/1\.1 200 OK\r\n/g)?.length, 4);
  });

  test("has a request that is not plain served after those that are under way", async (t) => {
    const gate = Promise.withResolvers<void>();
    const house = await openHouse(t, async (request) => {
      if (request.method === "models.list") await gate.promise;
      return echo(request);
    });
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/v1/models"));
    wire.write(chunked("{}"));
    while (house.calls.length < 1) await new Promise(setImmediate);
    gate.resolve();
    await wire.until('"method":"chat.completions.create"');
    assert.match(wire.received, /models\.list.*chat\.completions\.create/s);
  });

  test("takes a blank line behind a body, which some clients send", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    for (const n of [1, 2]) {
      wire.write(`${requestBytes("POST", CHAT, [], `{"n":${n}}`)}\r\n`);
      await wire.until(`"params":{"n":${n}}`);
    }
    assert.equal(house.calls.length, 2);
  });

  test("whose later answer breaks delivers those before it, and ends", async (t) => {
    const gate = Promise.withResolvers<void>();
    const house = await openHouse(t, async (request) => {
      if (request.method === "models.list") await gate.promise;
      else request.progress?.({ values: [{ text: "id,ip\n" }] });
      return request.method === "models.list" ? ok(request) : failed(request, new BrokerError("storage_unavailable"));
    });
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/v1/models") + requestBytes("GET", "/billing/export"));
    while (house.calls.length < 2) await new Promise(setImmediate);
    await new Promise(setImmediate);
    gate.resolve();
    await wire.closed;
    assert.match(wire.received, /\{"fine":true\}$/);
  });

  test("has the body that arrives timed from its beginning, whatever is answered meanwhile", () => {
    const { connection, socket } = alone();
    socket.emit(
      "data",
      Buffer.from(requestBytes("GET", "/health") + requestBytes("POST", CHAT, ["content-length: 2"])),
    );
    connection.age = 7;
    connection.written();
    assert.deepEqual([connection.waitsFor, connection.age], ["receiving", 7]);
    socket.emit("data", Buffer.from("{}"));
    assert.equal(connection.age, 0);
    socket.destroy();
  });

  test("reads a head that is node's once, however slowly the rest follows", () => {
    const { connection, socket } = alone();
    const lines = Array.from({ length: 1200 }, (_, n) => `a${n}: b`);
    socket.emit("data", Buffer.from(requestBytes("GET", "/health")));
    socket.emit("data", Buffer.from(requestBytes("POST", CHAT, ["transfer-encoding: chunked", ...lines])));
    const began = process.cpuUsage();
    for (let n = 0; n < 16_000; n++) socket.emit("data", Buffer.from("x"));
    // Some 200 ms; read each time it would be seconds.
    assert.ok(process.cpuUsage(began).user < 1_500_000);
    assert.equal(connection.waitsFor, undefined);
    socket.destroy();
  });

  test("is told of as node tells it: date, length, and how long it stays", async (t) => {
    const house = await openHouse(t, echo);
    const fields = async (headers: readonly string[]): Promise<string[]> => {
      const wire = await house.wire();
      wire.write(requestBytes("GET", "/health", headers));
      const [block = ""] = (await wire.until("}}")).split("\r\n\r\n");
      return block
        .split("\r\n")
        .map((line) => line.toLowerCase().replace(/^(date|x-request-id): .*/, "$1"))
        .sort();
    };
    // Whoever offers another protocol is node's.
    assert.deepEqual(await fields([]), await fields(["upgrade: h2c", "connection: keep-alive"]));
    assert.deepEqual(await fields(["connection: close"]), await fields(["upgrade: h2c", "connection: close"]));
  });

  test("has a reason for a status that HTTP has none for", async (t) => {
    const house = await openHouse(t, (request) => failed(request, new BrokerError("overloaded")));
    const wire = await house.wire();
    wire.write(requestBytes("POST", "/v1/messages", [], "{}"));
    await wire.until("\r\n\r\n");
    assert.match(wire.received, /^HTTP\/1\.1 529 unknown\r\n/);
  });

  test("that is idle too long is closed, and none that waits for its answer", async (t) => {
    const limits = { keepAliveMs: 60, requestMs: 60, headersMs: 60 };
    const gate = Promise.withResolvers<void>();
    const house = await openHouse(
      t,
      async (request) => {
        if (request.method === "models.list") await gate.promise;
        return echo(request);
      },
      { limits },
    );
    const waits = await house.wire();
    waits.write(requestBytes("GET", "/v1/models"));
    const idle = await house.wire();
    idle.write(requestBytes("GET", "/health"));
    await idle.closed;
    assert.match(idle.received, /^HTTP\/1\.1 200 /);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(waits.socket.destroyed, false);
    gate.resolve();
    await waits.closed;
    assert.match(waits.received, /^HTTP\/1\.1 200 /);
  });

  test("that says to close is closed behind its answer, and what it sends beyond is for nobody", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/health", ["connection: close"]) + requestBytes("GET", "/v1/models"));
    await wire.closed;
    assert.match(wire.received, /connection: close\r\n.*system\.health/s);
    assert.deepEqual(
      house.calls.map(({ method }) => method),
      ["system.health"],
    );
  });

  test("takes any number of requests that come at once, each with its answer", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    const count = 500;
    for (let n = 0; n < count; n++) wire.write(requestBytes("POST", CHAT, [], `{"n":${n}}`));
    await wire.until(`"n":${count - 1}`);
    const order = [...wire.received.matchAll(/"n":(\d+)/g)].map((match) => Number(match[1]));
    assert.deepEqual(
      order,
      Array.from({ length: count }, (_, n) => n),
    );
  });

  test("whose client goes away ends its call, a body that has not arrived too", async (t) => {
    const reason = Promise.withResolvers<unknown>();
    const house = await openHouse(t, async (request) => {
      reason.resolve(await aborted(request));
      return ok(request);
    });
    const half = await house.wire();
    half.write(requestBytes("POST", CHAT, ["content-length: 100"], '{"a"'));
    half.destroy();
    const whole = await house.wire();
    whole.write(requestBytes("POST", CHAT, [], "{}"));
    while (house.calls.length < 1) await new Promise(setImmediate);
    whole.destroy();
    assert.match(String(await reason.promise), /closed the connection/);
    assert.equal(house.calls.length, 1);
  });
});
