// Properties of the choice of the next token, and of the text that comes out of tokens.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "../../src/providers/embedded/random.ts";
import { chooseToken, likelihoods, mostLikely, type Sampling } from "../../src/providers/embedded/sampling.ts";
import { TextOut } from "../../src/providers/embedded/text-out.ts";

const plain: Sampling = { temperature: 1, topP: 1, frequencyPenalty: 0, presencePenalty: 0, logitBias: new Map() };
const none: ReadonlyMap<number, number> = new Map();
const random = createRandom(11, 0);
const scores = (size: number): Float32Array => Float32Array.from({ length: size }, () => 6 * random());
const never = (): number => assert.fail("chance was asked");

/** Share of each token in many draws. */
function shares(logits: Float32Array, sampling: Sampling, counts = none): number[] {
  const draws = 20_000;
  const chance = createRandom(5, 0);
  const result = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) {
    const token = chooseToken(logits, sampling, counts, chance);
    result[token] = (result[token] ?? 0) + 1 / draws;
  }
  return result;
}

function near(actual: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries())
    assert.ok(Math.abs((actual[i] ?? 0) - value) < 0.02, `${i}: ${actual[i]} for ${value}`);
}

test("a seed gives one sequence, another seed or stream another, and all numbers are in [0, 1)", () => {
  const take = (seed: number, stream: number): string => {
    const next = createRandom(seed, stream);
    const numbers = Array.from({ length: 1_000 }, next);
    assert.ok(numbers.every((number) => number >= 0 && number < 1));
    const mean = numbers.reduce((sum, number) => sum + number) / numbers.length;
    assert.ok(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
    return numbers.join();
  };
  const seeds: [number, number][] = [
    [0, 0],
    [1, 0],
    [0, 1],
    [-1, 0],
    [2 ** 32, 0],
    [Number.MIN_SAFE_INTEGER, 0],
  ];
  assert.equal(new Set(seeds.map(([seed, stream]) => take(seed, stream))).size, seeds.length);
  assert.equal(take(42, 1), take(42, 1));
});

test("temperature 0 and top_p 0 take the most likely token without chance", () => {
  for (let round = 0; round < 100; round++) {
    const logits = scores(50);
    const best = mostLikely(logits);
    assert.equal(chooseToken(logits, { ...plain, temperature: 0 }, none, never), best);
    assert.equal(chooseToken(logits, { ...plain, topP: 0 }, none, never), best);
    for (const chance of [0, 0.5, 0.999999]) {
      assert.equal(
        chooseToken(logits, { ...plain, topP: 1e-9 }, none, () => chance),
        best,
      );
      assert.equal(
        chooseToken(logits, { ...plain, temperature: 1e-300 }, none, () => chance),
        best,
      );
    }
  }
});

test("tokens are drawn with their probabilities, which temperature flattens or sharpens", () => {
  const logits = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  near(shares(logits, plain), [0.5, 0.3, 0.15, 0.05]);
  const squares = [0.25, 0.09, 0.0225, 0.0025].map((share) => share / 0.365);
  near(shares(logits, { ...plain, temperature: 0.5 }), squares);
});

test("top_p keeps the fewest tokens that reach it", () => {
  const logits = Float32Array.from([0.15, 0.5, 0.05, 0.3], Math.log);
  near(shares(logits, { ...plain, topP: 0.79 }), [0, 0.625, 0, 0.375]);
  assert.deepEqual(
    shares(logits, { ...plain, topP: 0.81 }).map((share) => share > 0),
    [true, true, false, true],
  );
  near(shares(logits, { ...plain, topP: 0.999 }), [0.15, 0.5, 0.05, 0.3]);
});

test("every draw is a token, whatever the chance", () => {
  for (const chance of [0, 0.25, 0.5, 1 - 2 ** -32]) {
    for (const topP of [1, 0.9, 0.1]) {
      const token = chooseToken(scores(1_280), { ...plain, topP }, none, () => chance);
      assert.ok(Number.isInteger(token) && token >= 0 && token < 1_280);
    }
  }
});

test("bias and penalties move the scores, and leave the model's own alone", () => {
  const logits = Float32Array.from([3, 2, 1]);
  const greedy = (wishes: Partial<Sampling>, counts = none): number =>
    chooseToken(logits, { ...plain, temperature: 0, ...wishes }, counts, never);
  assert.equal(greedy({ logitBias: new Map([[2, 100]]) }), 2);
  assert.equal(greedy({ logitBias: new Map([[0, -100]]) }), 1);
  assert.equal(
    greedy({
      logitBias: new Map([
        [3, 100],
        [-1, 100],
        [0.5, 100],
        [Number.NaN, 100],
      ]),
    }),
    0,
    "unknown tokens",
  );
  assert.equal(greedy({ presencePenalty: 1.5 }, new Map([[0, 1]])), 1);
  assert.equal(greedy({ presencePenalty: 0.9 }, new Map([[0, 9]])), 0, "presence counts once");
  assert.equal(greedy({ frequencyPenalty: 0.4 }, new Map([[0, 2]])), 0);
  assert.equal(greedy({ frequencyPenalty: 0.4 }, new Map([[0, 3]])), 1);
  assert.equal(greedy({ frequencyPenalty: -1 }, new Map([[1, 2]])), 1, "a negative penalty rewards");
  assert.deepEqual([...logits], [3, 2, 1]);
});

test("log-probabilities are those of the whole distribution and sum to 1", () => {
  const logits = scores(20);
  const { chosen, top } = likelihoods(logits, 7, 20);
  const sum = top.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
  assert.ok(Math.abs(sum - 1) < 1e-6);
  assert.deepEqual(
    chosen,
    top.find(({ token }) => token === 7),
  );
  assert.deepEqual(
    top,
    top.toSorted((a, b) => b.logprob - a.logprob),
  );
  assert.deepEqual(likelihoods(logits, 7, 3).top, top.slice(0, 3));
  assert.deepEqual(likelihoods(logits, 7, 0).top, []);
});

/** What is shown after each token, and at the end. */
function shown(stops: string[], tokens: (string | number[])[]): string[] {
  const out = new TextOut(stops);
  const texts: string[] = [];
  for (const token of tokens) {
    texts.push(out.push(typeof token === "string" ? Buffer.from(token) : Uint8Array.from(token), undefined).text);
    if (out.stopped) return texts;
  }
  return [...texts, out.finish().text];
}

test("text is shown in whole characters and never with a stop sequence", () => {
  const cases: { stops: string[]; tokens: (string | number[])[]; texts: string[] }[] = [
    { stops: [], tokens: ["a", "b"], texts: ["a", "b", ""] },
    {
      stops: [],
      tokens: [
        [0xe4, 0xbd],
        [0xa0, 0x21],
      ],
      texts: ["", "你!", ""],
    },
    { stops: [], tokens: [[0xf0], [0x9f], [0x98], [0x80]], texts: ["", "", "", "😀", ""] },
    { stops: [], tokens: ["x", [0xe4, 0xbd]], texts: ["x", "", "\ufffd"] },
    { stops: ["STOP"], tokens: ["a S", "TO", "P now"], texts: ["a ", "", ""] },
    { stops: ["STOP"], tokens: ["a S", "TO", "Y"], texts: ["a ", "", "STOY", ""] },
    { stops: ["STOP"], tokens: ["a STO"], texts: ["a ", "STO"] },
    { stops: ["b", "abc"], tokens: ["xa", "bc"], texts: ["x", ""] },
    { stops: ["aab"], tokens: ["aaa", "ab"], texts: ["a", "a"] },
    { stops: ["\n\n"], tokens: ["one\n", "two\n", "\n"], texts: ["one", "\ntwo", ""] },
    { stops: ["😀"], tokens: ["hi ", [0xf0, 0x9f], [0x98, 0x80], "!"], texts: ["hi ", "", ""] },
  ];
  for (const { stops, tokens, texts } of cases)
    assert.deepEqual(shown(stops, tokens), texts, JSON.stringify({ stops, tokens }));
});

test("a token's log-probability comes with its last shown character", () => {
  const out = new TextOut(["XYZ"]);
  const push = (text: string | number[]): { text: string; tokens: string[] } => {
    const piece = out.push(typeof text === "string" ? Buffer.from(text) : Uint8Array.from(text), {
      token: String(text),
      logprob: 0,
    });
    return { text: piece.text, tokens: piece.logprobs.map(({ token }) => token) };
  };
  assert.deepEqual(push("a"), { text: "a", tokens: ["a"] });
  assert.deepEqual(push([0xc3]), { text: "", tokens: [] });
  assert.deepEqual(push([0xa9]), { text: "é", tokens: ["195", "169"] });
  assert.deepEqual(push("bX"), { text: "b", tokens: [] });
  assert.deepEqual(push("Yc"), { text: "XYc", tokens: ["bX", "Yc"] });
  assert.deepEqual(push("dX"), { text: "d", tokens: [] });
  assert.deepEqual(push("Y"), { text: "", tokens: [] });
  assert.deepEqual(push("Z!"), { text: "", tokens: ["dX"] });
  assert.ok(out.stopped);
});
