// The life of a socket file: never open to others, never stolen, never left behind, never another's removed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { bindUnixSocket, type UnixSocketOptions } from "../../src/rpc/unix-socket.ts";
import { tempDir } from "../support/temp.ts";

interface Bound {
  readonly server: Server;
  readonly release: () => void;
}

async function bind(t: TestContext, options: UnixSocketOptions): Promise<Bound> {
  const server = createServer((socket) => socket.on("error", () => {}).end("hello"));
  t.after(() => server.close());
  return { server, ...(await bindUnixSocket(server, options)) };
}

async function fault(t: TestContext, options: UnixSocketOptions): Promise<string> {
  const error = await bind(t, options).then(
    () => assert.fail("it is bound"),
    (cause) => cause,
  );
  assert.ok(error instanceof BrokerError, String(error));
  assert.equal(error.kind, "config_invalid");
  assert.match(error.message, /^SOCKET_(PATH|GROUP): [^\n]+: [^\n]+$/);
  return error.message;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test("the socket has its mode and its folder is private; nothing else is left in it", async (t) => {
  const folder = join(tempDir(t), "a", "b");
  for (const mode of [0o600, 0o660, 0o777]) {
    const path = join(folder, `${mode}.sock`);
    const { server, release } = await bind(t, { path, mode });
    assert.equal(modeOf(path), mode);
    assert.equal(modeOf(folder), 0o700);
    const [data] = await once(connect(path), "data");
    assert.equal(String(data), "hello");
    assert.deepEqual(readdirSync(folder), [`${mode}.sock`]);
    release();
    server.close();
    assert.deepEqual(readdirSync(folder), []);
  }
});

test("whenever the name is there it has the right mode already", async (t) => {
  const folder = tempDir(t);
  const path = join(folder, "s");
  // Another process looks as fast as it can while the socket comes and goes.
  const watcher = `
    const { statSync, existsSync } = require("node:fs");
    const modes = new Set();
    while (!existsSync(${JSON.stringify(join(folder, "stop"))})) {
      const found = statSync(${JSON.stringify(path)}, { throwIfNoEntry: false });
      if (found) modes.add((found.mode & 0o777).toString(8));
    }
    console.log([...modes].join());`;
  const child = spawn(process.execPath, ["-e", watcher], { stdio: ["ignore", "pipe", "inherit"] });
  const seen = once(child.stdout, "data");
  for (let round = 0; round < 300; round++) {
    const server = createServer();
    const bound = await bindUnixSocket(server, { path, mode: 0o640 });
    bound.release();
    server.close();
  }
  // At last it stays, so that the watcher sees it once at least.
  await bind(t, { path, mode: 0o640 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  writeFileSync(join(folder, "stop"), "");
  assert.equal(String((await seen)[0]).trim(), "640");
});

test("a live socket is never taken", async (t) => {
  const path = join(tempDir(t), "s");
  const { server } = await bind(t, { path, mode: 0o600 });
  const { ino } = statSync(path);
  assert.match(await fault(t, { path, mode: 0o600 }), /is in use by a live process/);
  assert.equal(statSync(path).ino, ino);
  const [data] = await once(connect(path), "data");
  assert.equal(String(data), "hello");
  server.close();
});

test("a socket that a dead process left is replaced", async (t) => {
  const path = join(tempDir(t), "s");
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  assert.ok(existsSync(path), "it was left");
  await bind(t, { path, mode: 0o600 });
  const [data] = await once(connect(path), "data");
  assert.equal(String(data), "hello");
});

test("of processes that start together one gets the socket", async (t) => {
  const path = join(tempDir(t), "s");
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => bind(t, { path, mode: 0o600 })));
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  const [data] = await once(connect(path), "data");
  assert.equal(String(data), "hello");
  assert.equal(readdirSync(join(path, "..")).length, 1);
});

test("what is no socket is left alone", async (t) => {
  const folder = tempDir(t);
  const file = join(folder, "file");
  writeFileSync(file, "text");
  assert.match(await fault(t, { path: file, mode: 0o600 }), /exists and is no socket/);
  assert.equal(statSync(file).size, 4);
  const inner = join(folder, "folder");
  mkdirSync(inner);
  assert.match(await fault(t, { path: inner, mode: 0o600 }), /exists and is no socket/);
  const link = join(folder, "link");
  symlinkSync(file, link);
  assert.match(await fault(t, { path: link, mode: 0o600 }), /exists and is no socket/);
});

test("only our own socket is removed", async (t) => {
  const path = join(tempDir(t), "s");
  const first = await bind(t, { path, mode: 0o600 });
  unlinkSync(path);
  const second = await bind(t, { path, mode: 0o600 });
  first.release();
  first.server.close();
  assert.ok(existsSync(path), "the second one's stays");
  second.release();
  assert.ok(!existsSync(path));
  second.release();
});

test("a path that the kernel does not take is refused with its length", async (t) => {
  const folder = tempDir(t);
  const longest = join(folder, "x".repeat(107 - Buffer.byteLength(folder) - 1));
  await bind(t, { path: longest, mode: 0o600 });
  assert.match(await fault(t, { path: `${longest}x`, mode: 0o600 }), /is too long \(108 of 107 bytes\)/);
  const deep = join(folder, "€".repeat(30), "s");
  assert.match(await fault(t, { path: deep, mode: 0o600 }), /is too long/);
});

test("a folder that can't be made, and a group that is not there", async (t) => {
  const folder = tempDir(t);
  writeFileSync(join(folder, "file"), "");
  assert.match(await fault(t, { path: join(folder, "file", "s"), mode: 0o600 }), /can't be made \(E\w+\)/);
  assert.match(
    await fault(t, { path: join(folder, "s"), mode: 0o600, group: "no-such-group" }),
    /no group "no-such-group"/,
  );
  assert.deepEqual(readdirSync(folder), ["file"]);
});

test("the socket is given to a group by number or by name", async (t) => {
  const folder = tempDir(t);
  const gid = process.getgid?.() ?? 0;
  await bind(t, { path: join(folder, "a"), mode: 0o660, group: String(gid) });
  assert.equal(statSync(join(folder, "a")).gid, gid);
  if (gid !== 0) return;
  await bind(t, { path: join(folder, "b"), mode: 0o660, group: "daemon" });
  assert.equal(statSync(join(folder, "b")).gid, 1);
});
