// How calls share the model's thread, seen from inside it: turns, pauses, cancellation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { loadModel } from "../../src/providers/embedded/model.ts";
import { type GenerateRequest, type Report, WINDOW } from "../../src/providers/embedded/protocol.ts";
import { Scheduler } from "../../src/providers/embedded/scheduler.ts";

const model = loadModel();
const ENDLESS: GenerateRequest = {
  turns: [{ role: "user", text: "Hello!" }],
  choices: 1,
  maxTokens: undefined,
  stops: [],
  seed: 1,
  temperature: 50,
  topP: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
  // Every token is ASCII, so that each one shows.
  logitBias: new Map(Array.from({ length: model.tokenizer.size }, (_, id) => [id, id >= 36 && id < 128 ? 0 : -1e6])),
  topLogprobs: undefined,
};

function start(): {
  scheduler: Scheduler;
  count: (id: number) => number;
  settled: () => Promise<void>;
  reports: Report[];
} {
  const reports: Report[] = [];
  const scheduler = new Scheduler(model, (report) => reports.push(report));
  const count = (id: number): number => {
    const own = reports.filter((report) => report.id === id);
    return own.reduce((sum, report) => sum + (report.kind === "deltas" ? report.deltas.length : 0), 0);
  };
  const settled = async (): Promise<void> => {
    for (let quiet = 0, seen = -1; quiet < 20; quiet = reports.length === seen ? quiet + 1 : 0) {
      seen = reports.length;
      await turn();
    }
  };
  return { scheduler, count, settled, reports };
}

test("a call runs a window ahead of its reader and no further", async () => {
  const { scheduler, count, settled } = start();
  scheduler.receive({ kind: "generate", id: 1, request: ENDLESS });
  await settled();
  assert.equal(count(1), WINDOW);
  scheduler.receive({ kind: "taken", id: 1, count: 10 });
  await settled();
  assert.equal(count(1), WINDOW + 10);
  scheduler.receive({ kind: "taken", id: 7, count: 10 });
  scheduler.receive({ kind: "cancel", id: 7 });
  scheduler.receive({ kind: "cancel", id: 1 });
  scheduler.receive({ kind: "taken", id: 1, count: 10 });
  await settled();
  assert.equal(count(1), WINDOW + 10, "a cancelled call does not wake up");
});

test("calls take turns token by token", async () => {
  const { scheduler, count, settled } = start();
  const ids = [1, 2, 3];
  for (const id of ids) scheduler.receive({ kind: "generate", id, request: ENDLESS });
  let checked = 0;
  while (count(3) < WINDOW) {
    const counts = ids.map(count);
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 4, counts.join());
    checked++;
    await turn();
  }
  assert.ok(checked > 10);
  await settled();
  assert.deepEqual(ids.map(count), [WINDOW, WINDOW, WINDOW]);
});

test("a cancelled call stops at once, also during its prompt", async () => {
  const { scheduler, count, settled, reports } = start();
  scheduler.receive({ kind: "generate", id: 1, request: ENDLESS });
  scheduler.receive({
    kind: "generate",
    id: 2,
    request: { ...ENDLESS, turns: [{ role: "user", text: "1".repeat(400) }] },
  });
  while (count(1) < 5) await turn();
  scheduler.receive({ kind: "cancel", id: 1 });
  scheduler.receive({ kind: "cancel", id: 2 });
  const before = reports.length;
  await settled();
  assert.equal(reports.length, before);
  assert.equal(count(2), 0);
});

test("the last report of a call tells what it cost, and a prompt that is too long gets its own", async () => {
  const { scheduler, settled, reports } = start();
  scheduler.receive({ kind: "generate", id: 1, request: { ...ENDLESS, maxTokens: 6, choices: 2 } });
  scheduler.receive({
    kind: "generate",
    id: 2,
    request: { ...ENDLESS, turns: [{ role: "user", text: "1".repeat(600) }] },
  });
  await settled();
  assert.deepEqual(
    reports.filter(({ id }) => id === 2),
    [{ kind: "too-long", id: 2 }],
  );
  const own = reports.flatMap((report) => (report.id === 1 && report.kind === "deltas" ? [report] : []));
  assert.deepEqual(own.map(({ spent }) => spent).filter(Boolean), [{ prompt: 13, completion: 12 }]);
  assert.deepEqual(own.at(-1)?.spent, { prompt: 13, completion: 12 });
});
