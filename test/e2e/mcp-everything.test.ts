// The reference server with all its tools, behind a broker, over its three transports and called over JSON-RPC and REST.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { execPath } from "node:process";
import { after, before, describe, test } from "node:test";
import { startBroker, type TestBroker } from "../support/broker.ts";
import { connectClient, type TestClient } from "../support/client.ts";
import { EVERYTHING, mcpFile, until } from "../support/mcp.ts";

const LIMIT = { timeout: 60_000 };
const STDIO = { command: execPath, args: [EVERYTHING, "stdio"] };

/** What each of its tools is called with, and what its answer has. */
const TOOLS: readonly (readonly [tool: string, args: object, answer: RegExp])[] = [
  ["echo", { message: "hi" }, /Echo: hi/],
  ["get-annotated-message", { messageType: "error", includeImage: true }, /"type":"image"/],
  ["get-env", {}, /"text":"\{/],
  ["get-resource-links", { count: 2 }, /"type":"resource_link"/],
  ["get-resource-reference", { resourceType: "Text", resourceId: 1 }, /"type":"resource"/],
  ["get-structured-content", { location: "Chicago" }, /"structuredContent":\{"temperature"/],
  ["get-sum", { a: 2, b: 3 }, /2 and 3 is 5/],
  ["get-tiny-image", {}, /"mimeType":"image\/png"/],
  ["gzip-file-as-resource", { name: "a.gz", data: "data:text/plain;base64,aGk=", outputType: "resource" }, /"blob":/],
  ["simulate-research-query", { topic: "ants" }, /task/i],
  ["toggle-simulated-logging", {}, /logging/],
  ["toggle-subscriber-updates", {}, /updates/],
  ["trigger-long-running-operation", { duration: 0.1, steps: 2 }, /completed/],
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function serve(kind: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const child = spawn(execPath, [EVERYTHING, kind], {
    env: { PORT: String(port) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (text) => String(text).includes(String(port)) && resolve());
  });
  return { child, url: `http://127.0.0.1:${port}` };
}

describe("the everything server", LIMIT, () => {
  const children: ChildProcess[] = [];
  let broker: TestBroker;
  let client: TestClient;
  before(async () => {
    const [http, sse] = await Promise.all([serve("streamableHttp"), serve("sse")]);
    children.push(http.child, sse.child);
    const servers = {
      stdio: STDIO,
      http: { url: `${http.url}/mcp`, type: "http" as const },
      sse: { url: `${sse.url}/sse`, type: "sse" as const },
    };
    broker = await startBroker({ MCP_CONFIG_PATH: mcpFile(servers) });
    client = await connectClient(broker.socketPath);
    await until(async () => (await list()).length === 39);
  });
  after(async () => {
    client.close();
    await broker.stop();
    for (const child of children) child.kill("SIGKILL");
  });
  const list = async (): Promise<{ name: string }[]> => (await client.call("mcp.tools.list")).result?.tools as never;

  for (const server of ["stdio", "http", "sse"]) {
    test(`over ${server}: its ${TOOLS.length} tools, over JSON-RPC and REST`, async () => {
      assert.deepEqual(
        (await list()).filter(({ name }) => name.startsWith(`${server}__`)).map(({ name }) => name),
        TOOLS.map(([tool]) => `${server}__${tool}`),
      );
      for (const [tool, args, answer] of TOOLS) {
        const name = `${server}__${tool}`;
        const reply = await client.call("mcp.tools.call", { name, arguments: args });
        assert.match(JSON.stringify(reply), answer);
        const response = await fetch(`${broker.url}/mcp/tools/${name}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(args),
        });
        assert.match(await response.text(), answer);
        assert.equal(response.ok, reply.result !== undefined, tool);
      }
    });

    test(`over ${server}: progress is progress of the stream`, async () => {
      const seen: unknown[] = [];
      const params = { name: `${server}__trigger-long-running-operation`, arguments: { duration: 0.2, steps: 2 } };
      await client.call("mcp.tools.call", { ...params, stream: true }, (value) => seen.push(value));
      assert.deepEqual(
        seen.map((value) => (value as { params: { progress: number } }).params.progress),
        [1, 2],
      );
    });

    test(`over ${server}: resources, prompts and completions`, async () => {
      const { resources, resourceTemplates } = (await client.call("mcp.resources.list", { server })).result as {
        resources: { uri: string }[];
        resourceTemplates: object[];
      };
      assert.ok(resources.length > 0 && resourceTemplates.length > 0);
      const uri = "demo://resource/dynamic/text/1";
      const read = await client.call("mcp.resources.read", { uri, server });
      assert.match(JSON.stringify(read.result), /Resource 1/);
      const ambiguous = await client.call("mcp.resources.read", { uri });
      assert.equal(ambiguous.error?.data.kind, "invalid_params");
      const prompts = (await client.call("mcp.prompts.list", { server })).result?.prompts as { prompt: string }[];
      assert.ok(prompts.some(({ prompt }) => prompt === "args-prompt"));
      const filled = await client.call("mcp.prompts.get", {
        name: `${server}__args-prompt`,
        arguments: { city: "Oslo" },
      });
      assert.match(JSON.stringify(filled.result), /Oslo/);
      const completed = await client.call("mcp.complete", {
        ref: { type: "ref/prompt", name: `${server}__completable-prompt` },
        argument: { name: "department", value: "Eng" },
      });
      assert.match(JSON.stringify(completed.result), /"values":\["Engineering"\]/);
    });

    if (server === "http")
      test(`over ${server}: a subscription tells of changes until it is cancelled`, async () => {
        const uri = "demo://resource/dynamic/text/1";
        const own = await connectClient(broker.socketPath);
        const seen: unknown[] = [];
        const id = own.nextId;
        const ended = own.call("mcp.resources.subscribe", { uri, server, stream: true }, (value) => seen.push(value));
        await until(() => seen.length > 0, 20_000);
        own.notify("$/cancelRequest", { id });
        const told = (await ended).error?.data;
        assert.deepEqual([told?.kind, told?.updates], ["cancelled", seen.length]);
        assert.match(JSON.stringify(seen[0]), /notifications\/resources\/updated.*dynamic\/text\/1/);
        own.close();
      });
  }

  test("every call has its row", () => {
    const rows = broker.rows().filter(({ method }) => method === "mcp.tools.call");
    assert.equal(rows.length, 3 * (2 * TOOLS.length + 1));
    assert.ok(rows.every(({ provider, model }) => String(model).startsWith(`${provider}__`)));
    assert.deepEqual(
      [...new Set(rows.map(({ status }) => status))].sort(),
      ["error", "ok"].slice(rows.some(({ status }) => status === "error") ? 0 : 1),
    );
  });
});
