// Counting tokens: exact for short text, and never slow however the text is made.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { createTokenCounter, pieces } from "../../src/broker/token-counter.ts";

const counter = createTokenCounter();

for (const text of ["", "Hello!", "The quick brown fox. ".repeat(100), "fünf Äpfel 🍏🍎", "<|endoftext|>"]) {
  test(`counts ${JSON.stringify(text.slice(0, 20))} as the tokenizer does`, async () => {
    assert.equal(await counter.count(text), text === "" ? 0 : countTokens(text, { disallowedSpecial: new Set() }));
  });
}

test("pieces of long text are short, whole characters, and together the text", () => {
  for (const text of ["a".repeat(10_000), "🍏".repeat(5000), "word ".repeat(3000), "漢".repeat(9000)]) {
    const parts = [...pieces(text)];
    assert.equal(parts.join(""), text);
    assert.ok(parts.every((part) => part.length > 0 && part.length <= 512 && part.isWellFormed()));
  }
});

test("100,000 unbroken characters are counted piece by piece", async () => {
  assert.equal(await counter.count("a".repeat(100_000)), 12_500);
});
