// Programs as MCP servers: what they are given, what they tell, how they end and begin again.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { describe, test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import type { Peer } from "../../../src/core/tool.ts";
import { StdioTransport } from "../../../src/mcp/client/stdio.ts";
import { odd, ref, until } from "../../support/mcp.ts";
import { isAlive } from "../../support/process.ts";
import { tempDir } from "../../support/temp.ts";
import { failure, openHouse, orderFor, stateOf, textOf } from "./house.ts";

const LIMIT = { timeout: 30_000 };

describe("a program", LIMIT, () => {
  test("is healthy once its tools are listed, and says who it is", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    assert.equal(stateOf(pool, "odd")?.state, "connecting", "applying returns at once");
    await pool.tried(10_000);
    const shown = stateOf(pool, "odd");
    assert.equal(shown?.state, "healthy");
    assert.equal(shown?.tools, 12);
    assert.equal(shown?.protocol_version, "2025-11-25");
    assert.deepEqual(shown?.server, { name: "odd", version: "1" });
    assert.equal(await textOf(pool, "odd__echo", { text: "hi" }), 'echo: {"text":"hi"}');
    assert.equal(await textOf(pool, "echo", { text: "hi" }), 'echo: {"text":"hi"}', "the bare name");
  });

  test("that ends at a request it does not know is spoken to as in the older era", async (t) => {
    const starts = join(tempDir(t), "starts");
    const { pool } = openHouse(t, { odd: odd({ strict: true, starts }) });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "odd")?.state, "healthy");
    assert.equal(await textOf(pool, "count"), "1");
    assert.equal(
      readFileSync(starts, "utf8").trim().split("\n").length,
      3,
      "only the first connection had to find out",
    );
  });

  test("gets the environment that its configuration lists, and PATH", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { env: { MINE: "1" } }) });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "env"), '["MINE","PATH"]');
  });

  test("is one for each owner, so that what it remembers is nobody else's", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    const seen: Record<string, string[]> = { a: [], b: [] };
    for (const owner of ["a", "b", "a", "a", "b"]) seen[owner]?.push(await textOf(pool, "count", {}, orderFor(owner)));
    assert.deepEqual(seen, { a: ["1", "2", "3"], b: ["1", "2"] });
    assert.equal(stateOf(pool, "odd")?.connections, 3);
    pool.forget("a");
    assert.equal(await textOf(pool, "count", {}, orderFor("a")), "1", "a forgotten owner begins anew");
  });

  test("that is shared is one for all", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { shared: true }) });
    await pool.tried(10_000);
    const counts = [];
    for (const owner of ["a", "b", "c"]) counts.push(await textOf(pool, "count", {}, orderFor(owner)));
    assert.deepEqual(counts, ["1", "2", "3"]);
    assert.equal(stateOf(pool, "odd")?.connections, 1);
  });

  test("that was killed between two calls serves the next one", async (t) => {
    const starts = join(tempDir(t), "starts");
    const { pool } = openHouse(t, { odd: odd({ starts }) });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "count"), "1");
    const pids = readFileSync(starts, "utf8").trim().split("\n").map(Number);
    for (const pid of pids) process.kill(pid, "SIGKILL");
    await until(() => pids.every((pid) => !isAlive(pid)));
    assert.equal(await textOf(pool, "count"), "1", "a new program");
    await until(() => stateOf(pool, "odd")?.state === "healthy" && stateOf(pool, "odd")?.restarts === 1);
  });

  test("that ends during a call fails it, unless the tool may be called twice", async (t) => {
    const diesOnce = join(tempDir(t), "died");
    const { pool } = openHouse(t, { odd: odd({ diesOnce }) });
    await pool.tried(10_000);
    const error = await failure(textOf(pool, "die"));
    assert.equal(error.kind, "mcp_server_failed");
    assert.match(error.message, /ended with code 3/);
    assert.equal(await textOf(pool, "die-readonly"), "again");
  });

  test("that ends during a call is not asked twice for what costs money", async (t) => {
    const diesOnce = join(tempDir(t), "died");
    const { pool } = openHouse(t, { odd: odd({ diesOnce }, { cost: 0.01 }) });
    await pool.tried(10_000);
    assert.equal((await failure(textOf(pool, "die-readonly"))).kind, "mcp_server_failed");
  });

  test("that ends during a call and does not come back has begun the call", async (t) => {
    const gone = join(tempDir(t), "gone");
    const script = join(tempDir(t), "once.mjs");
    writeFileSync(
      script,
      `import { existsSync } from "node:fs"; existsSync(${JSON.stringify(gone)}) && process.exit(4);`,
    );
    const server = odd({ diesOnce: gone });
    const args = ["--import", script, ...(server.args ?? [])];
    const { pool } = openHouse(t, { odd: { ...server, args } });
    await pool.tried(10_000);
    const error = await failure(textOf(pool, "die-readonly"));
    assert.equal(error.kind, "mcp_server_failed", "it may be billed: the server was at work");
    assert.match(error.message, /ended with code 3/);
  });

  test("is ended with everything it started, also if it does not want to", async (t) => {
    const starts = join(tempDir(t), "starts");
    const { pool } = openHouse(t, { odd: odd({ starts, stubborn: true }), even: odd({ starts }) });
    await pool.tried(10_000);
    await pool.close();
    const pids = readFileSync(starts, "utf8").trim().split("\n").map(Number);
    assert.ok(pids.length >= 2 && pids.every((pid) => !isAlive(pid)));
  });

  test("may print what is no message; it harms nobody", async (t) => {
    const method = (name: string, params: unknown) => JSON.stringify({ jsonrpc: "2.0", method: name, params });
    const names = ["progress", "message", "resources/updated", "tools/list_changed", "cancelled"];
    const noise = [
      ...["", "starting ...", "null", "5", "[]", '[{"method":"notifications/progress"}]', "{}", '{"method":5}'],
      ...names.flatMap((name) => [null, 5, "x", []].map((params) => method(`notifications/${name}`, params))),
      ...['{"id":null,"method":"ping"}', '{"id":{},"method":"ping"}', '{"id":"q","method":"ping","params":null}'],
    ];
    const { pool } = openHouse(t, { odd: odd({ noise }) });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "echo", { text: "hi" }), 'echo: {"text":"hi"}');
  });

  test("that can't be started is told as an error, without a stop to the others", async (t) => {
    const { pool } = openHouse(t, { none: { command: "/no/such/program" }, good: odd() });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "good")?.state, "healthy");
    const none = stateOf(pool, "none");
    assert.equal(none?.state, "error");
    assert.equal(none?.last_failure?.stage, "connect");
    assert.equal(none?.last_failure?.message, "the program can't be started (ENOENT)");
  });

  test("that ends at once is told with how it ended, whichever era it was asked in", async (t) => {
    const ends = { command: execPath, args: ["-e", "process.exit(7)"] };
    const { pool } = openHouse(t, { ends });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "ends")?.last_failure?.message, "the program ended with code 7");
  });

  test("that has not been reached yet is told as such to who wants its tools", async (t) => {
    const { pool } = openHouse(t, { mute: odd({ mute: true }, { connect_timeout_ms: 100 }) });
    await pool.tried(10_000);
    assert.throws(() => pool.tool("mute__count"), { kind: "mcp_server_unavailable" });
    assert.throws(() => pool.prompt("mute__hello"), { kind: "mcp_server_unavailable" });
    assert.throws(() => pool.tool("other__count"), { kind: "tool_not_found" });
  });

  test("that never answers holds nobody up and ends in an error after its time", async (t) => {
    const { pool } = openHouse(t, { mute: odd({ mute: true }, { connect_timeout_ms: 600 }), good: odd() });
    await until(() => stateOf(pool, "good")?.state === "healthy");
    assert.equal(await textOf(pool, "count"), "1");
    await until(() => stateOf(pool, "mute")?.state === "error");
    assert.match(stateOf(pool, "mute")?.last_failure?.message ?? "", /no connection within 600 ms/);
  });
});

