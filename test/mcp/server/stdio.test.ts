// `aibroker mcp` as a process: nothing but the protocol on its output, and gone with everything it started when its input
// ends.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { startBroker } from "../../support/broker.ts";
import { tempFolder } from "../../support/process.ts";
import { FIXTURES, ROOT, writeConfig } from "./house.ts";
import { hello, META, request } from "./say.ts";

type Answer = Readonly<Record<string, unknown>> & {
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number };
};

async function open(t: TestContext, env: Readonly<Record<string, string>> = {}, folder?: string) {
  const own = await tempFolder();
  const servers = { fixtures: JSON.parse(JSON.stringify(FIXTURES).replace("{folder}", own)) };
  const child = spawn(process.execPath, [join(ROOT, "src/main.ts"), "mcp", "--log-level", "info"], {
    env: {
      ...{ PATH: process.env.PATH, HOME: own, DATA_DIR: folder ?? own, OLLAMA_BASE_URL: "http://127.0.0.1:9" },
      MCP_CONFIG_PATH: await writeConfig(own, servers),
      ...env,
    },
  });
  const out = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  child.stdout.on("data", (data) => {
    out.stdout += data;
    for (const wake of waiting) wake();
  });
  child.stderr.on("data", (data) => (out.stderr += data));
  const ended = once(child, "close").then(([code, signal]) => code ?? signal);
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(own, { recursive: true, force: true });
  });
  const answers = () =>
    out.stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Answer);
  return {
    ...{ child, out, ended, answers },
    send: (...messages: readonly (object | string)[]): void => {
      for (const each of messages) child.stdin.write(`${typeof each === "string" ? each : JSON.stringify(each)}\n`);
    },
    async answer(message: object): Promise<Answer> {
      const { id } = message as { id: number };
      child.stdin.write(`${JSON.stringify(message)}\n`);
      for (;;) {
        const found = answers().find((each) => each.id === id);
        if (found) return found;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
  };
}

const modern = (method: string, params: object = {}): object => request(method, { _meta: META, ...params });
const textOf = ({ result }: Answer): string => ((result?.content ?? []) as { text: string }[])[0]?.text ?? "";

describe("aibroker mcp", () => {
  test("refuses a message beyond 32 MiB and ends", async (t) => {
    const mcp = await open(t);
    mcp.child.stdin.on("error", () => {});
    mcp.send("x".repeat(32 * 1024 * 1024 + 1));
    assert.equal(await mcp.ended, 0);
    assert.deepEqual(mcp.answers(), [
      { jsonrpc: "2.0", id: null, error: { code: -32_600, message: "The message is too large" } },
    ]);
  });

  test("speaks both eras at once, and says nothing else on its output; listens nowhere", async (t) => {
    const mcp = await open(t);
    const early = await mcp.answer(request("tools/list"));
    assert.equal(early.error?.code, -32600, "the handshake comes first");
    assert.equal((await mcp.answer(hello())).result?.protocolVersion, "2025-11-25");
    mcp.send({ jsonrpc: "2.0", method: "notifications/initialized" });
    const names = ({ result }: Answer) => ((result?.tools ?? []) as { name: string }[]).map(({ name }) => name);
    const old = names(await mcp.answer(request("tools/list")));
    assert.ok(old.includes("fixtures__test_simple_text") && old.includes("chat_completions_create"));
    const now = await mcp.answer(modern("tools/list"));
    assert.deepEqual(names(now), old);
    assert.equal(now.result?.resultType, "complete");
    mcp.send("{", "[]", '{"jsonrpc":"2.0","id":"odd","method":7}');
    const messages = [{ role: "user", content: "Hello" }];
    const call = { name: "chat_completions_create", arguments: { model: "tiny-broker", messages } };
    assert.match(textOf(await mcp.answer(modern("tools/call", call))), /chat\.completion/);
    const faults = mcp.answers().flatMap(({ id, error }) => (error ? [[id, error.code]] : []));
    assert.deepEqual(faults.slice(1), [
      [null, -32700],
      [null, -32600],
      ["odd", -32600],
    ]);
    mcp.child.stdin.end();
    assert.equal(await mcp.ended, 0);
    assert.doesNotMatch(mcp.out.stderr, /127\.0\.0\.1:\d+ and|is up on/);
  });

  test("answers what was written before the input ended, then ends, and its servers with it", async (t) => {
    const mcp = await open(t);
    const pid = Number(
      textOf(await mcp.answer(modern("tools/call", { name: "fixtures__test_counter" }))).split(" ")[0],
    );
    process.kill(pid, 0);
    const last = modern("tools/call", { name: "fixtures__test_simple_text" }) as { id: number };
    mcp.send(last);
    mcp.child.stdin.end();
    assert.equal(await mcp.ended, 0);
    assert.match(textOf(mcp.answers().find(({ id }) => id === last.id) ?? {}), /simple text/);
    assert.throws(() => process.kill(pid, 0), "the server is gone");
  });

  test("ends too when a call never does, when nobody reads any more, and by a signal", async (t) => {
    for (const how of ["call", "reader", "signal"]) {
      const mcp = await open(t);
      await mcp.answer(modern("server/discover"));
      if (how === "call")
        mcp.send(
          modern("tools/call", { name: "fixtures__test_until_cancelled" }),
          modern("subscriptions/listen", { notifications: { toolsListChanged: true } }),
        );
      if (how === "reader") {
        mcp.child.stdout.destroy();
        mcp.send(modern("server/discover"));
      } else if (how === "signal") mcp.child.kill("SIGTERM");
      else mcp.child.stdin.end();
      assert.equal(await mcp.ended, 0, how);
    }
  });

  test("stands beside a broker that listens, in the same folder: its calls are in the same log", async (t) => {
    const broker = await startBroker();
    t.after(() => broker.stop());
    const mcp = await open(t, {}, broker.folder);
    await mcp.answer(modern("tools/call", { name: "fixtures__test_simple_text" }));
    mcp.child.stdin.end();
    assert.equal(await mcp.ended, 0);
    const [row] = broker.rows();
    assert.deepEqual([row?.ip, row?.method, row?.status], ["stdio", "mcp.tools.call", "ok"]);
    assert.equal((await fetch(`${broker.url}/health`)).status, 200);
  });
});
