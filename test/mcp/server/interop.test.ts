// The official clients in front of the broker and the official reference server behind it: each of the server's 13 tools,
// over every transport, in both eras.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Client, SSEClientTransport, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport as OldSse } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { tempFolder } from "../../support/process.ts";
import { EVERYTHING, type McpBroker, ROOT, startMcpBroker } from "./house.ts";

const ME = { name: "interop", version: "1.0.0" };

/** What both generations of clients have in common. */
interface AnyClient {
  connect(transport: never): Promise<void>;
  close(): Promise<void>;
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(params: { name: string; arguments?: Record<string, unknown> }): Promise<object>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  readResource(params: { uri: string }): Promise<{ contents: object[] }>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(params: { name: string; arguments?: Record<string, string> }): Promise<{ messages: object[] }>;
  complete(params: object): Promise<{ completion: { values: string[] } }>;
}

/** Arguments, and what the answer must say. */
const CALLS: Readonly<Record<string, readonly [Record<string, unknown>, RegExp]>> = {
  echo: [{ message: "hello" }, /Echo: hello/],
  "get-annotated-message": [{ messageType: "error" }, /Operation failed/],
  "get-env": [{}, /GREETING/],
  "get-resource-links": [{ count: 2 }, /resource_link/],
  "get-resource-reference": [{ resourceType: "Text", resourceId: 1 }, /"resource"/],
  "get-structured-content": [{ location: "New York" }, /structuredContent/],
  "get-sum": [{ a: 2, b: 40 }, /42/],
  "get-tiny-image": [{}, /image\/png/],
  "gzip-file-as-resource": [{ name: "a.gz", data: "data:text/plain,hello", outputType: "resourceLink" }, /a\.gz/],
  "simulate-research-query": [{ topic: "rain" }, /Research Report: rain/],
  "toggle-simulated-logging": [{}, /logging/],
  "toggle-subscriber-updates": [{}, /updates/],
  "trigger-long-running-operation": [{ duration: 0.05, steps: 2 }, /completed/],
};

describe("the official clients", { concurrency: true }, () => {
  let broker: McpBroker;
  let folder = "";
  before(async () => {
    broker = await startMcpBroker({ everything: EVERYTHING });
    folder = await tempFolder();
  });
  after(async () => {
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const url = (path: string): URL => new URL(`${broker.url}${path}`);
  const stdio = () => ({
    command: process.execPath,
    args: [join(ROOT, "src/main.ts"), "mcp", "--log-level", "silent"],
    env: { PATH: process.env.PATH ?? "", HOME: folder, DATA_DIR: folder, MCP_CONFIG_PATH: broker.configPath },
  });
  const v2 = (mode: "legacy" | "auto") => new Client(ME, { versionNegotiation: { mode } }) as unknown as AnyClient;
  const v1 = () => new OldClient(ME) as unknown as AnyClient;
  const cases: readonly [string, () => AnyClient, () => object][] = [
    ["v1 over streamable HTTP", v1, () => new OldHttp(url("/mcp"))],
    ["v1 over SSE", v1, () => new OldSse(url("/mcp/sse"))],
    ["v1 over stdio", v1, () => new OldStdio(stdio())],
    [
      "v2 over streamable HTTP, with a handshake",
      () => v2("legacy"),
      () => new StreamableHTTPClientTransport(url("/mcp")),
    ],
    ["v2 over streamable HTTP, without", () => v2("auto"), () => new StreamableHTTPClientTransport(url("/mcp"))],
    ["v2 over SSE", () => v2("legacy"), () => new SSEClientTransport(url("/mcp/sse"))],
    ["v2 over stdio, with a handshake", () => v2("legacy"), () => new StdioClientTransport(stdio())],
    ["v2 over stdio, without", () => v2("auto"), () => new StdioClientTransport(stdio())],
  ];
  for (const [name, createClient, createTransport] of cases) {
    test(`${name}: tools, resources, prompts and completion of the reference server`, async () => {
      const client = createClient();
      await client.connect(createTransport() as never);
      try {
        await useAll(client);
      } finally {
        await client.close();
      }
    });
  }
});

async function useAll(client: AnyClient): Promise<void> {
  const { tools } = await client.listTools();
  const theirs = tools.filter(({ name }) => name.startsWith("everything__")).map(({ name }) => name.slice(12));
  assert.deepEqual(theirs, Object.keys(CALLS).sort());
  assert.ok(tools.some(({ name }) => name === "chat_completions_create"));
  for (const [name, [args, pattern]] of Object.entries(CALLS)) {
    const result = await client.callTool({ name: `everything__${name}`, arguments: args });
    assert.match(JSON.stringify(result), pattern, name);
    assert.ok(!("isError" in result && result.isError), `${name}: ${JSON.stringify(result)}`);
  }
  const { resources } = await client.listResources();
  const [first] = resources;
  assert.ok(first);
  const { contents } = await client.readResource({ uri: first.uri });
  assert.equal(contents.length, 1);
  const { prompts } = await client.listPrompts();
  assert.ok(prompts.some(({ name }) => name === "everything__simple-prompt"));
  const { messages } = await client.getPrompt({ name: "everything__args-prompt", arguments: { city: "Oslo" } });
  assert.match(JSON.stringify(messages), /Oslo/);
  const ref = { type: "ref/prompt", name: "everything__completable-prompt" };
  const { completion } = await client.complete({ ref, argument: { name: "department", value: "E" } });
  assert.deepEqual(completion.values, ["Engineering"]);
}
