// What may be embedded in one call, and vectors in both of their forms.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  countOf,
  dimensionsOf,
  inputsOf,
  MOST_INPUTS,
  roughTokens,
  toBase64,
  toNumbers,
  type Vector,
} from "../../src/core/embedding.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { EmbeddingInput } from "../../src/generated/types.ts";

describe("inputs", () => {
  const good: [string, EmbeddingInput, string, number, number][] = [
    ["a text", "Hello!", "texts", 1, 2],
    ["texts", ["Hello!", "a"], "texts", 2, 3],
    ["tokens", [1, 2, 3], "tokens", 1, 3],
    ["a token", [7], "tokens", 1, 1],
    ["lists of tokens", [[1, 2], [3]], "tokens", 2, 3],
    ["as many texts as one call takes", Array(MOST_INPUTS).fill("a"), "texts", 2048, 2048],
    ["many tokens of one text", Array(5000).fill(1), "tokens", 1, 5000],
  ];
  for (const [name, input, kind, count, tokens] of good) {
    test(`are ${name}`, () => {
      const inputs = inputsOf(input);
      assert.deepEqual([inputs.kind, countOf(inputs), roughTokens(inputs)], [kind, count, tokens]);
    });
  }

  const bad: [string, EmbeddingInput, string][] = [
    ["2,049 texts", Array(MOST_INPUTS + 1).fill("a"), "/input"],
    ["2,049 lists of tokens", Array(MOST_INPUTS + 1).fill([1]), "/input"],
    ["a token behind a text", ["a", "b", 3], "/input/2"],
    ["a text behind a token", [1, "b"], "/input/1"],
    ["a list behind a text", ["a", [1]], "/input/1"],
  ];
  for (const [name, input, param] of bad) {
    test(`are not ${name}`, () => {
      assert.throws(
        () => inputsOf(input),
        (error: unknown) =>
          error instanceof BrokerError && error.kind === "invalid_params" && error.facts.param === param,
      );
    });
  }
});

describe("vectors", () => {
  test("become float32, little-endian, in base64, and come back as the same numbers", () => {
    const vector = [0.5, -2, 0.1, 1e-8, 0];
    const base64 = toBase64(vector);
    const bytes = Buffer.from(base64, "base64");
    assert.deepEqual(
      vector.map((_, index) => bytes.readFloatLE(4 * index)),
      vector.map(Math.fround),
    );
    assert.deepEqual(toNumbers(base64), vector.map(Math.fround));
  });

  test("stay as they are where they have the form already", () => {
    const numbers = [0.1, 0.2];
    assert.equal(toNumbers(numbers), numbers);
    assert.equal(toBase64("AACAPw=="), "AACAPw==");
  });

  const sizes: [unknown, number | undefined][] = [
    [[1, 2, 3], 3],
    [toBase64([1, 2, 3] satisfies Vector), 3],
    [toBase64([1]), 1],
    [[], undefined],
    ["", undefined],
    ["AAAA", undefined],
    ["AACAPw== ", undefined],
    ["not base64!", undefined],
    [[1, null], undefined],
    [["1"], undefined],
    [undefined, undefined],
    [{ 0: 1 }, undefined],
  ];
  for (const [vector, size] of sizes) {
    test(`${JSON.stringify(vector)} has ${size} dimensions`, () => assert.equal(dimensionsOf(vector), size));
  }
});