describe("lists", LIMIT, () => {
  test("that fail at first make a server healthy once they work, without anybody's help", async (t) => {
    const listsWith = join(tempDir(t), "ready");
    const { pool } = openHouse(t, { odd: odd({ listsWith }) });
    const changes: string[] = [];
    pool.onChange((change) => changes.push(change));
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "odd")?.state, "error", "connected means that tools are listed");
    assert.equal(stateOf(pool, "odd")?.last_failure?.stage, "list");
    writeFileSync(listsWith, "");
    await until(() => stateOf(pool, "odd")?.state === "healthy");
    assert.equal(pool.tools().length, 12);
    assert.ok(changes.includes("tools"));
  });

  test("are followed page by page, and not without end", async (t) => {
    const { pool } = openHouse(t, { three: odd({ pages: 3 }), endless: odd({ pages: 0 }) });
    await pool.tried(20_000);
    assert.deepEqual(
      pool.tools().map(({ shown }) => shown.name),
      ["three__tool-0", "three__tool-1", "three__tool-2"],
    );
    assert.equal(stateOf(pool, "endless")?.state, "error");
    assert.match(stateOf(pool, "endless")?.last_failure?.message ?? "", /pages don't end/);
  });

  test("are read again when the server says that they changed", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { shared: true }) });
    await pool.tried(10_000);
    await textOf(pool, "grow");
    await until(() => pool.tools().some(({ shown }) => shown.name === "odd__extra-1"));
    assert.equal(await textOf(pool, "extra-1", { a: 1 }), 'extra-1: {"a":1}');
  });

  test("hold what the configuration allows, with its price", async (t) => {
    const { pool } = openHouse(t, {
      odd: odd({}, { allow_tools: ["count", "e*"], deny_tools: ["env"], cost: 0.01, tool_costs: { echo: 0.5 } }),
    });
    await pool.tried(10_000);
    assert.deepEqual(
      pool.tools().map(({ shown, cost }) => [shown.name, shown.cost, cost]),
      [
        ["odd__count", 0.01, 10_000_000],
        ["odd__echo", 0.5, 500_000_000],
      ],
    );
    assert.throws(() => pool.tool("env"), { kind: "tool_not_found" });
  });

  test("name a tool that several servers have by both, and the bare name by none", async (t) => {
    const { pool } = openHouse(t, { one: odd(), two: odd({}, { allow_tools: ["count"] }) });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "echo"), "echo: {}");
    assert.throws(
      () => pool.tool("count"),
      (error: BrokerError) => {
        assert.equal(error.kind, "invalid_params");
        assert.deepEqual(error.facts.names, ["one__count", "two__count"]);
        return true;
      },
    );
    assert.equal(await textOf(pool, "two__count"), "1");
  });
});

