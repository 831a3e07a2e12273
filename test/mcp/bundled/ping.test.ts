// A bundled server is a process that clients of every era speak to, and that ends with its input.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, type TestContext, test } from "node:test";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { usage } from "../../../src/config/flags.ts";
import { BUNDLED } from "../../../src/mcp/bundled/registry.ts";
import { COMMAND, child, textOf, variables } from "./child.ts";
import { standIn } from "./stand-in.ts";

function run(context: TestContext, name: string, env: Record<string, string>) {
  const { command, args } = COMMAND(name);
  const started = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  context.after(() => started.kill("SIGKILL"));
  let errors = "";
  started.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  const ended = once(started, "close") as Promise<[number | null, string | null]>;
  return { started, ended, errors: () => errors };
}

describe("clients", () => {
  for (const era of ["legacy", "auto"] as const) {
    test(`of the second SDK list and call tools (${era})`, async (context) => {
      const { client, call } = await child(context, "ping", {}, era);
      assert.equal(client.getNegotiatedProtocolVersion(), era === "auto" ? "2026-07-28" : "2025-11-25");
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ["ping", "echo"],
      );
      assert.equal(textOf(await call("ping")), "pong");
      assert.deepEqual((await call("echo", { message: "héllo" })).structuredContent, { message: "héllo" });
      const refused = await call("echo", { message: 7 });
      assert.equal(refused.isError, true);
      assert.match(textOf(refused), /message must be string/);
    });
  }

  test("of the first SDK too", async (context) => {
    const client = new OldClient({ name: "test", version: "0" });
    context.after(() => client.close());
    await client.connect(new OldTransport({ ...COMMAND("ping"), env: {}, stderr: "inherit" }));
    assert.equal((await client.listTools()).tools.length, 2);
    const result = await client.callTool({ name: "echo", arguments: { message: "hi" } });
    assert.deepEqual(result.content, [{ type: "text", text: "hi" }]);
    assert.match(JSON.stringify(await client.callTool({ name: "nothing" }).catch(String)), /nothing/);
  });
});

describe("the process", () => {
  test("ends by itself when its input ends", async (context) => {
    const { started, ended, errors } = run(context, "ping", {});
    started.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    const [line] = (await once(started.stdout, "data")) as [Buffer];
    assert.match(line.toString(), /"id":1/);
    started.stdin.end();
    assert.deepEqual(await ended, [0, null]);
    assert.equal(errors(), "");
  });

  test("ends with a call under way, and the vendor is hung up on", { timeout: 30_000 }, async (context) => {
    const vendor = await standIn(context);
    const hungUp = new Promise<void>((resolve) => {
      vendor.answers((_, response) => void response.on("close", resolve));
    });
    const { started, ended } = run(context, "serper", variables("serper", vendor.url, { SERPER_TIMEOUT: "10m" }));
    started.stdout.resume();
    const initialize = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "0" } };
    const messages = [
      { jsonrpc: "2.0", id: 1, method: "initialize", params: initialize },
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "search", arguments: { q: "x" } } },
    ];
    started.stdin.write(messages.map((each) => `${JSON.stringify(each)}\n`).join(""));
    while (vendor.asked.length === 0) await new Promise(setImmediate);
    started.stdin.end();
    await hungUp;
    assert.deepEqual(await ended, [0, null]);
  });

  const refused: readonly [what: string, name: string, env: Record<string, string>, line: RegExp][] = [
    ["a name that is none", "google", {}, /^aibroker: unknown MCP server "google": one of serper, .*ping\n$/],
    ["a missing key", "exa", {}, /^aibroker: EXA_API_KEY is not set: [^\n]*\n$/],
    ["an empty key", "exa", { EXA_API_KEY: " " }, /^aibroker: EXA_API_KEY is not set: [^\n]*\n$/],
    ["a key that is none", "exa", { EXA_API_KEY: "a b c d e f" }, /^aibroker: EXA_API_KEY must be [^\n]*\n$/],
    [
      "a base URL that is none",
      "exa",
      { EXA_API_KEY: "0123456789", EXA_BASE_URL: "ftp://x" },
      /^aibroker: EXA_BASE_URL must be [^\n]*\n$/,
    ],
    [
      "a timeout that is none",
      "exa",
      { EXA_API_KEY: "0123456789", EXA_TIMEOUT: "0" },
      /^aibroker: EXA_TIMEOUT must be [^\n]*\n$/,
    ],
  ];
  for (const [what, name, env, line] of refused) {
    test(`refuses ${what} with one line and exit code 1`, async (context) => {
      const { started, ended, errors } = run(context, name, env);
      started.stdin.end();
      assert.deepEqual(await ended, [1, null]);
      assert.match(errors(), line);
    });
  }

  test("is in the help, by every name", () => {
    for (const name of BUNDLED) assert.match(usage(), new RegExp(`\\b${name}\\b`));
  });
});
