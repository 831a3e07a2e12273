// What servers answer to a tool call that is not what they should answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import { odd } from "../../support/mcp.ts";
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

test("an answer that is nested without end is its server's fault", LIMIT, async (t) => {
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  const { pool } = openHouse(t, {
    answers: odd({ result: `{"content":[],"structuredContent":${deep}}` }),
    refuses: odd({ noise: [], result: `null,"error":{"code":1,"message":"no","data":${deep}}` }),
  });
  await pool.tried(10_000);
  for (const [name, kind] of [
    ["answers__count", "mcp_server_failed"],
    ["refuses__count", "mcp_rejected"],
  ] as const) {
    const error = await pool.call(pool.tool(name), {}, orderFor("a")).catch((cause: unknown) => cause);
    assert.ok(error instanceof BrokerError, `a bug: ${error}`);
    assert.equal(error.kind, kind, error.message);
    assert.ok(JSON.stringify(error.facts).length < 1000);
  }
});