describe("a call", LIMIT, () => {
  test("with arguments that the schema does not allow does not reach the server", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    const error = await failure(textOf(pool, "big", { bytes: "many" }));
    assert.equal(error.kind, "invalid_params");
    assert.equal(error.facts.param, "/arguments/bytes");
    assert.equal(stateOf(pool, "odd")?.connections, 1, "no connection was made for it");
  });

  test("hands on progress and log messages in order, before its answer", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    const order = orderFor("a");
    assert.equal(await textOf(pool, "tell", {}, order), "told");
    assert.deepEqual(
      order.progress.map(({ method, params }) => [method, params.progress ?? params.data]),
      [
        ["notifications/progress", 1],
        ["notifications/message", "working"],
        ["notifications/progress", 2],
      ],
    );
  });

  test("waits for a caller that reads progress slowly", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    const seen: unknown[] = [];
    const onProgress = async ({ params }: { params: Record<string, unknown> }): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(params.progress ?? params.data);
    };
    await pool.call(pool.tool("tell"), {}, { ...orderFor("a"), onProgress });
    assert.deepEqual(seen, [1, "working", 2]);
  });

  test("that is cancelled rejects with the caller's reason, and the server is told", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    await textOf(pool, "count"); // the connection is there
    const order = orderFor("a");
    const call = textOf(pool, "wait", {}, order);
    const reason = new BrokerError("cancelled");
    order.controller.abort(reason);
    assert.equal(await failure(call), reason);
    await until(async () => (JSON.parse(await textOf(pool, "cancelled")) as unknown[]).length === 1);
  });

  test("that takes too long is cancelled and told as such", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { timeout_ms: 50 }) });
    await pool.tried(10_000);
    assert.equal((await failure(textOf(pool, "wait"))).kind, "mcp_server_timeout");
    await until(async () => (JSON.parse(await textOf(pool, "cancelled")) as unknown[]).length === 1);
  });

  test("of a tool that is a task is waited for, with its progress", async (t) => {
    const { pool } = openHouse(t, { odd: odd({ tasks: true }) });
    await pool.tried(10_000);
    const order = orderFor("a");
    assert.equal(await textOf(pool, "research", {}, order), "done task-1");
    const told = order.progress.map(({ params }) => params);
    assert.deepEqual(told, [{ progress: 1, message: "reading" }, { progress: 2 }]);
  });

  test("of a tool that is a task ends the task when it is cancelled, or takes too long", async (t) => {
    const { pool } = openHouse(t, { odd: odd({ tasks: true }, { timeout_ms: 300 }) });
    await pool.tried(10_000);
    const ended = async (times: number): Promise<boolean> => {
      const told: unknown[] = JSON.parse(await textOf(pool, "cancelled"));
      return told.filter((id) => id === "task-hold").length === times;
    };
    assert.equal((await failure(textOf(pool, "research", { hold: true }))).kind, "mcp_server_timeout");
    await until(() => ended(1));
    const order = orderFor("a");
    const reason = new BrokerError("cancelled");
    const { onProgress } = order;
    const leave: typeof onProgress = (value) => {
      if (value.params.progress === 2) order.controller.abort(reason);
    };
    assert.equal(await failure(textOf(pool, "research", { hold: true }, { ...order, onProgress: leave })), reason);
    await until(() => ended(2));
  });

  test("lasts longer than its time while there is progress, but not for ever", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { timeout_ms: 60 }) });
    await pool.tried(10_000);
    const order = orderFor("a");
    const begunAt = performance.now();
    assert.equal((await failure(textOf(pool, "wait", { every: 5 }, order))).kind, "mcp_server_timeout");
    assert.ok(performance.now() - begunAt >= 600, "ten times as long as without");
    assert.ok(order.progress.length > 0);
  });

  test("whose answer is too long fails alone", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { max_result_bytes: 2000 }) });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "count"), "1");
    const error = await failure(textOf(pool, "big", { bytes: 3000 }));
    assert.equal(error.kind, "mcp_server_failed");
    assert.match(error.message, /longer than 2000 bytes/);
    assert.equal(await textOf(pool, "count"), "2", "the same connection");
    await failure(textOf(pool, "big", { bytes: 9 * 1024 * 1024 }));
    assert.equal(await textOf(pool, "count"), "1", "nothing is believed after what was never read to its end");
  });

  test("that the server refuses tells the server's own error, without our secrets", async (t) => {
    const { pool } = openHouse(t, { odd: odd({}, { env: { TOKEN: "canary-secret-value" } }) });
    await pool.tried(10_000);
    const error = await failure(textOf(pool, "refuse"));
    assert.equal(error.kind, "mcp_rejected");
    assert.deepEqual(error.facts.upstream, { code: -32_050, message: "not today …", data: { why: "tired" } });
  });

  test("lets the server ask its caller, and nobody else", async (t) => {
    const { pool } = openHouse(t, { odd: odd() });
    await pool.tried(10_000);
    const asked: unknown[] = [];
    const peer: Peer = {
      session: "s1",
      capabilities: { sampling: {} },
      async ask(method, params) {
        asked.push([method, params]);
        return { role: "assistant", model: "m", content: { type: "text", text: "yes" } };
      },
    };
    const answer = await textOf(pool, "ask", {}, orderFor("s1", peer));
    assert.match(answer, /"text":"yes"/);
    assert.deepEqual(asked, [["sampling/createMessage", { messages: [], maxTokens: 5 }]]);
    assert.match(await textOf(pool, "ask", {}, orderFor("nobody")), /Method not found/);
  });
});

