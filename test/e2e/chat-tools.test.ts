// A chat that uses two real MCP servers, the reference implementations, over stdio in one answer: what the model is told,
// what the tools really did, and the tree that the ledger keeps of it.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient, type TestClient } from "../support/client.ts";
import { calling, saying, streamedCalls, streamedText } from "../support/tool-answers.ts";
import { TOOL_MODELS, treeOf } from "../support/tool-house.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as they come
type Json = Record<string, any>;

let broker: TestBroker;
let upstream: Upstream;
let admin: TestClient;
let folder: string;

const require = createRequire(import.meta.url);
function entryOf(name: string): string {
  return join(dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), "dist/index.js");
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "ab-"));
  const path = join(folder, "mcp.json");
  const stdio = (name: string, more: object = {}) => ({ command: process.execPath, args: [entryOf(name)], ...more });
  await writeFile(
    path,
    JSON.stringify({
      mcpServers: {
        everything: stdio("server-everything", { cost: 0.001 }),
        memory: stdio("server-memory", { env: { MEMORY_FILE_PATH: join(folder, "memory.jsonl") } }),
      },
    }),
  );
  upstream = await createUpstream();
  const vars = { MCP_CONFIG_PATH: path, OPENAI_API_KEY: "sk-vendor", OPENAI_BASE_URL: upstream.url };
  broker = await startBroker(vars, TOOL_MODELS);
  admin = await connectClient(broker.socketPath);
  for (;;) {
    const { result } = (await admin.call("mcp.servers.list")) as Json;
    if (result.servers.every(({ state }: Json) => state === "healthy")) break;
    await sleep(20);
  }
});
after(async () => {
  admin.close();
  await broker.stop();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const ENTITY = { name: "Ada", entityType: "person", observations: ["likes Rome"] };
const ADD = { name: "everything__get-sum", id: "c1", args: { a: 19, b: 23 } };
const REMEMBER = { name: "memory__create_entities", id: "c2", args: { entities: [ENTITY] } };
const RECALL = { name: "memory__search_nodes", id: "c3", args: { query: "Ada" } };

test("one answer uses two servers, and the ledger has one tree", async () => {
  upstream.script(calling([ADD, REMEMBER]), calling([RECALL]), saying("42, and Ada likes Rome."));
  const { result } = await admin.call("chat.completions.create", {
    ...{ model: "m", messages: [{ role: "user", content: "Add and remember." }] },
    mcp: { servers: ["everything", "memory"], auto: true },
  });
  const completion = result as Json;
  assert.equal(completion.choices[0].message.content, "42, and Ada likes Rome.");
  assert.deepEqual(
    completion.mcp_messages
      .filter(({ role }: Json) => role === "tool")
      .map(({ content }: Json) => /42|Ada/.test(content)),
    [true, true, true],
  );
  const tree = treeOf(broker.rows());
  // Of two that run side by side either may be the first to end.
  assert.deepEqual(tree.splice(1, 2).sort(), [
    "  mcp.tools.call everything__get-sum ok 1000000",
    "  mcp.tools.call memory__create_entities ok 0",
  ]);
  assert.deepEqual(tree, [
    "chat.completions.create m ok 120000",
    "  chat.completions.create m ok 120000",
    "  mcp.tools.call memory__search_nodes ok 0",
    "  chat.completions.create m ok 120000",
  ]);
  assert.equal(completion.usage.cost, 0.00136);
});

test("progress of a real server is seen in the stream", async () => {
  const long = { name: "everything__trigger-long-running-operation", id: "c1", args: { duration: 0.2, steps: 2 } };
  upstream.script(streamedCalls([long]), streamedText(["Done."]));
  const events: Json[] = [];
  await admin.call(
    "chat.completions.create",
    {
      ...{ model: "m", messages: [{ role: "user", content: "Take your time." }], stream: true },
      mcp: { tools: ["everything__*"], auto: true },
    },
    (value) => {
      const { mcp } = value as Json;
      if (mcp) events.push(mcp);
    },
  );
  assert.deepEqual([...new Set(events.map(({ type }) => type))], ["call", "progress", "result"]);
  assert.match(events.at(-1)?.output, /completed/i);
});

test("a tool that refuses its arguments tells the model why", async () => {
  upstream.script(calling([{ ...ADD, args: { a: "x" } }]), saying("I see."));
  const { result } = await admin.call("chat.completions.create", {
    ...{
      model: "m",
      messages: [{ role: "user", content: "Add." }],
      mcp: { tools: ["everything__get-sum"], auto: true },
    },
  });
  assert.match((result as Json).mcp_messages[1].content, /^Error: /);
});
