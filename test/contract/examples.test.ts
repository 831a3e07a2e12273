// The examples of the document hold: params pass the generated validators, results and progress values their schemas. And
// what is generated is what the document says now.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { calls, paramsOf, ROOT } from "../../scripts/generate/document.ts";
import { generate } from "../../scripts/generate.ts";
import { byName, validate } from "../../src/dispatch/validate.ts";
import { METHODS } from "../../src/generated/methods.ts";
import type { MethodName } from "../../src/generated/types.ts";
import { PARAMS } from "../../src/generated/validators.js";
import { document, progressValidator, resultValidator } from "../support/document.ts";

describe("examples", () => {
  for (const method of document.methods) {
    for (const example of method.examples) {
      const given = Object.fromEntries(example.params.map(({ name, value }) => [name, value]));

      test(`${method.name}, ${example.name}: params`, () => {
        const params = paramsOf(document, method);
        const names = params.map((param) => param.name);
        for (const { name } of example.params) assert.ok(names.includes(name), `"${name}" is no param`);
        for (const { name, required } of params) assert.ok(!required || name in given, `"${name}" is missing`);
        if (Object.hasOwn(METHODS, method.name)) validate(method.name as MethodName, given);
      });

      if (method.result) {
        test(`${method.name}, ${example.name}: result`, () => {
          assert.ok(example.result, "an example of a call shows its result");
          resultValidator(method.name)(example.result.value);
        });
      }
    }
  }

  test("by position say the same, where a method allows it", () => {
    for (const method of calls(document)) {
      const { positional } = METHODS[method.name as MethodName];
      for (const { params } of positional ? method.examples : []) {
        const given = Object.fromEntries(params.map(({ name, value }) => [name, value]));
        const last = positional?.findLastIndex((name) => name in given) ?? -1;
        const list = (positional ?? []).slice(0, last + 1).map((name) => given[name]);
        const named = byName(method.name as MethodName, list) as Record<string, unknown>;
        for (const [name, value] of Object.entries(given)) assert.equal(named[name], value);
      }
    }
  });

  test("of $/progress show values that their methods stream", () => {
    const [example] = document.methods.find(({ name }) => name === "$/progress")?.examples ?? [];
    const value = example?.params.find(({ name }) => name === "value")?.value;
    progressValidator("chat.completions.create")(value);
  });
});

describe("a judge of replies", () => {
  test("refuses what the document does not say", () => {
    const judge = resultValidator("system.health");
    const [good] = document.methods.find(({ name }) => name === "system.health")?.examples ?? [];
    const value = good?.result?.value as object;
    judge(value);
    assert.throws(() => judge({ ...value, status: "fine" }), /status/);
    assert.throws(() => judge({ ...value, secret: "x" }), /additional/);
    assert.throws(() => resultValidator("system.helth"), /no method/);
  });
});

describe("generated code", () => {
  test("is what the document says: run `node scripts/generate.ts` and commit the result", async () => {
    for (const [name, text] of Object.entries(await generate(document))) {
      const present = readFileSync(join(ROOT, "src/generated", name), "utf8");
      assert.ok(present === text, `src/generated/${name} is stale: run \`node scripts/generate.ts\``);
    }
  });

  test("has a row and a validator for every call, and for nothing else", () => {
    const names = calls(document).map((method) => method.name);
    assert.deepEqual(Object.keys(METHODS).sort(), [...names].sort());
    assert.deepEqual(Object.keys(PARAMS).sort(), [...names].sort());
    for (const method of calls(document)) {
      const row = METHODS[method.name as MethodName];
      assert.equal(row.scope, method["x-scope"]);
      assert.equal(row.billable, method["x-billable"] === true);
      assert.equal(row.streams, method["x-progress"] !== undefined);
      assert.equal(row.rest.length, [method["x-rest"] ?? []].flat().length);
    }
  });

  test("is found stale when the document changes", async () => {
    const [first, ...others] = document.methods;
    assert.ok(first);
    const changed = { ...document, methods: [{ ...first, "x-scope": "admin" as const }, ...others] };
    const files = await generate(changed);
    assert.notEqual(files["methods.ts"], readFileSync(join(ROOT, "src/generated/methods.ts"), "utf8"));
  });
});
