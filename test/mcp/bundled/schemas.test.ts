// Every tool of every bundled server: bounded arguments, in a schema that models take.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Secret } from "../../../src/core/secret.ts";
import { BUNDLED, bundledTools } from "../../../src/mcp/bundled/registry.ts";

const access = { key: new Secret("0123456789"), keyVariable: "KEY", baseUrl: undefined, timeoutMs: undefined };

/** Bounds that each type needs, one of each group. */
const BOUNDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [["maxLength", "enum"]],
  integer: [["minimum"], ["maximum"]],
  number: [["minimum"], ["maximum"]],
  array: [["maxItems"], ["items"]],
  object: [["additionalProperties", "maxProperties"]],
};

function unbounded(schema: unknown, at: string): string[] {
  if (schema === null || typeof schema !== "object") return [];
  const { type } = schema as { type?: string };
  const missing = (BOUNDS[type ?? ""] ?? []).filter((group) => !group.some((bound) => Object.hasOwn(schema, bound)));
  const inside = Object.entries(schema).flatMap(([name, each]) => unbounded(each, `${at}/${name}`));
  return [...missing.map((group) => `${at} lacks ${group}`), ...inside];
}

describe("the tools of", () => {
  for (const name of BUNDLED) {
    test(name, async () => {
      const tools = await bundledTools(name, access);
      assert.equal(new Set(tools.map((each) => each.name)).size, tools.length);
      for (const tool of tools) {
        assert.match(tool.name, /^[a-zA-Z0-9_-]{1,40}$/);
        assert.ok(tool.description.endsWith("."), tool.name);
        const { type, properties, required, additionalProperties, ...more } = tool.input;
        assert.deepEqual(
          [type, additionalProperties, more],
          ["object", false, {}],
          `${tool.name}: no anyOf at the top`,
        );
        for (const each of required as string[]) assert.ok(Object.hasOwn(properties as object, each));
        assert.deepEqual(unbounded(tool.input, tool.name), []);
      }
    });
  }
});
