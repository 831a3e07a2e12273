// The door: what a connection speaks, however its first bytes come; how many there are; how they end.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, linkSync } from "node:fs";
import { Agent, createServer, request } from "node:http";
import { connect, createServer as createTcp, type Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import pino from "pino";
import { BrokerError } from "../../src/core/errors.ts";
import { createRpcCore } from "../../src/rpc/core.ts";
import { DEFAULT_LIMITS } from "../../src/rpc/limits.ts";
import { createListener } from "../../src/rpc/listener.ts";
import { sniff } from "../../src/rpc/sniff.ts";
import { everybodyIsKnown } from "../support/identify.ts";
import { tempDir } from "../support/temp.ts";
import { createHttp, FakeWaist, type House, openHouse, type Wire, wire } from "./house.ts";

const ECHO = '{"jsonrpc":"2.0","id":1,"method":"echo"}\n';

test("the first bytes tell what is spoken", () => {
  for (const [first, spoken] of [
    ["", "more"],
    ["{", "raw"],
    ["[", "raw"],
    [" ", "raw"],
    ["\r\n", "raw"],
    ["G", "more"],
    ["GET", "more"],
    ["GET /", "http"],
    ["GETS", "other"],
    ["PO", "more"],
    ["OPTIONS * HTTP/1.1", "http"],
    ["CON", "more"],
    ["CONNECT x", "http"],
    ["Content-Length", "more"],
    ["Content-Length: 1", "lsp"],
    ["CONTENT-LENGTH:1", "lsp"],
    ["content-type:", "other"],
    ["get / HTTP/1.1", "other"],
    ["\x16\x03\x01", "other"],
    ["PRI * HTTP/2.0", "other"],
    ['"abc"', "other"],
    ["1", "other"],
  ] as const) {
    assert.equal(sniff(Buffer.from(first, "latin1")), spoken, first);
  }
});

/** One byte a write, each in a packet of its own. */
async function trickle(client: Wire, bytes: string): Promise<void> {
  client.socket.setNoDelay(true);
  for (const byte of bytes) {
    client.send(byte);
    await new Promise(setImmediate);
  }
}

const POST = `POST /rpc HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${ECHO.length}\r\n\r\n${ECHO}`;

test("each framing is recognised when its bytes come one by one", async (t) => {
  const house = await openHouse(t);
  for (const to of [{ port: house.port }, { path: house.path }]) {
    for (const [bytes, answer] of [
      [ECHO, /^\{"jsonrpc":"2.0","id":1,"result":\{\}\}\n$/],
      [` \n${ECHO}`, /^\{"jsonrpc":"2.0","id":1,"result":\{\}\}\n$/],
      [`Content-Length: ${ECHO.length}\r\n\r\n${ECHO}`, /^Content-Length: \d+\r\n\r\n\{.*\}$/],
      ["GET /x HTTP/1.1\r\nhost: x\r\n\r\n", /^HTTP\/1.1 200 OK[\s\S]*GET \/x 0/],
      [POST, /^HTTP\/1.1 200 OK[\s\S]*"result":\{\}\}$/],
    ] as const) {
      const client = wire(t, to);
      await trickle(client, bytes);
      await client.until((received) => answer.test(received));
      assert.match(client.received, answer);
    }
  }
});

test("an HTTP verb in three packets", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { port: house.port });
  for (const part of ["P", "O", `${POST.slice(2, 40)}`, POST.slice(40)]) {
    client.send(part);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.match(await client.until((received) => received.includes("result")), /^HTTP\/1.1 200 OK/);
});

