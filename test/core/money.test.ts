// Money stays a whole number: prices to six decimals, one rounding, half up.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromPico, type NanoUsd, perMillion, toUsd } from "../../src/core/money.ts";

describe("perMillion", () => {
  const cases: readonly [usd: number, pico: number][] = [
    [2.5, 2_500_000],
    [0, 0],
    [0.000001, 1],
    [0.0000004, 0],
    [0.1 + 0.2, 300_000],
    [1.15, 1_150_000],
    [100_000, 100_000_000_000],
  ];
  for (const [usd, pico] of cases) {
    test(`${usd} USD per million tokens is ${pico} pico-USD a token`, () => assert.equal(perMillion(usd), pico));
  }
});

describe("fromPico", () => {
  const cases: readonly [pico: number, nano: number][] = [
    [0, 0],
    [499, 0],
    [500, 1],
    [1499, 1],
    [1500, 2],
    [9_007_199_254_740_000, 9_007_199_254_740],
  ];
  for (const [pico, nano] of cases)
    test(`${pico} pico-USD is ${nano} nano-USD`, () => assert.equal(fromPico(pico), nano));
});

test("toUsd is for people: a billion nano-USD is a dollar", () => {
  assert.equal(toUsd(1_234_567_890 as NanoUsd), 1.23456789);
  assert.equal(toUsd(1 as NanoUsd), 1e-9);
});
