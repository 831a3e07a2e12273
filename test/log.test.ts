import assert from "node:assert/strict";
import { closeSync, openSync, readFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { LineRing } from "../src/core/line-ring.ts";
import { RecentLines } from "../src/core/recent-lines.ts";
import { Secret } from "../src/core/secret.ts";
import { createLog, type LogSink } from "../src/log.ts";
import { tempDir } from "./support/temp.ts";

describe("a ring of lines", () => {
  const kept = (lines: number, chars: number, ...pushed: string[]): [string[], number] => {
    const ring = new LineRing(lines, chars);
    for (const line of pushed) ring.push(line);
    return [ring.all(), ring.dropped];
  };

  test("keeps the newest, oldest first", () => {
    assert.deepEqual(kept(3, 100), [[], 0]);
    assert.deepEqual(kept(3, 100, "a", "b"), [["a", "b"], 0]);
    assert.deepEqual(kept(3, 100, "a", "b", "c", "d", "e", "f", "g"), [["e", "f", "g"], 4]);
  });

  test("keeps no more characters than it may, whatever the lines", () => {
    assert.deepEqual(kept(100, 10, "aaaa", "bbbb", "cccc"), [["bbbb", "cccc"], 1]);
    assert.deepEqual(kept(100, 10, "aaaa", "b".repeat(10)), [["b".repeat(10)], 1]);
    assert.deepEqual(kept(100, 10, "aaaa", "b".repeat(11)), [[], 2]);
    assert.deepEqual(kept(100, 10, "b".repeat(11), "c"), [["c"], 1]);
  });

  test("is empty after its lines were taken, and goes on counting", () => {
    const ring = new LineRing(2, 100);
    for (const line of ["a", "b", "c"]) ring.push(line);
    assert.deepEqual(ring.take(), ["b", "c"]);
    assert.deepEqual(ring.take(), []);
    for (const line of ["d", "e", "f"]) ring.push(line);
    assert.deepEqual(ring.take(), ["e", "f"]);
    assert.equal(ring.dropped, 2);
  });
});

describe("recent lines", () => {
  const numbered = (count: number, text: string): string[] => Array.from({ length: count }, (_, at) => `${at} ${text}`);
  const kept = (lines: number, bytes: number, pushed: readonly string[]): string[] => {
    const recent = new RecentLines(lines, bytes);
    for (const line of pushed) recent.push(`${line}\n`);
    return recent.all();
  };

  test("are the newest, oldest first, however many pieces they fill", () => {
    assert.deepEqual(kept(3, 1000, []), []);
    assert.deepEqual(kept(3, 1000, ["a", "b"]), ["a", "b"]);
    assert.deepEqual(kept(3, 1000, ["a", "b", "c", "d"]), ["b", "c", "d"]);
    const many = numbered(5000, "é".repeat(20));
    assert.deepEqual(kept(3000, 1_000_000, many), many.slice(-3000));
  });

  test("are no more bytes than there may be, but for a piece", () => {
    const many = numbered(5000, "x".repeat(100));
    const some = kept(5000, 100_000, many);
    assert.deepEqual(some, many.slice(-some.length));
    const bytes = some.join("\n").length;
    assert.ok(bytes > 60_000 && bytes < 140_000, `${bytes}`);
    assert.deepEqual(kept(10, 10, ["y".repeat(50_000), "z"]), ["y".repeat(50_000), "z"]);
  });
});

const file = openSync(devNull, "w");
after(() => closeSync(file));

/** What it writes is dropped. */
function open(level = "info"): LogSink {
  return createLog(level, file);
}

function texts(lines: readonly string[] | undefined): string[] | undefined {
  return lines?.map((line) => JSON.parse(line).msg);
}

describe("the log", () => {
  test("keeps its last lines, by level", () => {
    const { log, lines, flush } = open("debug");
    log.debug("one");
    log.info("two");
    log.warn("three");
    log.trace("never");
    assert.deepEqual(texts(lines.last("trace")), ["one", "two", "three"]);
    assert.deepEqual(texts(lines.last("info")), ["two", "three"]);
    assert.deepEqual(texts(lines.last("fatal")), []);
    flush();
  });

  test("keeps 1000 lines at most", () => {
    const { log, lines, flush } = open();
    for (let at = 0; at < 1500; at++) log.info({ at }, "line");
    const kept = lines.last("trace");
    assert.equal(kept.length, 1000);
    assert.equal(JSON.parse(kept[0] ?? "").at, 500);
    flush();
  });

  test("hands new lines to a reader of their level, and wakes it once until it reads", () => {
    const { log, lines, flush } = open();
    log.info("before");
    let woken = 0;
    const reader = lines.follow("warn", () => woken++);
    log.info("too low");
    assert.equal(woken, 0);
    log.warn("one");
    log.error("two");
    assert.equal(woken, 1);
    assert.deepEqual(texts(reader.read()), ["one", "two"]);
    assert.deepEqual(texts(reader.read()), []);
    log.warn("three");
    assert.equal(woken, 2);
    reader.close();
    log.warn("four");
    assert.deepEqual(texts(reader.read()), ["three"]);
    flush();
  });

  test("counts what a reader missed, each for itself", () => {
    const { log, lines, flush } = open();
    const slow = lines.follow("info", () => {});
    const quick = lines.follow("info", () => {});
    for (let at = 0; at < 1200; at++) {
      log.info({ at }, "line");
      quick.read();
    }
    assert.equal(slow.dropped, 200);
    assert.equal(slow.read()?.length, 1000);
    assert.equal(quick.dropped, 0);
    flush();
  });

  test("tells its readers when no more will come, after the last lines", () => {
    const { log, lines, flush } = open();
    let woken = 0;
    const reader = lines.follow("info", () => woken++);
    log.info("last");
    lines.endReaders();
    assert.equal(woken, 2);
    assert.deepEqual(texts(reader.read()), ["last"]);
    assert.equal(reader.read(), undefined);
    assert.equal(lines.follow("info", () => {}).read(), undefined);
    flush();
  });

  test("shows no secret, neither in its file nor to readers", (t) => {
    const path = join(tempDir(t), "log");
    const file = openSync(path, "w");
    const { log, lines, flush } = createLog("trace", file);
    const canary = "canary-0123456789abcdef";
    log.info({ key: new Secret(canary), nested: { deep: new Secret(canary) } }, "secrets print masked");
    log.info(
      { authorization: `Bearer ${canary}`, headers: { authorization: canary, "x-api-key": canary }, token: canary },
      "paths are redacted",
    );
    log.error({ err: new Error("boom") }, "bug");
    flush();
    closeSync(file);
    const written = readFileSync(path, "utf8");
    assert.equal(lines.last("trace").length, 3);
    assert.doesNotMatch(lines.last("trace").join(""), /canary-0123/);
    assert.match(written, /paths are redacted/);
    assert.doesNotMatch(written, /canary-0123/);
  });
});
