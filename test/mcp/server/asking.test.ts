// A server behind the broker asks the client in front of it, by a session's streams; and nobody meets another's state.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { isAlive } from "../../support/process.ts";
import { create, rest } from "../../support/rest.ts";
import { EVERYTHING, FIXTURES, type McpBroker, startMcpBroker } from "./house.ts";
import { begin, modern, request, send } from "./say.ts";

const CAN = { sampling: {}, elicitation: {}, roots: { listChanged: true } };

describe("what a server asks", () => {
  let broker: McpBroker;
  const clients: Client[] = [];
  before(async () => {
    broker = await startMcpBroker({ fixtures: FIXTURES, everything: EVERYTHING });
  });
  after(async () => {
    for (const client of clients) await client.close();
    await broker.stop();
  });

  /** One that says its name whatever it is asked. */
  async function open(name: string, sse = false): Promise<Client> {
    const client = new Client({ name, version: "1" }, { capabilities: CAN });
    client.setRequestHandler(CreateMessageRequestSchema, () => {
      return { role: "assistant", content: { type: "text", text: `sampled by ${name}` }, model: name };
    });
    client.setRequestHandler(ElicitRequestSchema, () => ({
      action: "accept",
      content: { username: name, email: name },
    }));
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: `file:///${name}`, name }] }));
    const transport = sse
      ? new SSEClientTransport(new URL(`${broker.url}/mcp/sse`))
      : new StreamableHTTPClientTransport(new URL(`${broker.url}/mcp`));
    await client.connect(transport as never);
    clients.push(client);
    return client;
  }

  async function textOf(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
    const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
    return content.map(({ text }) => text).join("\n");
  }

  for (const sse of [false, true]) {
    test(`reaches the client that called, over ${sse ? "SSE" : "streamable HTTP"}, of servers of both eras`, async () => {
      const [ann, bob] = [await open("ann", sse), await open("bob", sse)];
      const both = (tool: string, args: Record<string, unknown>) =>
        Promise.all([textOf(ann, tool, args), textOf(bob, tool, args)]);
      const cases: readonly [string, Record<string, unknown>][] = [
        ["fixtures__test_sampling", { prompt: "hi" }],
        ["fixtures__test_elicitation", { message: "who?" }],
        ["fixtures__test_input_required_result_list_roots", {}],
      ];
      for (const [tool, args] of cases) {
        const [first, second] = await both(tool, args);
        assert.match(first, /ann/, tool);
        assert.match(second, /bob/, tool);
      }
    });
  }

  test("may be refused by the client, which the tool gets to hear", async () => {
    const client = await open("carl");
    client.setRequestHandler(ElicitRequestSchema, () => {
      throw new McpError(-32000, "carl is away");
    });
    await assert.rejects(textOf(client, "fixtures__test_elicitation", { message: "who?" }), /carl is away/);
  });

  test("is not asked of a client that can't be asked", async () => {
    const mute = new Client({ name: "mute", version: "1" });
    await mute.connect(new StreamableHTTPClientTransport(new URL(`${broker.url}/mcp`)) as never);
    clients.push(mute);
    await assert.rejects(textOf(mute, "fixtures__test_sampling", { prompt: "hi" }), /-32021/);
  });

  test("fails at once where the client reads no stream in which it could be asked", { timeout: 10_000 }, async () => {
    const url = `${broker.url}/mcp`;
    const headers = { "mcp-session-id": await begin(url, {}, undefined, CAN), accept: "application/json" };
    const ask = request("tools/call", { name: "fixtures__test_sampling", arguments: { prompt: "hi" } });
    assert.match(JSON.stringify((await send(url, ask, headers)).body), /reads no streams/);
  });
});

describe("a server with a memory", () => {
  let broker: McpBroker;
  let url = "";
  before(async () => {
    broker = await startMcpBroker({ fixtures: FIXTURES }, { AUTH: "required" });
    url = `${broker.url}/mcp`;
  });
  after(() => broker.stop());

  const counted = (said: { body: { result?: Record<string, unknown> } }): string =>
    ((said.body.result?.content ?? []) as { text: string }[])[0]?.text ?? "";
  const call = request("tools/call", { name: "fixtures__test_counter" });

  test("is another one for each key and each session, however they interleave", async () => {
    const [a, b] = await Promise.all(["a", "b"].map(async () => ({ "x-api-key": (await create(broker.url)).secret })));
    const own = { ...a, "mcp-session-id": await begin(url, a) };
    const askers = [
      async () => counted(await modern(url, "tools/call", { name: "fixtures__test_counter" }, a)),
      async () => counted(await modern(url, "tools/call", { name: "fixtures__test_counter" }, b)),
      async () => counted(await send(url, call, own)),
    ];
    const seen: string[][] = [[], [], []];
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(askers.map((ask) => ask()));
      for (const [index, answer] of answers.entries()) seen[index]?.push(answer);
    }
    const processes = seen.map((answers) => {
      const [pid] = answers.map((answer) => answer.split(" ")[0] ?? "");
      assert.deepEqual(
        answers,
        [1, 2, 3].map((count) => `${pid} counted to ${count}`),
      );
      return pid;
    });
    assert.equal(new Set(processes).size, 3);
  });

  test("loses what was a session's when that is deleted", async () => {
    const key = { "x-api-key": (await create(broker.url)).secret };
    const session = { ...key, "mcp-session-id": await begin(url, key) };
    const connections = async (): Promise<number> => {
      const { servers } = (await rest(broker.url, "GET", "/mcp/servers")).body as {
        servers: { connections: number }[];
      };
      return servers[0]?.connections ?? 0;
    };
    const before = await connections();
    const pid = Number(counted(await send(url, call, session)).split(" ")[0]);
    assert.equal(await connections(), before + 1);
    await fetch(url, { method: "DELETE", headers: session });
    assert.equal(await connections(), before);
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});
