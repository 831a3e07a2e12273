// What schemas say of headers: what makes sense, and what keeps a tool from being offered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { headerParams } from "../../src/mcp/header-params.ts";

const head = (name: unknown, type: unknown = "string"): object => ({ type, "x-mcp-header": name });
const of = (properties: object, more: object = {}): object => ({ type: "object", properties, ...more });

for (const [name, schema, valid] of [
  ["none", of({ a: { type: "string" } }), true],
  ["one", of({ a: head("Region") }), true],
  ["one deep down", of({ a: of({ b: head("Region", "integer") }) }), true],
  ["a property that is called so", of({ "x-mcp-header": { type: "string" } }), true],
  ["in an example", of({ a: { type: "object", examples: [{ "x-mcp-header": 1 }] } }), true],
  ["twice, whatever the case", of({ a: head("Region"), b: head("REGION") }), false],
  ["no name", of({ a: head("") }), false],
  ["a name with a space", of({ a: head("a b") }), false],
  ["a name with a line break", of({ a: head("a\r\nb") }), false],
  ["no text", of({ a: head(5) }), false],
  ["a number", of({ a: head("A", "number") }), false],
  ["an object", of({ a: head("A", "object") }), false],
  ["below items", of({ a: { type: "array", items: head("A") } }), false],
  ["below a choice", of({}, { anyOf: [of({ a: head("A") })] }), false],
  ["in definitions", of({}, { $defs: { a: head("A") } }), false],
  ["on the whole", { ...of({}), "x-mcp-header": "A" }, false],
] as const) {
  test(`${name}: ${valid ? "fine" : "refused"}`, () => assert.equal(headerParams(schema) !== undefined, valid));
}
