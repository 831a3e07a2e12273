// How calls to the embedded provider share its thread, pause, stop and fail.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import type { ChunkRun } from "../../src/core/completion.ts";
import { ProviderFailure } from "../../src/core/provider.ts";
import type { ChatChunk } from "../../src/generated/types.ts";
import { Inbox } from "../../src/providers/embedded/inbox.ts";
import { MOST_CALLS } from "../../src/providers/embedded/thread.ts";
import { createEmbeddedProvider } from "../../src/providers/embedded.ts";
import { ANSWER, asking, ENDLESS, fails, type Params } from "./embedded-ask.ts";

const provider = createEmbeddedProvider();
after(() => provider.close());
const { open, collect, textFrom } = asking(provider);

test("calls served together answer as they would alone", async () => {
  const asks: Params[] = Array.from({ length: 8 }, (_, seed) => ({
    messages: [{ role: "user", content: `Who are you? ${"And why? ".repeat(seed)}` }],
    seed,
    temperature: 1.5,
    max_tokens: 30 + 10 * seed,
    ...ENDLESS,
  }));
  const together = await Promise.all(asks.map(textFrom));
  for (const [i, ask] of asks.entries()) assert.equal(await textFrom(ask), together[i]);
});

test("a short call is not kept waiting by a long one", async () => {
  const order: string[] = [];
  await Promise.all([
    collect({ max_tokens: 400, ...ENDLESS }).then(() => order.push("long")),
    collect({ max_tokens: 5, ...ENDLESS }).then(() => order.push("short")),
  ]);
  assert.deepEqual(order, ["short", "long"]);
});

test("aborting ends a stream, before it began and while it runs", async () => {
  await fails(open({}, AbortSignal.abort()).next(), "aborted");
  const controller = new AbortController();
  let runs = 0;
  const reading = (async () => {
    const iterator = open(ENDLESS, controller.signal);
    while (!(await iterator.next()).done) if (++runs === 2) controller.abort();
  })();
  await fails(reading, "aborted");
  assert.equal(runs, 2);
  const waiting = new AbortController();
  const first = open({}, waiting.signal).next();
  waiting.abort();
  await fails(first, "aborted");
});

test("more calls than there are places are refused with a hint, and places are given back", async () => {
  const controller = new AbortController();
  const held = Array.from({ length: MOST_CALLS }, () => open(ENDLESS, controller.signal));
  await Promise.all(held.map((iterator) => iterator.next()));
  await assert.rejects(
    collect({}),
    (error) => error instanceof ProviderFailure && error.status === 429 && error.retryAfterMs === 1_000,
  );
  await held[0]?.return?.();
  held[0] = open(ENDLESS, controller.signal);
  assert.equal((await held[0].next()).done, false);
  controller.abort();
  for (const iterator of held) await fails(iterator.next(), "aborted");
  assert.equal(await textFrom({ temperature: 0 }), ANSWER);
});

test("a reader that does not read pauses its generation and loses nothing", async () => {
  const long: Params = { seed: 3, max_tokens: 300, ...ENDLESS };
  const slow = open(long);
  const chunks: ChatChunk[] = [...((await slow.next()).value as ChunkRun).values];
  const quick = await textFrom(long);
  const pile = ((await slow.next()).value as ChunkRun).values;
  chunks.push(...pile);
  assert.ok(pile.length <= 64, `${pile.length} chunks waited while a whole other answer was written`);
  for (let next = await slow.next(); !next.done; next = await slow.next()) chunks.push(...next.value.values);
  assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), quick);
});

test("an inbox tells what was taken often enough for a window never to stand still", () => {
  let told = 0;
  const inbox = new Inbox(1, (count) => {
    told += count;
  });
  const delta = { choice: 0, text: "a", logprobs: undefined, finish: undefined };
  for (let taken = 1; taken <= 100; taken++) {
    inbox.put([delta], undefined);
    assert.equal(inbox.take().deltas.length, 1);
    assert.ok(taken - told < 64);
  }
});

test("a crash fails the calls that run, and the next call has a new thread", async () => {
  const workerUrl = new URL("embedded-crash.worker.ts", import.meta.url);
  const fragile = createEmbeddedProvider({ workerUrl });
  const ask = asking(fragile);
  try {
    const cut = ask.collect({ max_tokens: 400, ...ENDLESS });
    await fails(cut, "cut");
    assert.equal(await ask.textFrom({ temperature: 0 }), ANSWER);
    await fails(ask.collect({ messages: [{ role: "user", content: "die at once" }] }), "connect");
    assert.equal(await ask.textFrom({ temperature: 0 }), ANSWER);
  } finally {
    await fragile.close();
  }
});

test("a thread that can't start is a connection that failed", async () => {
  const broken = createEmbeddedProvider({ workerUrl: new URL("no-such-file.ts", import.meta.url) });
  await fails(asking(broken).collect({}), "connect");
  await broken.close();
});

test("closing fails the calls that run and refuses new ones", async () => {
  const closing = createEmbeddedProvider();
  const iterator = asking(closing).open(ENDLESS);
  await iterator.next();
  await closing.close();
  await fails(iterator.next(), "cut");
  await fails(asking(closing).collect({}), "connect");
  await closing.close();
});

test("an idle thread does not keep the process alive, a running call does", async () => {
  const url = new URL("../../src/providers/embedded.ts", import.meta.url);
  const script = `
    const { createEmbeddedProvider } = await import(${JSON.stringify(url.href)});
    const params = { model: "m", messages: [{ role: "user", content: "Hello!" }], temperature: 0 };
    const provider = createEmbeddedProvider();
    let text = "";
    for (const call of [1, 2])
      for await (const { values } of provider.stream({ target: {}, params, signal: new AbortController().signal }))
        for (const { choices } of values) text += choices[0]?.delta.content ?? "";
    process.stdout.write(text);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    timeout: 60_000,
    encoding: "utf8",
  });
  assert.deepEqual(
    { status, stdout, stderr },
    { status: 0, stdout: "Hello! How can I help you?".repeat(2), stderr: "" },
  );
});
