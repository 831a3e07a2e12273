import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { after, describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tailLog } from "../../src/broker/tail-log.ts";
import type { Call, Progress } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { LogLine, LogsTailParams } from "../../src/generated/types.ts";
import { createLog } from "../../src/log.ts";
import { progressValidator } from "../support/document.ts";

const file = openSync(devNull, "w");
after(() => closeSync(file));

/** A log, and a call that follows it. */
function follow(params: LogsTailParams, before: readonly string[] = []) {
  const sink = createLog("trace", file);
  after(() => sink.flush());
  for (const msg of before) sink.log.info(msg);
  const validate = progressValidator("logs.tail");
  const controller = new AbortController();
  const got: LogLine[] = [];
  let runs = 0;
  /** While there is one the client does not read. */
  let slow: PromiseWithResolvers<void> | undefined;
  const progress: Progress = ({ values }) => {
    runs++;
    for (const value of values) validate(value);
    got.push(...(values as LogLine[]));
    return slow?.promise;
  };
  const call = { signal: controller.signal, progress } as unknown as Call;
  const ended = tailLog(sink.lines, params, call);
  ended.catch(() => {});
  return {
    log: sink.log,
    lines: sink.lines,
    ended,
    got,
    get runs() {
      return runs;
    },
    texts: () => got.map(({ level, msg }) => `${level} ${msg}`),
    cancel: () => controller.abort(new BrokerError("cancelled", "The client closed the connection")),
    stopReading() {
      slow = Promise.withResolvers();
      return () => {
        slow?.resolve();
        slow = undefined;
      };
    },
  };
}

describe("a tail of the log", () => {
  test("begins with the last lines and goes on with each new one", async () => {
    const tail = follow({ last: 2 }, ["one", "two", "three"]);
    assert.deepEqual(tail.texts(), ["info two", "info three"]);
    tail.log.warn({ more: { detail: 1 } }, "four");
    tail.log.fatal("five");
    await nextTurn();
    assert.deepEqual(tail.texts().slice(2), ["warn four", "fatal five"]);
    assert.deepEqual(tail.got[2]?.more, { detail: 1 });
    assert.equal(typeof tail.got[2]?.time, "number");
    tail.cancel();
  });

  test("sends what was logged in one turn together", async () => {
    const tail = follow({ last: 0 });
    for (let at = 0; at < 50; at++) tail.log.info("line");
    await nextTurn();
    assert.equal(tail.got.length, 50);
    assert.equal(tail.runs, 2, "the first told that there is nothing yet");
    tail.cancel();
  });

  const levels: [LogsTailParams, string[]][] = [
    [{}, ["info", "warn", "error", "fatal"]],
    [{ level: "trace" }, ["trace", "debug", "info", "warn", "error", "fatal"]],
    [{ level: "error" }, ["error", "fatal"]],
  ];
  for (const [params, expected] of levels) {
    test(`holds ${expected.join(", ")} for ${JSON.stringify(params)}`, async () => {
      const tail = follow(params);
      for (const level of ["trace", "debug", "info", "warn", "error", "fatal"] as const) tail.log[level]("line");
      await nextTurn();
      assert.deepEqual(
        tail.got.map(({ level }) => level),
        expected,
      );
      tail.cancel();
    });
  }

  test("ends as cancelled, and tells its counts", async () => {
    const tail = follow({ last: 1 }, ["one"]);
    tail.cancel();
    await assert.rejects(tail.ended, (error: unknown) => {
      assert.ok(error instanceof BrokerError);
      assert.equal(error.kind, "cancelled");
      assert.equal(error.message, "The client closed the connection");
      assert.deepEqual(error.facts, { lines: 1, dropped: 0 });
      return true;
    });
    tail.log.info("too late");
    await nextTurn();
    assert.deepEqual(tail.texts(), ["info one"]);
  });

  test("ends with its counts when the broker stops", async () => {
    const tail = follow({});
    tail.log.info("one");
    tail.lines.endReaders();
    assert.deepEqual(await tail.ended, { lines: 1, dropped: 0 });
  });

  test("without a stream counts the last lines and ends", async () => {
    const sink = createLog("info", file);
    for (let at = 0; at < 150; at++) sink.log.info("line");
    const call = { progress: undefined, signal: new AbortController().signal } as unknown as Call;
    assert.deepEqual(await tailLog(sink.lines, {}, call), { lines: 100, dropped: 0 });
    assert.deepEqual(await tailLog(sink.lines, { last: 1000 }, call), { lines: 150, dropped: 0 });
    assert.deepEqual(await tailLog(sink.lines, { last: 0 }, call), { lines: 0, dropped: 0 });
    assert.deepEqual(await tailLog(sink.lines, { level: "warn" }, call), { lines: 0, dropped: 0 });
    sink.flush();
  });

  test("cuts a message that is longer than the document allows", async () => {
    const tail = follow({ last: 0 });
    tail.log.info("x".repeat(70_000));
    await nextTurn();
    assert.equal(tail.got[0]?.msg.length, 65_536);
    tail.cancel();
  });
});

describe("a reader that is slow", () => {
  test("gets nothing more until it reads, and then all that was kept", async () => {
    const tail = follow({ last: 0 });
    const readOn = tail.stopReading();
    for (let at = 0; at < 10; at++) {
      tail.log.info(`line ${at}`);
      await nextTurn();
    }
    assert.deepEqual(tail.texts(), ["info line 0"]);
    readOn();
    await nextTurn();
    assert.equal(tail.got.length, 10);
    tail.cancel();
  });

  test("is told how many lines it missed, where they are missing", async () => {
    const tail = follow({ last: 0 });
    const readOn = tail.stopReading();
    tail.log.info("first");
    await nextTurn();
    for (let at = 0; at < 1500; at++) tail.log.info({ at }, "line");
    readOn();
    await nextTurn();
    const [first, notice, next] = tail.got;
    assert.equal(first?.msg, "first");
    assert.deepEqual([notice?.level, notice?.dropped], ["warn", 500]);
    assert.equal(next?.at, 500);
    assert.equal(tail.got.at(-1)?.at, 1499);
    tail.lines.endReaders();
    assert.deepEqual(await tail.ended, { lines: 1002, dropped: 500 });
  });

  test("can be cancelled", async () => {
    const tail = follow({ last: 0 });
    tail.stopReading();
    tail.log.info("one");
    await nextTurn();
    tail.cancel();
    await assert.rejects(tail.ended, { kind: "cancelled" });
  });
});
