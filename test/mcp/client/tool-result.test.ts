// What servers answer to a tool call that is not what they should answer.

import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import { odd } from "../../support/mcp.ts";
import { serveHttp } from "../../support/mcp-http.ts";
import { openHouse, orderFor } from "./house.ts";

const LIMIT = { timeout: 30_000 };
const BLOCK = { type: "text", text: "hi" };

for (const [what, result, expected] of [
  ["without content", {}, { content: [] }],
  ["whose content is null", { content: null }, { content: [] }],
  ["whose content is a text", { content: "hi", isError: true }, { content: [], isError: true }],
  ["with blocks that are none", { content: [null, 5, "x", [], {}, { type: 5 }, BLOCK] }, { content: [BLOCK] }],
  ["that is whole", { content: [BLOCK], structuredContent: [1] }, { content: [BLOCK], structuredContent: [1] }],
] as const) {
  test(`a result ${what} is one that the document knows`, LIMIT, async (t) => {
    const { pool } = openHouse(t, { odd: odd({ result: JSON.stringify(result) }) });
    await pool.tried(10_000);
    assert.deepEqual(await pool.call(pool.tool("count"), {}, orderFor("a")), expected);
  });
}

const DEEP = `${"[".repeat(5000)}${"]".repeat(5000)}`;

for (const [what, options] of [
  ["an answer", { result: `{"content":[],"structuredContent":${DEEP}}` }],
  ["an error", { result: `null,"error":{"code":1,"message":"no","data":${DEEP}}` }],
  [
    "progress",
    { noise: [`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"x":${DEEP}}}`] },
  ],
  ["what is no message", { noise: [`{"jsonrpc":"2.0","id":1,"x":${DEEP}}`] }],
] as const) {
  test(`${what} of a program that is nested without end ends the program and nothing else`, LIMIT, async (t) => {
    const { pool } = openHouse(t, { odd: odd(options) });
    await pool.tried(10_000);
    const order = { ...orderFor("a"), onProgress: (value: object) => void JSON.stringify(value) };
    const end = await pool.call(pool.tool("count"), {}, order).catch((cause: unknown) => cause as Error);
    if ("content" in end) return assert.ok("noise" in options, "the answer was on its way already");
    assert.ok(end instanceof BrokerError, `a bug: ${end}`);
    assert.equal(end.kind, "mcp_server_failed");
    assert.equal(end.message, "a message was nested too deep");
  });
}

test("an answer over HTTP that is nested without end fails", LIMIT, async (t) => {
  const { url } = await serveHttp(t, () => answering(`{"content":[],"structuredContent":${DEEP}}`));
  const { pool } = openHouse(t, { s: { url, transport: "http" } });
  await pool.tried(10_000);
  const error = await pool.call(pool.tool("t"), {}, orderFor("a")).catch((cause: unknown) => cause);
  assert.ok(error instanceof BrokerError, `a bug: ${error}`);
  assert.equal(error.kind, "mcp_server_failed");
});

/** One tool, whose result is this text. */
function answering(result: string): RequestListener {
  const hello = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } };
  const answers: Readonly<Record<string, string>> = {
    initialize: JSON.stringify(hello),
    "tools/list": '{"tools":[{"name":"t","inputSchema":{"type":"object"}}]}',
    "tools/call": result,
  };
  return async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { id, method } = body === "" ? {} : JSON.parse(body);
    if (id === undefined) return response.writeHead(request.method === "GET" ? 405 : 202).end();
    const known = answers[method];
    const rest = known === undefined ? '"error":{"code":-32601,"message":"unknown"}' : `"result":${known}`;
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${rest}}`);
  };
}
