// The group: a lone item waits for one turn of the event loop, several for more of them, for three turns at most; whoever
// added something learns how its group fared.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Group } from "../../src/store/group.ts";

function setup() {
  const handled: string[] = [];
  const group = new Group<string>((items) => {
    handled.push(items.join(""));
    if (items.includes("!")) throw new RangeError("refused");
  });
  return { handled, group };
}

describe("a group", () => {
  /** `adds`: what comes in each turn; `at`: the turn after which `items` are handled, the first being 1. */
  const cases: Record<string, { adds: string[]; at: number; items: string }> = {
    "of one item waits for one turn": { adds: ["a"], at: 1, items: "a" },
    "of several waits for a turn in which none comes": { adds: ["ab"], at: 2, items: "ab" },
    "waits on while more come": { adds: ["ab", "c"], at: 3, items: "abc" },
    "waits for three turns at most": { adds: ["ab", "c", "d", "e"], at: 3, items: "abcd" },
  };
  for (const [name, { adds, at, items }] of Object.entries(cases)) {
    test(name, async () => {
      const { handled, group } = setup();
      const waiting: Promise<void>[] = [];
      for (let turn = 1; turn <= at; turn++) {
        for (const item of adds[turn - 1] ?? "") waiting.push(group.add(item));
        assert.deepEqual(handled, [], `in turn ${turn}`);
        await nextTurn();
      }
      assert.deepEqual(handled, [items]);
      await Promise.all(waiting);
    });
  }

  test("tells an item only when it is handled; the next item is of a new group", async () => {
    const { handled, group } = setup();
    const seen = await Promise.all(["a", "b"].map((item) => group.add(item).then(() => [...handled])));
    assert.deepEqual(seen, [["ab"], ["ab"]]);
    await group.add("c");
    assert.deepEqual(handled, ["ab", "c"]);
  });

  test("whose handling throws rejects all its items with that, and none of the next", async () => {
    const { group } = setup();
    const waiting = [..."a!b"].map((item) => group.add(item));
    const refused = { name: "RangeError", message: "refused" };
    await Promise.all(waiting.map((each) => assert.rejects(each, refused)));
    await group.add("c");
  });

  test("that is flushed is handled at once, and only once", async () => {
    const { handled, group } = setup();
    group.flush();
    assert.deepEqual(handled, [], "nothing waits");
    const waiting = [group.add("a"), group.add("b")];
    group.flush();
    assert.deepEqual(handled, ["ab"]);
    await Promise.all(waiting);
    await nextTurn();
    await nextTurn();
    assert.deepEqual(handled, ["ab"]);
  });
});
