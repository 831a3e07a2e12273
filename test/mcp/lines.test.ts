// Lines of bytes that arrive in any pieces, and the bound of one.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Lines } from "../../src/mcp/lines.ts";
import { byteByByte, splitAt } from "../support/bytes.ts";

function read(most: number, ...parts: readonly (string | Uint8Array)[]) {
  const taken: string[] = [];
  let over = 0;
  const lines = new Lines({ most, take: (line) => taken.push(line.toString()), tooLong: () => over++ });
  for (const part of parts) lines.add(Buffer.from(part));
  return { taken, over };
}

describe("lines", () => {
  const BYTES = Buffer.from("one\n\n  \r\ntwo ü\nthree\n");
  const whole = { taken: ["one", "two ü", "three"], over: 0 };

  test("come whole however they arrive, and blank ones are passed over", () => {
    for (let at = 0; at <= BYTES.length; at++) assert.deepEqual(read(100, ...splitAt(BYTES, at)), whole, `at ${at}`);
    assert.deepEqual(read(100, ...byteByByte(BYTES)), whole);
  });

  test("without their newline have not come", () => {
    assert.deepEqual(read(100, "one\ntwo").taken, ["one"]);
  });

  test("may be as long as the bound, the newline not counted", () => {
    for (const parts of [["12345\n"], ["123", "45\n"], ["12345", "\n"]])
      assert.deepEqual(read(5, ...parts), { taken: ["12345"], over: 0 });
  });

  test("are given up once one is longer, whether its end has come or not", () => {
    for (const parts of [
      ["a\n123456\nb\n"],
      ["a\n123456"],
      ["a\n123", "456\nb\n"],
      ["a\n12345", "6", "7", "\n", "b\n"],
      ["a\n12345678", "\nb\n123456789\n"],
    ])
      assert.deepEqual(read(5, ...parts), { taken: ["a"], over: 1 }, JSON.stringify(parts));
  });
});
