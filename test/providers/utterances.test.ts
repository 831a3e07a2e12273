// How a long text is cut for the voice: at the best place, within bounds, and nothing of it is lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { utterances } from "../../src/providers/embedded/utterances.ts";

const SENTENCE = "A sentence of this length, with a pause, has its own end. ";

for (const [name, text, ends] of [
  ["nothing", "", ["$"]],
  ["a short one", "Hello. Good bye. ", ["$"]],
  ["sentences", SENTENCE.repeat(9), ["end. ", "end. "]],
  ["no sentence ends", "and then, later, ".repeat(40), [", "]],
  ["an end too early", `Yes. ${"word ".repeat(100)}`, [" "]],
  ["no spaces", "x".repeat(1_000), ["x"]],
  ["no spaces, two units each", `x${"\u{1f30d}".repeat(300)}`, ["\u{1f30d}"]],
  ["spaces only", " ".repeat(700), [" "]],
] as const) {
  test(`a text of ${name} is cut well`, () => {
    const pieces = [...utterances(text)];
    assert.equal(pieces.join(""), text);
    assert.ok(pieces.every((piece) => piece.length <= 200 && piece.isWellFormed()));
    for (const [index, end] of ends.entries()) {
      if (end === "$") assert.equal(pieces.length, 1);
      else assert.ok(pieces[index]?.endsWith(end), `${pieces[index]} ends with "${end}"`);
    }
    assert.ok(pieces.length <= text.length / 60 + 1);
  });
}
