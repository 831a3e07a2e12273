// Headers of 2026-07-28: they repeat what the body says, or the request is refused.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { headerParams, paramHeaders } from "../../../src/mcp/header-params.ts";
import { checkHeaders } from "../../../src/mcp/server/envelope.ts";
import { ProtocolFault } from "../../../src/mcp/server/fault.ts";
import { checkParamHeaders } from "../../../src/mcp/server/param-headers.ts";
import { META } from "./say.ts";

const isMismatch = (error: unknown): boolean =>
  error instanceof ProtocolFault && error.code === -32020 && error.status === 400;

describe("the standard headers", () => {
  const call = { method: "tools/call", params: { name: "größe", _meta: META } };
  const good = {
    "mcp-protocol-version": "2026-07-28",
    "mcp-method": "tools/call",
    "mcp-name": `=?base64?${Buffer.from("größe").toString("base64")}?=`,
  };

  test("agree with the body, also when they had to be encoded", () => {
    checkHeaders(good, call);
    checkHeaders({ ...good, "mcp-name": "plain" }, { ...call, params: { ...call.params, name: "plain" } });
    checkHeaders({ ...good, "mcp-method": "tools/list" }, { method: "tools/list", params: { _meta: META } });
  });

  test("are refused where one is missing, differs or is badly encoded", () => {
    for (const wrong of [
      { "mcp-method": undefined },
      { "mcp-method": "TOOLS/CALL" },
      { "mcp-name": undefined },
      { "mcp-name": "grosse" },
      { "mcp-name": "=?base64?Z3LDtsOfZQ?=" },
      { "mcp-name": "=?base64?Z3LD!!tsOfZQ==?=" },
      { "mcp-protocol-version": undefined },
      { "mcp-protocol-version": "2025-11-25" },
    ]) {
      assert.throws(() => checkHeaders({ ...good, ...wrong }, call), isMismatch, JSON.stringify(wrong));
    }
  });
});

test("a version that nobody speaks is told as such, with those that are spoken", () => {
  const ping = { method: "ping", params: {} };
  assert.throws(
    () => checkHeaders({ "mcp-protocol-version": "1999-01-01" }, ping),
    (error) => {
      assert.ok(error instanceof ProtocolFault);
      assert.equal(error.code, -32022);
      const { supported, requested } = error.data as { supported: string[]; requested: string };
      assert.deepEqual(
        [requested, supported.at(0), supported.includes("2025-11-25")],
        ["1999-01-01", "2026-07-28", true],
      );
      return true;
    },
  );
});

describe("arguments in headers", () => {
  const mark = (type: string, header: string) => ({ type, "x-mcp-header": header });
  const schema = {
    type: "object",
    properties: {
      region: mark("string", "Region"),
      deep: { type: "object", properties: { level: mark("integer", "Level"), fast: mark("boolean", "Fast") } },
      "x-mcp-header": { type: "string" },
    },
  };

  test("are found down plain properties, and what one side sends the other takes", () => {
    assert.deepEqual(
      headerParams(schema)?.map(({ header }) => header),
      ["Region", "Level", "Fast"],
    );
    for (const args of [
      { region: "us-west1", deep: { level: -7, fast: false } },
      { region: " padded " },
      { region: "Grüße\n" },
      { region: "=?base64?literal?=" },
      { region: "", deep: { level: null } },
      {},
    ]) {
      const headers = paramHeaders(schema, args) ?? {};
      const received = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      for (const value of Object.values(headers)) assert.match(value, /^[\x20-\x7e]*$/);
      checkParamHeaders(received, schema, args);
    }
    checkParamHeaders({ "mcp-param-level": "42.0" }, schema, { deep: { level: 42 } });
  });

  test("are refused where they are missing, too many or different", () => {
    for (const [headers, args] of [
      [{}, { region: "a" }],
      [{ "mcp-param-region": "a" }, {}],
      [{ "mcp-param-region": "b" }, { region: "a" }],
      [{ "mcp-param-level": "" }, { deep: { level: 0 } }],
    ] as const) {
      assert.throws(() => checkParamHeaders(headers, schema, args), isMismatch);
    }
  });

  test("make a tool useless whose schema marks what can't be marked", () => {
    const of = (properties: object, more: object = {}) => headerParams({ type: "object", properties, ...more });
    const bad: readonly (readonly [object, object?])[] = [
      [{ a: mark("string", "") }],
      [{ a: mark("number", "A") }],
      [{ a: mark("object", "A") }],
      [{ a: mark("string", "A B") }],
      [{ a: mark("string", "Région") }],
      [{ a: mark("string", "A"), b: mark("string", "a") }],
      [{ a: { type: "array", items: mark("string", "A") } }],
      [{}, { $defs: { a: mark("string", "A") } }],
      [{}, { oneOf: [{ properties: { a: mark("string", "A") } }] }],
      [{ a: { type: "string", "x-mcp-header": 7 } }],
    ];
    for (const [properties, more] of bad) assert.equal(of(properties, more), undefined, JSON.stringify(properties));
    assert.deepEqual(of({ a: { type: "string", default: { "x-mcp-header": "no mark" } } }), []);
  });
});
