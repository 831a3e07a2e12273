// A broker's process and the programs that it has started: none outlives it, however it ends; what its configuration file
// says when it is faulty, and when it changes.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { describe, test } from "node:test";
import { EVERYTHING, mcpFile, odd, until } from "../support/mcp.ts";
import { type BrokerProcess, run, startProcess, tempFolder } from "../support/process.ts";
import { tempDir } from "../support/temp.ts";

const LIMIT = { timeout: 60_000 };

/** Running and no zombie: where nobody reaps orphans they stay in the table of processes. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Processes that this one has started, and theirs. */
function descendants(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number)
    .flatMap((child) => [child, ...descendants(child)]);
}

const toolsOf = async ({ url }: BrokerProcess): Promise<string[]> => {
  const { tools } = (await (await fetch(`${url}/mcp/tools`)).json()) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
};

async function call({ url }: BrokerProcess, name: string, args: object): Promise<string> {
  const headers = { "content-type": "application/json" };
  return (await fetch(`${url}/mcp/tools/${name}`, { method: "POST", headers, body: JSON.stringify(args) })).text();
}

const linux = process.platform === "linux" ? LIMIT : { skip: "told by /proc" };

test("a broker that can't start ends, whatever programs it was to start", LIMIT, async (t) => {
  const folder = await tempFolder();
  const starts = join(tempDir(t), "starts");
  const servers = { odd: odd({ starts, stubborn: true }) };
  const broker = run(["serve"], { MCP_CONFIG_PATH: mcpFile(servers), DATA_DIR: "/dev/null/x" }, folder);
  t.after(() => broker.child.kill("SIGKILL"));
  assert.notEqual(await broker.ended, 0);
  assert.match(broker.out.stderr, /DATA_DIR/);
  assert.ok(!existsSync(starts));
});

for (const [how, signal] of [
  ["killed", "SIGKILL"],
  ["stopped", "SIGTERM"],
] as const) {
  test(`no program outlives a broker that is ${how}, not even one that wants to`, linux, async (t) => {
    const servers = {
      everything: { command: execPath, args: [EVERYTHING, "stdio"] },
      stubborn: odd({ stubborn: true }),
    };
    const broker = await startProcess({ MCP_CONFIG_PATH: mcpFile(servers) });
    t.after(() => broker.child.kill("SIGKILL"));
    await until(async () => (await toolsOf(broker)).length === 25);
    assert.match(await call(broker, "everything__echo", { message: "hi" }), /Echo: hi/);
    assert.match(await call(broker, "stubborn__count", {}), /"1"/);
    const programs = descendants(broker.child.pid ?? 0);
    assert.ok(programs.length >= 5, "two servers, two connections each, and what ends them");
    assert.ok(programs.every(alive));
    broker.child.kill(signal);
    await broker.ended;
    await until(() => !programs.some(alive), 10_000);
  });
}

describe("the file of MCP servers", LIMIT, () => {
  test("that is faulty stops the start with one line", async (t) => {
    const path = join(tempDir(t), "mcp.yml");
    writeFileSync(path, "mcpServers:\n  a: { comand: x }\n");
    const { ended, out } = run(["serve"], { MCP_CONFIG_PATH: path }, await tempFolder());
    assert.equal(await ended, 1);
    assert.equal(out.stderr, `aibroker: ${path}:2: mcpServers.a.comand is not known here\n`);
  });

  test("is read again on SIGHUP and on change; a faulty one is told and changes nothing", async (t) => {
    const path = mcpFile({ one: odd() });
    const broker = await startProcess({ MCP_CONFIG_PATH: path });
    t.after(() => broker.child.kill("SIGKILL"));
    await until(async () => (await toolsOf(broker)).includes("one__count"));
    assert.match(await call(broker, "one__count", {}), /"1"/);

    writeFileSync(path, "mcpServers: [");
    broker.child.kill("SIGHUP");
    await until(() => broker.out.stderr.includes("the old configuration stays"));
    assert.match(await call(broker, "one__count", {}), /"2"/);
    const health = (await (await fetch(`${broker.url}/health`)).json()) as { status: string; faults: string[] };
    assert.equal(health.status, "healthy");
    assert.match(health.faults.join(), /mcp\.json/);

    writeFileSync(path, JSON.stringify({ mcpServers: { one: odd(), two: odd({}, { allow_tools: ["echo"] }) } }));
    await until(async () => (await toolsOf(broker)).includes("two__echo"));
    assert.match(await call(broker, "one__count", {}), /"3"/, "a server that stayed the same keeps its connections");
    broker.child.kill("SIGTERM");
    assert.equal(await broker.ended, 0);
  });
});

test("without MCP servers the SDK is not loaded", LIMIT, async (t) => {
  const tell = `import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) {
      if (name.includes("modelcontextprotocol")) process.stderr.write("loads " + name + "\\n");
      return next(name, context);
    } });`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(tell)}`;
  for (const [servers, loads] of [
    [{ odd: odd() }, true],
    [undefined, false],
  ] as const) {
    const broker = await startProcess({ NODE_OPTIONS, ...(servers ? { MCP_CONFIG_PATH: mcpFile(servers) } : {}) });
    t.after(() => broker.child.kill("SIGKILL"));
    await until(async () => (await toolsOf(broker)).length > 0 === loads);
    assert.equal(broker.out.stderr.includes("loads @modelcontextprotocol/client"), loads, broker.out.stderr);
    broker.child.kill("SIGTERM");
    assert.equal(await broker.ended, 0);
  }
});
