// Arguments against the schemas of servers, hostile schemas included: what is refused, what is left to the server, and that
// nothing takes long.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../../src/core/errors.ts";
import type { McpTool } from "../../../src/generated/types.ts";
import { createArguments } from "../../../src/mcp/client/arguments.ts";

async function check(schema: object, args: object): Promise<{ fault: BrokerError | undefined; warnings: string[] }> {
  const warnings: string[] = [];
  const { check } = createArguments((_tool, reason) => warnings.push(reason));
  const inputSchema = schema as Record<string, unknown>;
  const tool = { name: "s__t", server: "s", tool: "t", inputSchema };
  for (const _ of [1, 2]) {
    try {
      await check(tool, args as Record<string, unknown>);
    } catch (error) {
      assert.ok(error instanceof BrokerError && error.kind === "invalid_params", `a bug: ${error}`);
      return { fault: error, warnings };
    }
  }
  return { fault: undefined, warnings };
}

const object = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });

describe("arguments are refused with the pointer of what is wrong:", () => {
  for (const [name, schema, args, param, words] of [
    ["one is missing", object({ a: {} }, { required: ["a"] }), {}, "/arguments/a", "is required"],
    ["one too many", object({}, { additionalProperties: false }), { "x/y": 1 }, "/arguments/x~1y", "is not known here"],
    [
      "a wrong type, deep down",
      object({ a: { items: object({ b: { type: "integer" } }) } }),
      { a: [{ b: 1 }, { b: "2" }] },
      "/arguments/a/1/b",
      "must be integer",
    ],
    ["not one of those allowed", object({ a: { enum: ["x", "y"] } }), { a: "z" }, "/arguments/a", '"x","y"'],
    [
      "by a local reference",
      { $ref: "#/$defs/T", $defs: { T: object({ a: { type: "string" } }) } },
      { a: 1 },
      "/arguments/a",
      "must be string",
    ],
    ["a pattern", object({ a: { pattern: "^[a-z]+$" } }), { a: "A1" }, "/arguments/a", "must match pattern"],
    [
      "draft-07",
      { $schema: "http://json-schema.org/draft-07/schema#", ...object({ a: { items: [{ type: "string" }] } }) },
      { a: [1] },
      "/arguments/a/0",
      "must be string",
    ],
    [
      "2020-12",
      {
        $schema: "https://json-schema.org/draft/2020-12/schema",
        ...object({ a: { prefixItems: [{ type: "string" }] } }),
      },
      { a: [1] },
      "/arguments/a/0",
      "must be string",
    ],
  ] as const) {
    test(name, async () => {
      const { fault } = await check(schema, args);
      assert.equal(fault?.facts.param, param);
      assert.ok(fault?.message.includes(words), fault?.message);
    });
  }
});

describe("arguments are left to the server where the schema", () => {
  const huge = object(Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`p${at}`, { type: "string" }])));
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `d${at}`,
      { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
    ]),
  );
  for (const [name, schema] of [
    ["is not one", { type: "objekt" }],
    ["refers to another place", { $ref: "https://example.org/schema.json" }],
    ["refers to nowhere", { $ref: "#/$defs/none" }],
    ["is too large", huge],
    ["unfolds without end", { $ref: "#/$defs/d0", $defs: { ...doubling, d40: { type: "string" } } }],
  ] as const) {
    test(name, async () => {
      const { fault, warnings } = await check(schema, { a: 1 });
      assert.equal(fault, undefined);
      assert.equal(warnings.length, 1, "warned of once");
    });
  }

  test("leads round in circles", async () => {
    assert.equal((await check({ $ref: "#" }, {})).fault, undefined);
    assert.equal((await check({ allOf: [{ $ref: "#" }] }, {})).fault, undefined);
  });

  test("has patterns that may take long", async () => {
    for (const pattern of [
      "^(a+)+$",
      "(a|a)*b",
      "a*a*a*a*a*b",
      "a{0,99}a{0,99}a{0,99}a{0,99}b",
      "(a)\\1*b",
      `${"a?".repeat(400)}b`,
      `^${"(a|a)".repeat(60)}$`,
      `a*${"a?".repeat(8)}b`,
    ]) {
      const { fault } = await check(object({ a: { type: "string", pattern } }), { a: "a".repeat(4000) });
      assert.equal(fault, undefined, pattern);
    }
  });

  test("asks for unique items, which takes long with many", async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ at }));
    assert.equal((await check(object({ a: { uniqueItems: true } }), { a: many })).fault, undefined);
  });
});

test("an argument that is null stands for one that is not there, where none has to be", async () => {
  const schema = object({ a: { type: "string" }, b: { type: "string" } }, { required: ["a"] });
  assert.equal((await check(schema, { a: "x", b: null })).fault, undefined);
  assert.equal((await check(schema, { a: null })).fault?.facts.param, "/arguments/a");
});

test("schemas that refer to themselves are followed as far as the arguments go", async () => {
  const tree = {
    $ref: "#/$defs/node",
    $defs: { node: object({ children: { items: { $ref: "#/$defs/node" } }, n: { type: "integer" } }) },
  };
  assert.equal((await check(tree, { n: 1, children: [{ n: 2, children: [] }] })).fault, undefined);
  assert.equal(
    (await check(tree, { children: [{ children: [{ n: "x" }] }] })).fault?.facts.param,
    "/arguments/children/0/children/0/n",
  );
});

test("schemas of two servers with the same $id do not meet", async () => {
  const warnings: string[] = [];
  const { check } = createArguments((_tool, reason) => warnings.push(reason));
  const tool = (type: string): McpTool => ({
    name: "n",
    server: type,
    tool: "t",
    inputSchema: { $id: "same", ...object({ a: { type } }) },
  });
  await check(tool("string"), { a: "x" });
  await check(tool("integer"), { a: 1 });
  assert.throws(() => check(tool("integer"), { a: "x" }), { kind: "invalid_params" });
  assert.deepEqual(warnings, []);
});
