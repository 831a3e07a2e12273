// Lines that programs write for their operator: as many as are worth reading, and the number of the others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chatter, MINUTE_MS, MOST_LINES } from "../../../src/mcp/client/chatter.ts";

function open() {
  const log: string[] = [];
  let now = 5;
  const chatter = new Chatter({ ticks: () => now, log: (server, line) => log.push(`${server}: ${line}`) });
  return {
    ...{ chatter, log },
    pass: (ms: number): void => {
      now += ms;
    },
    say: (server: string, lines: number): void => {
      for (let line = 1; line <= lines; line++) chatter.add(server, String(line));
    },
    /** What was logged since it was asked last. */
    told: () => log.splice(0),
  };
}

const leftOut = (server: string, lines: number) => `${server}: ${lines} more lines of the program were left out`;

test("a server's lines are logged as they come, up to so many a minute; another's are not counted with them", () => {
  const { say, told } = open();
  say("a", MOST_LINES + 7);
  assert.deepEqual([told().length, told().length], [MOST_LINES, 0]);
  say("b", 1);
  assert.deepEqual(told(), ["b: 1"]);
});

test("what was left out is told before the next line, once the minute is over", () => {
  const { say, told, pass } = open();
  say("a", MOST_LINES + 7);
  pass(MINUTE_MS - 1);
  say("a", 1);
  assert.equal(told().length, MOST_LINES);
  pass(1);
  say("a", 2);
  assert.deepEqual(told(), [leftOut("a", 8), "a: 1", "a: 2"]);
});

test("it is told of a program that has become silent too, once", () => {
  const { chatter, say, told, pass } = open();
  say("loud", MOST_LINES + 1);
  say("calm", MOST_LINES);
  told();
  chatter.sweep();
  assert.deepEqual(told(), [], "the minute is not over");
  pass(MINUTE_MS);
  chatter.sweep();
  chatter.sweep();
  assert.deepEqual(told(), [leftOut("loud", 1)]);
});

test("it is told at the end", () => {
  const { chatter, say, told } = open();
  say("a", MOST_LINES + 3);
  told();
  chatter.close();
  chatter.close();
  assert.deepEqual(told(), [leftOut("a", 3)]);
});