test("pipelined HTTP requests are answered in order, and HTTP stays HTTP", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { port: house.port });
  const paths = Array.from({ length: 50 }, (_, n) => `/${n}`);
  client.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`).join(""));
  const received = await client.until((text) => text.includes("GET /49 0"));
  assert.deepEqual(
    [...received.matchAll(/GET (\/\d+) 0/g)].map((match) => match[1]),
    paths,
  );
  client.send(ECHO);
  assert.match((await client.until(() => false)).slice(received.length), /^HTTP\/1.1 400 Bad Request/);
});

test("keep-alive connections serve many requests with large bodies at once, read by node's own parser", async (t) => {
  const house = await openHouse(t);
  for (const to of [{ port: house.port, host: "127.0.0.1" }, { socketPath: house.path }]) {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    t.after(() => agent.destroy());
    const body = Buffer.alloc(300_000, "x");
    const post = async (n: number): Promise<string> => {
      const sent = request({ ...to, agent, method: "POST", path: `/${n}` });
      for (let at = 0; at < body.length; at += 70_000) sent.write(body.subarray(at, at + 70_000));
      sent.end();
      const [response] = await once(sent, "response");
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      return text;
    };
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => post(n)));
    assert.deepEqual(
      answers,
      answers.map((_, n) => `POST /${n} 300000`),
    );
    assert.ok(house.listener.connections <= 16, "connections are kept");
  }
});

test("an HTTP connection is read by node's native parser after the first bytes", async (t) => {
  const core = createRpcCore(new FakeWaist(), DEFAULT_LIMITS, everybodyIsKnown);
  const http = createServer((request_, response) => {
    const handle = (request_.socket as unknown as { _handle: { _consumed?: boolean } })._handle;
    response.end(String(handle._consumed));
  });
  const listener = createListener({ http, core, log: pino({ level: "silent" }) });
  const { port } = await listener.listenTcp("127.0.0.1", 0);
  t.after(() => {
    listener.destroyAll();
    return listener.close();
  });
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "true");
});

test("what is not spoken here is told so in one line", async (t) => {
  const house = await openHouse(t);
  for (const bytes of ["\x16\x03\x01\x02\x00\x01\x00", "hello\n", "SSH-2.0-x\r\n", "\0", '"abc"\n']) {
    const client = wire(t, { port: house.port });
    client.send(Buffer.from(bytes, "latin1"));
    const [answer, ...more] = await client.rest();
    assert.deepEqual([answer?.id, answer?.error?.code, more], [null, -32700, []]);
    assert.match(answer?.error?.message ?? "", /HTTP\/1\.1, JSON-RPC/);
  }
});

test("a connection that says nothing is cut, one whose header never ends is answered 408", async (t) => {
  const waist = new FakeWaist();
  const core = createRpcCore(waist, { ...DEFAULT_LIMITS, firstByteMs: 60 }, everybodyIsKnown);
  const http = createHttp(core);
  http.headersTimeout = 60;
  (http as { connectionsCheckingInterval?: number }).connectionsCheckingInterval = 20;
  const listener = createListener({ http, core, log: pino({ level: "silent" }) });
  const { port } = await listener.listenTcp("127.0.0.1", 0);
  t.after(() => {
    listener.destroyAll();
    return listener.close();
  });
  const silent = wire(t, { port });
  const undecided = wire(t, { port });
  undecided.send("Content-Le");
  const endless = wire(t, { port });
  endless.send("GET / HTTP/1.1\r\nhost:");
  await silent.closed;
  await undecided.closed;
  assert.equal(silent.received + undecided.received, "");
  assert.match(await endless.until(() => false), /^HTTP\/1.1 408/);
});

test("connections beyond the limit are closed at once, and there is room again when others end", async (t) => {
  const house = await openHouse(t, { connections: 3 });
  const clients = [0, 1, 2].map(() => wire(t, { port: house.port }));
  for (const client of clients) {
    client.send(ECHO);
    await client.messages(1);
  }
  const further = Array.from({ length: 20 }, () => wire(t, { path: house.path }));
  for (const client of further) assert.deepEqual(await client.rest(), []);
  assert.equal(house.listener.connections, 3);
  clients[0]?.socket.destroy();
  while (house.listener.connections === 3) await new Promise(setImmediate);
  const late = wire(t, { path: house.path });
  late.send(ECHO);
  assert.equal((await late.messages(1)).length, 1);
});

test("closing ends idle connections, lets calls finish and takes no new ones", async (t) => {
  const house = await openHouse(t);
  const open = async (to: object, bytes: string, until: RegExp): Promise<Wire> => {
    const client = wire(t, to as { port: number });
    client.send(bytes);
    await client.until((received) => until.test(received));
    return client;
  };
  const silent = wire(t, { port: house.port });
  await once(silent.socket, "connect");
  const idle = await open({ path: house.path }, ECHO, /result/);
  const keepAlive = await open({ port: house.port }, POST, /result/);
  const busy = await open({ port: house.port }, `${ECHO}${ECHO.replace("1,", "2,").replace("echo", "hang")}`, /result/);
  const busyHttp = wire(t, { path: house.path });
  busyHttp.send(POST.replace("echo", "hang"));
  while (house.waist.requests.length < 5) await new Promise(setImmediate);
  const closed = house.listener.close();
  await Promise.all([silent.closed, idle.closed, keepAlive.closed]);
  const refused = connect({ port: house.port });
  const [error] = await once(refused, "error");
  assert.equal(error.code, "ECONNREFUSED");
  assert.equal(house.listener.connections, 2);
  house.waist.release.resolve();
  await closed;
  assert.match((await busyHttp.until(() => false)).trim(), /"result":\{\}\}$/);
  assert.deepEqual(
    (await busy.rest()).map(({ id }) => id),
    [1, 2],
  );
  await house.listener.close();
});

test("destroyAll cuts everything", async (t) => {
  const house = await openHouse(t);
  const client = wire(t, { port: house.port });
  client.send(ECHO.replace("echo", "hang"));
  while (house.waist.requests.length < 1) await new Promise(setImmediate);
  const closed = house.listener.close();
  house.listener.destroyAll();
  await closed;
  assert.equal(((await house.waist.aborted.promise) as BrokerError).kind, "cancelled");
});

async function configFault(listening: Promise<unknown>): Promise<string> {
  const error = await listening.then(
    () => assert.fail("it listens"),
    (cause) => cause,
  );
  assert.ok(error instanceof BrokerError);
  assert.equal(error.kind, "config_invalid");
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

test("what can't be listened on is said in one line, with a way out", async (t) => {
  const house = await openHouse(t);
  const { listener } = house;
  assert.match(await configFault(listener.listenTcp("127.0.0.1", house.port)), /127\.0\.0\.1:\d+ is in use.*PORT/);
  assert.match(
    await configFault(listener.listenTcp("192.0.2.1", 0)),
    /192\.0\.2\.1:0 is no address of this machine.*HOST/,
  );
  assert.match(await configFault(listener.listenFd(999)), /descriptor 999 is no listening socket/);
});

/** What the waist is told of a caller. */
async function whoAmI(client: Wire): Promise<unknown> {
  client.send('{"jsonrpc":"2.0","id":1,"method":"who"}\n');
  return (await client.messages(1))[0]?.result;
}

test("a Unix socket is trusted only while its mode keeps others out", async (t) => {
  const house = await openHouse(t);
  const ip = `unix:${process.getuid?.()}`;
  assert.deepEqual(await whoAmI(wire(t, { path: house.path })), { ip, loopback: true, trusted: true });
  assert.deepEqual(await whoAmI(wire(t, { port: house.port, host: "127.0.0.1" })), {
    ip: "127.0.0.1",
    loopback: true,
    trusted: false,
  });
  const path = join(tempDir(t), "open.sock");
  await house.listener.listenUnix({ path, mode: 0o660 });
  assert.deepEqual(await whoAmI(wire(t, { path })), { ip, loopback: true, trusted: false });
  assert.match(await httpWho(house), new RegExp(`"ip":"${ip}","loopback":true,"trusted":true`));
});

function httpWho(house: House): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath: house.path, path: "/rpc", method: "POST", agent: false }, async (response) => {
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      resolve(text);
    })
      .on("error", reject)
      .end('{"jsonrpc":"2.0","id":1,"method":"who"}');
  });
}

test("sockets that the process was started with are listened on", async (t) => {
  const tcp = createTcp().listen(0, "127.0.0.1");
  const path = join(tempDir(t), "inherited.sock");
  const unix = createTcp().listen(path);
  await Promise.all([once(tcp, "listening"), once(unix, "listening")]);
  const handle = (server: unknown): Socket => (server as { _handle: Socket })._handle;
  chmodSync(path, 0o600);
  const child = spawn(process.execPath, [fileURLToPath(new URL("inherited.ts", import.meta.url))], {
    stdio: ["ignore", "pipe", "inherit", handle(tcp), handle(unix)] as never,
  });
  t.after(() => {
    child.kill();
    tcp.close();
    unix.close();
  });
  const [ready] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const { port } = tcp.address() as { port: number };
  assert.equal(String(ready).trim(), `127.0.0.1:${port} ${path}`);
  tcp.close();
  linkSync(path, `${path}2`);
  unix.close();
  assert.equal(((await whoAmI(wire(t, { port, host: "127.0.0.1" }))) as { ip: string }).ip, "127.0.0.1");
  assert.equal(((await whoAmI(wire(t, { path: `${path}2` }))) as { trusted: boolean }).trusted, true);
});
