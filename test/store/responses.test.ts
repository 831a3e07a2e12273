// Kept responses on real files: whose they are, how far back a conversation goes, what is too large, too old, deleted.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { MAX_CHAIN, MAX_RESPONSE_CHARS } from "../../src/core/response-store.ts";
import type { Response } from "../../src/generated/types.ts";
import { createResponses } from "../../src/store/responses.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { tempDir } from "../support/temp.ts";

const KEPT_MS = 30 * 86_400_000;

function open(t: TestContext) {
  const db = openSqlite(join(tempDir(t), "requests.db"));
  t.after(() => db.close());
  const clock = { now: 1_000_000 };
  const responses = createResponses({ db, now: () => clock.now, days: 30 });
  const put = (id: string, previous?: string, owner = "key_a"): boolean =>
    responses.put({ owner, response: responseOf(id, previous), input: [{ id: `in_${id}` }] });
  const count = (): number => db.prepare("SELECT count(*) FROM responses").pluck().get() as number;
  return { db, clock, responses, put, count };
}

function responseOf(id: string, previous?: string, more: object = {}): Response {
  return {
    ...{ id, object: "response", created_at: 1, status: "completed", model: "m" },
    output: [{ id: `out_${id}` }],
    previous_response_id: previous ?? null,
    ...more,
  };
}

/** Kind and param of what is thrown. */
function faultOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    assert.ok(error instanceof BrokerError, String(error));
    return `${error.kind} ${error.facts.param}`;
  }
}

describe("a kept response", () => {
  test("is read as it was put, by whom it belongs to and by administrators alone", (t) => {
    const { responses, put } = open(t);
    assert.equal(put("resp_1"), true);
    assert.deepEqual(responses.get("resp_1", "key_a"), responseOf("resp_1"));
    assert.deepEqual(responses.get("resp_1", undefined), responseOf("resp_1"));
    const unseen = ["response_not_found response_id", "response_not_found previous_response_id"];
    for (const [id, reader] of [
      ["resp_1", "key_b"],
      ["resp_2", "key_a"],
    ] as const) {
      assert.equal(
        faultOf(() => responses.get(id, reader)),
        unseen[0],
      );
      assert.equal(
        faultOf(() => responses.asked(id, reader)),
        unseen[0],
      );
      assert.equal(
        faultOf(() => responses.delete(id, reader)),
        unseen[0],
      );
      assert.equal(
        faultOf(() => responses.chain(id, reader)),
        unseen[1],
      );
    }
    assert.deepEqual(responses.asked("resp_1", "key_a"), { input: [{ id: "in_resp_1" }], previous: undefined });
  });

  test("that was deleted or is too old is not there", (t) => {
    const { responses, put, clock } = open(t);
    put("resp_1");
    put("resp_2");
    responses.delete("resp_1", "key_a");
    assert.equal(
      faultOf(() => responses.get("resp_1", "key_a")),
      "response_not_found response_id",
    );
    clock.now += KEPT_MS - 1;
    responses.get("resp_2", "key_a");
    clock.now += 1;
    for (const action of [() => responses.get("resp_2", undefined), () => responses.delete("resp_2", undefined)]) {
      assert.equal(faultOf(action), "response_not_found response_id");
    }
  });

  test("that is too large is not kept", (t) => {
    const { responses, count } = open(t);
    const half = "x".repeat(MAX_RESPONSE_CHARS / 2);
    const entry = { owner: "key_a", response: responseOf("resp_1", undefined, { instructions: half }) };
    assert.equal(responses.put({ ...entry, input: [{ text: half }] }), false);
    assert.equal(count(), 0);
    assert.equal(responses.put({ ...entry, input: [] }), true);
  });
});

describe("a chain", () => {
  test("is everything asked and answered, oldest first", (t) => {
    const { responses, put } = open(t);
    put("resp_1");
    put("resp_2", "resp_1");
    put("resp_3", "resp_2");
    put("resp_x", "resp_1");
    assert.deepEqual(
      responses.chain("resp_3", "key_a").map(({ id }) => id),
      ["in_resp_1", "out_resp_1", "in_resp_2", "out_resp_2", "in_resp_3", "out_resp_3"],
    );
  });

  test("with a link that is gone, or another's, is not there", (t) => {
    const { responses, put } = open(t);
    put("resp_1");
    put("resp_2", "resp_1");
    put("resp_3", "resp_2", "admin");
    const fault = "response_not_found previous_response_id";
    assert.equal(
      faultOf(() => responses.chain("resp_3", "key_a")),
      fault,
    );
    assert.equal(responses.chain("resp_3", undefined).length, 6);
    responses.delete("resp_1", "key_a");
    assert.equal(
      faultOf(() => responses.chain("resp_2", "key_a")),
      fault,
    );
    responses.get("resp_2", "key_a");
  });

  test("has bounds: how many, and how much", (t) => {
    const { db, responses, put } = open(t);
    db.transaction(() => {
      for (let i = 0; i <= MAX_CHAIN; i++) put(`resp_${i}`, i === 0 ? undefined : `resp_${i - 1}`);
    })();
    assert.equal(responses.chain(`resp_${MAX_CHAIN - 1}`, "key_a").length, 2 * MAX_CHAIN);
    const fault = "invalid_params /previous_response_id";
    assert.equal(
      faultOf(() => responses.chain(`resp_${MAX_CHAIN}`, "key_a")),
      fault,
    );
    const input = [{ text: "x".repeat(MAX_RESPONSE_CHARS - 10_000) }];
    for (let i = 0; i < 3; i++) {
      responses.put({ owner: "key_a", response: responseOf(`big_${i}`, i === 0 ? undefined : `big_${i - 1}`), input });
    }
    assert.equal(responses.chain("big_1", "key_a").length, 4);
    assert.equal(
      faultOf(() => responses.chain("big_2", "key_a")),
      fault,
    );
  });
});

test("a sweep removes what is too old, some rows at a time, and nothing else", async (t) => {
  const { responses, put, clock, count } = open(t);
  for (let i = 0; i < 45; i++) put(`old_${i}`);
  clock.now += KEPT_MS;
  put("new_1");
  assert.equal(await responses.sweep(), 45);
  assert.equal(count(), 1);
  assert.equal(await responses.sweep(), 0);
});

test("a sweep ends where the database is closed meanwhile", async (t) => {
  const { db, responses, put, clock } = open(t);
  for (let i = 0; i < 45; i++) put(`old_${i}`);
  clock.now += KEPT_MS;
  const sweeping = responses.sweep();
  db.close();
  assert.equal(await sweeping, 20);
});

test("a database that fails is storage_unavailable", (t) => {
  const { db, responses, put } = open(t);
  db.close();
  for (const action of [
    () => put("resp_1"),
    () => responses.get("resp_1", "key_a"),
    () => responses.chain("resp_1", "key_a"),
    () => responses.delete("resp_1", "key_a"),
  ]) {
    assert.equal(faultOf(action), "storage_unavailable undefined");
  }
});

test("where responses are kept for no day, none is", (t) => {
  const { db } = open(t);
  const responses = createResponses({ db, now: () => 1_000_000, days: 0 });
  assert.equal(responses.put({ owner: "key_a", response: responseOf("resp_0"), input: [] }), false);
  assert.throws(() => responses.get("resp_0", "key_a"), { kind: "response_not_found" });
});
