// How questions for vectors take turns in their thread, with an encoder that only counts.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Reply } from "../../src/providers/embedded/asking-thread.ts";
import { type EmbeddingAnswer, EmbeddingService } from "../../src/providers/embedded/embedding-service.ts";
import type { SentenceEncoder } from "../../src/providers/embedded/use-lite.ts";

/** `onTurn` is called with the texts of each turn. */
function serviceOf(onTurn: (texts: readonly string[]) => void = () => {}) {
  const replies: Reply<EmbeddingAnswer>[] = [];
  let loads = 0;
  const encoder: SentenceEncoder = {
    tokens: (text) => text.length,
    async embed(texts) {
      onTurn(texts);
      return texts.map((text) => [text.length]);
    },
  };
  const port = { postMessage: (reply: unknown) => void replies.push(reply as Reply<EmbeddingAnswer>) };
  const service = new EmbeddingService(port, async () => (++loads === 1 ? undefined : encoder));
  return { service, replies, loads: () => loads };
}

/** Many texts, of the lengths 1 to 40. */
const MANY = Array.from({ length: 40 }, (_, index) => "x".repeat(index + 1));

test("without a model every question is told so, and the next one looks for it again", async () => {
  const { service, replies, loads } = serviceOf();
  await service.receive({ id: 1, ask: ["a"] });
  await service.receive({ id: 2, ask: ["ab"] });
  await service.receive({ id: 3, ask: ["abc"] });
  assert.deepEqual(replies, [
    { id: 1, answer: { kind: "not_installed" } },
    { id: 2, answer: { kind: "vectors", vectors: [[2]], tokens: 2 } },
    { id: 3, answer: { kind: "vectors", vectors: [[3]], tokens: 3 } },
  ]);
  assert.equal(loads(), 2);
});

test("two long questions take turns, a short one waits for one turn of each, and all are answered whole", async () => {
  const turns: number[] = [];
  const { service, replies } = serviceOf((texts) => turns.push(texts.length));
  await service.receive({ id: 0, ask: ["a"] });
  const work = service.receive({ id: 1, ask: MANY });
  await service.receive({ id: 2, ask: MANY });
  await service.receive({ id: 3, ask: ["abc"] });
  await work;
  assert.deepEqual(turns, [8, 8, 1, ...Array(8).fill(8)]);
  assert.deepEqual(
    replies.slice(1).map(({ id }) => id),
    [3, 1, 2],
  );
  const whole = { kind: "vectors", vectors: MANY.map((text) => [text.length]), tokens: 820 };
  assert.deepEqual(replies.at(-1)?.answer, whole);
});

test("a question that is taken back costs no more than its turn and gets no answer", async () => {
  let turns = 0;
  const { service, replies } = serviceOf(() => {
    if (++turns === 2) void service.receive({ id: 1 });
  });
  await service.receive({ id: 0, ask: ["a"] });
  await service.receive({ id: 1, ask: MANY });
  assert.equal(turns, 2);
  assert.equal(replies.length, 1);
});

test("the first text that is too long ends its question", async () => {
  const { service, replies } = serviceOf();
  await service.receive({ id: 0, ask: ["a"] });
  await service.receive({ id: 1, ask: [...MANY, "y".repeat(513), "z".repeat(10_000)] });
  assert.deepEqual(replies.at(-1), { id: 1, answer: { kind: "too_long", index: 40 } });
});