describe("a configuration", LIMIT, () => {
  test("that comes into force leaves servers alone that stayed the same", async (t) => {
    const { pool, apply } = openHouse(t, { same: odd(), gone: odd({}, { cost: 1 }), other: odd() });
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "same__count"), "1");
    assert.equal(await textOf(pool, "other__count"), "1");
    apply({ same: odd(), other: odd({}, { cost: 2 }), fresh: odd() });
    assert.equal(await textOf(pool, "same__count"), "2");
    await pool.tried(10_000);
    assert.equal(await textOf(pool, "other__count"), "1", "a server that changed begins anew");
    assert.equal(pool.tool("other__count").shown.cost, 2);
    assert.throws(() => pool.tool("gone__count"), { kind: "tool_not_found" });
    assert.equal(await textOf(pool, "fresh__count"), "1");
  });

  test("can begin a server anew twice at once: it is there once", async (t) => {
    const starts = join(tempDir(t), "starts");
    const { pool } = openHouse(t, { odd: odd({ starts }) });
    await pool.tried(10_000);
    await Promise.all([pool.restart("odd"), pool.restart("odd"), pool.restart("odd")]);
    await until(() => stateOf(pool, "odd")?.state === "healthy");
    const running = (): number => readFileSync(starts, "utf8").trim().split("\n").map(Number).filter(isAlive).length;
    assert.equal(running(), 1);
    await pool.close();
    assert.equal(running(), 0);
  });

  test("is shown by the names of its servers, in whatever order it has them", (t) => {
    const off = odd({}, { disabled: true });
    const { pool, apply } = openHouse(t, { sea: off, air: off });
    const names = () => pool.servers().map(({ name }) => name);
    assert.deepEqual(names(), ["air", "sea"]);
    apply({ land: off, sea: off, air: odd({}, { disabled: true, cost: 1 }) });
    assert.deepEqual(names(), ["air", "land", "sea"]);
  });

  test("can switch a server off, and restart one", async (t) => {
    const { pool } = openHouse(t, { off: odd({}, { disabled: true }), on: odd() });
    await pool.tried(10_000);
    assert.equal(stateOf(pool, "off")?.state, "disabled");
    assert.equal(await textOf(pool, "count"), "1");
    const shown = await pool.restart("on");
    assert.equal(shown.state, "healthy");
    assert.equal(shown.restarts, 1);
    assert.equal(await textOf(pool, "count"), "1");
    await assert.rejects(async () => pool.restart("none"), { kind: "mcp_server_not_found" });
  });

  test("that lacks a variable is the fault of that server alone", async (t) => {
    const { pool } = openHouse(t, { poor: odd({}, { env: { A: ref("NOT_THERE") } }), good: odd() });
    await pool.tried(10_000);
    const poor = stateOf(pool, "poor");
    assert.equal(poor?.state, "error");
    assert.equal(poor?.last_failure?.stage, "config");
    assert.equal(poor?.last_failure?.message, "the variable NOT_THERE is not set");
    assert.equal(stateOf(pool, "good")?.state, "healthy");
  });
});

