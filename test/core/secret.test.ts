// Every way of printing a secret masks it; only reveal() gives it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { format, inspect } from "node:util";
import pino from "pino";
import { mask, Secret } from "../../src/core/secret.ts";

const VALUE = "sk-live-0123456789-abcd";
const MASKED = "sk-…abcd";
const secret = new Secret(VALUE);

const PRINTS: readonly [name: string, print: () => string][] = [
  ["String", () => String(secret)],
  ["a template", () => `${secret}`],
  ["adding", () => `${"key "}${secret}`],
  ["toString", () => secret.toString()],
  ["JSON", () => JSON.stringify(secret)],
  ["nested JSON", () => JSON.stringify({ keys: [{ secret }] })],
  ["inspect", () => inspect(secret)],
  ["nested inspect", () => inspect({ keys: [{ secret }] }, { depth: 9, showHidden: true })],
  ["inspect of a map", () => inspect(new Map([["k", secret]]))],
  ["format %s", () => format("%s", secret)],
  ["format %o", () => format("%o", { secret })],
  ["format %j", () => format("%j", { secret })],
  ["join", () => [secret].join()],
];

describe("a secret is masked by", () => {
  for (const [name, print] of PRINTS) {
    test(name, () => {
      const text = print();
      assert.ok(!text.includes(VALUE) && !text.includes("0123456789"), text);
      assert.ok(text.includes(MASKED), text);
    });
  }

  test("the log", () => {
    const lines: string[] = [];
    const log = pino({ base: null }, { write: (line: string) => lines.push(line) });
    log.info({ key: secret, list: [secret] }, "a call");
    assert.ok(!lines.join("").includes("0123456789"), lines.join(""));
  });

  test("a copy: its members hold nothing", () => {
    assert.deepEqual(Object.keys(secret), []);
    assert.deepEqual({ ...secret }, {});
    assert.deepEqual(structuredClone(secret), {});
  });
});

test("reveal gives the plain value", () => assert.equal(secret.reveal(), VALUE));

describe("mask", () => {
  for (const [value, masked] of [
    [VALUE, MASKED],
    ["", "sk-…"],
    ["short", "sk-…"],
    ["elevenchars", "sk-…"],
    ["twelve-chars", "sk-…hars"],
  ] as const) {
    test(`of "${value}" is ${masked}`, () => assert.equal(mask(value), masked));
  }
});
