// The broker's own look after servers: one that hangs is noticed and begun anew; one that says goodbye is told goodbye.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { execPath } from "node:process";
import { describe, test } from "node:test";
import { backoffMs } from "../../../src/mcp/client/backoff.ts";
import { FILESYSTEM, MEMORY, odd, until } from "../../support/mcp.ts";
import { modern, serveHttp, withSessions, withSse } from "../../support/mcp-http.ts";
import { tempDir, tempFile } from "../../support/temp.ts";
import { openHouse, orderFor, stateOf, textOf } from "./house.ts";

const LIMIT = { timeout: 30_000 };
const NEW = join(import.meta.dirname, "../../support/mcp-new-server.ts");

test("the wait between tries doubles, is bounded, and strays by half", () => {
  assert.deepEqual(
    [1, 2, 3, 4].map((failures) => backoffMs(failures, 1)),
    [250, 500, 1000, 2000],
  );
  assert.deepEqual(
    [1, 2].map((failures) => backoffMs(failures, 0)),
    [125, 250],
  );
  for (const failures of [20, 1000, 1e9]) assert.equal(backoffMs(failures, 1), 60_000);
});

describe("a server that", LIMIT, () => {
  test("no longer answers becomes unstable, and is begun anew", { skip: process.platform === "win32" }, async (t) => {
    const starts = join(tempDir(t), "starts");
    const { pool, log } = openHouse(t, { odd: odd({ starts }, { connect_timeout_ms: 1000 }) }, { checkMs: 50 });
    await pool.tried(10_000);
    const [pid] = readFileSync(starts, "utf8").trim().split("\n").map(Number);
    process.kill(pid ?? 0, "SIGSTOP");
    await until(() => stateOf(pool, "odd")?.state === "unstable");
    assert.equal(pool.tools().length, 12, "its tools are still there");
    assert.equal(stateOf(pool, "odd")?.last_failure?.stage, "ping");
    await until(() => stateOf(pool, "odd")?.state === "healthy" && stateOf(pool, "odd")?.restarts === 1);
    assert.ok(log.some((line) => line.includes("MCP server unstable")));
  });

  test("goes away right after it told of new tools keeps those that it had", async (t) => {
    const streams: ServerResponse[] = [];
    const server = await serveHttp(t, () => {
      const serve = withSse();
      return (request, response) => {
        if (request.method === "GET") streams.push(response);
        return serve(request, response);
      };
    });
    const { pool } = openHouse(t, { s: { url: server.url, transport: "sse" } });
    await pool.tried(10_000);
    const before = pool.tools().length;
    const requests = server.seen.length;
    // Once the ping is answered the change is known, and not yet read.
    for (const told of [{ method: "notifications/tools/list_changed" }, { id: "p", method: "ping" }]) {
      streams[0]?.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...told })}\n\n`);
    }
    await until(() => server.seen.length > requests);
    await server.stop();
    await until(() => stateOf(pool, "s")?.state === "error");
    assert.equal(pool.tools().length, before);
    assert.notEqual(before, 0);
  });

  test("has sessions is told when one ends", async (t) => {
    const ended: (string | undefined)[] = [];
    const { url } = await serveHttp(t, () => {
      const serve = withSessions();
      return (request, response) => {
        if (request.method === "DELETE") ended.push(String(request.headers["mcp-session-id"]));
        return serve(request, response);
      };
    });
    const { pool } = openHouse(t, { s: { url } });
    await pool.tried(10_000);
    await textOf(pool, "count", {}, orderFor("a"));
    pool.forget("a");
    await until(() => ended.length === 1);
    await pool.close();
    assert.equal(new Set(ended).size, 2);
  });

  test("speaks the newer era over stdio is called in it", async (t) => {
    const { pool } = openHouse(t, { s: { command: execPath, args: [NEW] } });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "s")?.protocol_version, "2026-07-28", JSON.stringify(stateOf(pool, "s")));
    const order = orderFor("a");
    assert.equal(await textOf(pool, "echo", { a: 1 }, order), '{"a":1}');
    assert.equal(await textOf(pool, "steps", {}, order), "done");
    assert.equal(order.progress.length, 1);
  });

  test("speaks the newer era tells of new tools to those who listen", async (t) => {
    const { pool } = openHouse(t, { s: { command: execPath, args: [NEW], shared: true } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "later"), "ok");
    await until(() => pool.tools().some(({ shown }) => shown.tool === "added"));
  });

  test("wants arguments in headers gets them there", async (t) => {
    const { url } = await serveHttp(t, modern);
    const { pool } = openHouse(t, { s: { url } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "headed", { region: "north" }), "north");
  });
});

describe("of the reference servers", LIMIT, () => {
  test("the one for files reads what it may, and nothing else", async (t) => {
    const path = tempFile(t, "a.txt", "hello file");
    const { pool } = openHouse(t, { files: { command: execPath, args: [FILESYSTEM, join(path, "..")] } });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "read_text_file", { path }), "hello file");
    const result = await pool.call(pool.tool("read_text_file"), { path: "/etc/passwd" }, orderFor("a"));
    assert.equal(result.isError, true);
  });

  test("the one with a memory remembers", async (t) => {
    const file = join(tempDir(t), "memory.jsonl");
    const { pool } = openHouse(t, { memory: { command: execPath, args: [MEMORY], env: { MEMORY_FILE_PATH: file } } });
    await pool.tried(10_000);
    const entities = [{ name: "Ada", entityType: "person", observations: ["writes"] }];
    await pool.call(pool.tool("create_entities"), { entities }, orderFor("a"));
    assert.match(await textOf(pool, "search_nodes", { query: "Ada" }, orderFor("b")), /writes/);
    assert.match(readFileSync(file, "utf8"), /Ada/);
  });
});