test("what a program writes for its operator is logged, without its secrets", LIMIT, async (t) => {
  const { pool, log } = openHouse(t, {
    odd: odd({ words: "hello canary-secret-value" }, { env: { TOKEN: "canary-secret-value" } }),
  });
  await pool.tried(10_000);
  await until(() => log.some((line) => line.includes("hello …")));
  assert.ok(!log.join().includes("canary"));
  assert.ok(existsSync("/bin/sh"), "programs are ended by a shell should the broker be killed");
});

test("a program that does not stop talking does not fill the log", LIMIT, async (t) => {
  const words = Array.from({ length: 1000 }, (_, line) => `word ${line}`).join("\n");
  const { pool, log } = openHouse(t, { odd: odd({ words }) });
  await pool.tried(10_000);
  await pool.close();
  const lines = log.filter((line) => line.includes('"odd"} word'));
  assert.equal(lines.length, 200);
  assert.equal(log.filter((line) => line.endsWith("} 800 more lines of the program were left out")).length, 1);
});

test("what a program says at its end, when another key is in force already, has not the old one", LIMIT, async (t) => {
  const lastWords = "bye canary-old-value";
  const { pool, log, apply } = openHouse(t, { odd: odd({ lastWords }, { env: { TOKEN: "canary-old-value" } }) });
  await pool.tried(10_000);
  apply({ odd: odd({}, { env: { TOKEN: "canary-new-value" } }) });
  await until(() => log.some((line) => line.includes("bye")));
  assert.ok(!log.join("\n").includes("canary"), log.join("\n"));
});

test("a program that was given up before it began is not started", LIMIT, async () => {
  const transport = new StdioTransport({
    settings: { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], env: {}, cwd: undefined },
    ...{ environment: {}, mostBytes: 1000, onLine: () => {} },
    reaper: { add: () => {}, remove: () => {}, close: () => {} },
  });
  await transport.close();
  await assert.rejects(transport.start(), { name: "Gone" });
  assert.equal(transport.pid, null);
});
