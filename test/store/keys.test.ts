// Issued keys on real files: what is found by a secret and when no longer, in this broker and in another one on the same
// file; what stands in the database; what a database that fails looks like.

import assert from "node:assert/strict";
import { hash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Budget } from "../../src/core/budget.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { KeySettings, Keys } from "../../src/core/key.ts";
import { fromUsd } from "../../src/core/money.ts";
import { newKeyId, newSecret } from "../../src/store/key-secret.ts";
import { createKeys } from "../../src/store/keys.ts";
import { openSqlite } from "../../src/store/sqlite.ts";
import { seeded } from "../support/random.ts";
import { tempDir } from "../support/temp.ts";

const NO_LIMITS = { requestsPerMinute: undefined, tokensPerMinute: undefined, concurrency: undefined };
const BUDGET: Budget = { limit: fromUsd(50), period: "month", reset: "calendar", alert: 0.8 };
const PLAIN: KeySettings = {
  name: "ci",
  models: undefined,
  tools: undefined,
  budgets: [],
  limits: NO_LIMITS,
  labels: {},
  expiresAt: undefined,
};

const sha256 = (text: string): string => hash("sha256", text);
const kindOf = (action: () => unknown): string => {
  try {
    action();
    return "no error";
  } catch (error) {
    assert.ok(error instanceof BrokerError, String(error));
    return error.kind;
  }
};

/** A broker's keys on a file, with a clock that stands still until it is set. */
function open(t: TestContext, path = join(tempDir(t), "requests.db")) {
  const db = openSqlite(path);
  t.after(() => db.close());
  const clock = { now: 1_000_000 };
  const keys = createKeys({ db, now: () => clock.now, randomBytes });
  const good = (secret: string): boolean => keys.find(sha256(secret)) !== undefined;
  return { path, db, clock, keys, good };
}

/** Two brokers on one file. */
function pair(t: TestContext) {
  const one = open(t);
  return { one, other: open(t, one.path) };
}

describe("a new key", () => {
  test("has a secret of 43 letters in our format, and a name of its own", (t) => {
    const { keys } = open(t);
    const made = Array.from({ length: 50 }, () => keys.create(PLAIN));
    for (const { key, secret } of made) {
      assert.match(secret, /^sk-ab-[A-Za-z0-9]{43}$/);
      assert.match(key.id, /^key_[A-Za-z0-9]{16}$/);
      assert.equal(key.last4, secret.slice(-4));
    }
    assert.equal(new Set(made.map(({ secret }) => secret)).size, 50);
    assert.equal(new Set(made.map(({ key }) => key.id)).size, 50);
  });

  test("is found by its secret's digest, with all that was set, in this broker and after a restart", (t) => {
    const { keys, path, clock } = open(t);
    const settings: KeySettings = {
      name: "ci",
      models: ["gpt4o", "claude-*"],
      tools: [],
      budgets: [BUDGET],
      limits: { requestsPerMinute: 60, tokensPerMinute: 90_000, concurrency: 4 },
      labels: { team: "build" },
      expiresAt: clock.now + 1,
    };
    const { key, secret } = keys.create(settings);
    const { id, last4: _, createdAt, revokedAt, rotatedAt, previousValidUntil, ...rest } = key;
    assert.deepEqual(rest, settings);
    assert.deepEqual(
      [revokedAt, rotatedAt, previousValidUntil, createdAt],
      [undefined, undefined, undefined, clock.now],
    );
    assert.deepEqual(keys.find(sha256(secret)), key);
    assert.deepEqual(open(t, path).keys.find(sha256(secret)), key);
    assert.deepEqual(keys.get(id), key);
  });

  test("leaves no secret in any file", (t) => {
    const { keys, path } = open(t);
    const { key, secret } = keys.create(PLAIN);
    const rotated = keys.rotate(key.id, 1000);
    const files = readdirSync(dirname(path)).map((name) => readFileSync(join(dirname(path), name), "latin1"));
    assert.ok(files.some((text) => text.includes(sha256(secret))));
    for (const text of files) {
      assert.ok(!text.includes(secret.slice(6)) && !text.includes(rotated.secret.slice(6)));
    }
  });

  test("draws every letter equally often", () => {
    const random = seeded(7);
    const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
    const counts = new Map<string, number>();
    const draws = 3000;
    for (let i = 0; i < draws; i++) {
      for (const letter of newSecret(bytes).slice(6)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    assert.equal(counts.size, 62);
    // A plain remainder would draw eight letters a quarter more often.
    const fair = (draws * 43) / 62;
    for (const [letter, count] of counts)
      assert.ok(Math.abs(count / fair - 1) < 0.12, `${letter}: ${count} of ${fair}`);
  });

  test("passes over bytes that would favour some letters", () => {
    assert.equal(
      newKeyId((size) => Uint8Array.from({ length: size }, (_, i) => [255, 0, 248, 247][i % 4] ?? 0)),
      "key_0z0z0z0z0z0z0z0z",
    );
  });
});

describe("a key is good no longer", () => {
  test("once it is revoked, for good; revoking again changes nothing", (t) => {
    const { keys, clock, good } = open(t);
    const { key, secret } = keys.create(PLAIN);
    assert.equal(good(secret), true);
    const revoked = keys.revoke(key.id);
    assert.equal(revoked.revokedAt, clock.now);
    assert.equal(good(secret), false);
    clock.now += 1;
    assert.deepEqual(keys.revoke(key.id), revoked);
    for (const change of [() => keys.update(key.id, { name: "new" }), () => keys.rotate(key.id, 1000)]) {
      assert.equal(kindOf(change), "invalid_request");
    }
    assert.equal(good(secret), false);
  });

  test("from the moment it expires, and again once that is moved", (t) => {
    const { keys, clock, good } = open(t);
    const { key, secret } = keys.create({ ...PLAIN, expiresAt: clock.now + 10 });
    clock.now += 9;
    assert.equal(good(secret), true);
    clock.now += 1;
    assert.equal(good(secret), false);
    keys.update(key.id, { expiresAt: undefined });
    assert.equal(good(secret), true);
  });

  test("by its old secret after a rotation, at once or when the grace is over", (t) => {
    const { keys, clock, good } = open(t);
    const { key, secret: first } = keys.create(PLAIN);
    const { secret: second } = keys.rotate(key.id, 0);
    assert.deepEqual([first, second].map(good), [false, true]);
    const { key: rotated, secret: third } = keys.rotate(key.id, 500);
    assert.equal(rotated.id, key.id);
    assert.equal(rotated.last4, third.slice(-4));
    assert.equal(rotated.previousValidUntil, clock.now + 500);
    assert.deepEqual([first, second, third].map(good), [false, true, true]);
    clock.now += 500;
    assert.deepEqual([first, second, third].map(good), [false, false, true]);
  });

  test("by either secret when it is revoked in the time of grace", (t) => {
    const { keys, good } = open(t);
    const { key, secret } = keys.create(PLAIN);
    const rotated = keys.rotate(key.id, 1000);
    keys.revoke(key.id);
    assert.deepEqual([secret, rotated.secret].map(good), [false, false]);
  });

  test("and was never good under a digest that nobody has", (t) => {
    const { keys } = open(t);
    for (const digest of ["", "constructor", "__proto__", sha256("sk-ab-nobody")]) {
      assert.equal(keys.find(digest), undefined);
    }
  });
});

describe("changes", () => {
  test("replace what they name and nothing else; an explicit nothing takes away", (t) => {
    const { keys } = open(t);
    const { key } = keys.create({ ...PLAIN, models: ["a"], budgets: [BUDGET], labels: { team: "x" } });
    const renamed = keys.update(key.id, { name: "new" });
    assert.deepEqual(renamed, { ...key, name: "new" });
    assert.deepEqual(keys.update(key.id, { models: undefined, labels: {} }), {
      ...renamed,
      models: undefined,
      labels: {},
    });
    assert.deepEqual(keys.get(key.id), { ...renamed, models: undefined, labels: {} });
  });

  test("make a new record: who holds the old one sees no change", (t) => {
    const { keys } = open(t);
    const { key, secret } = keys.create(PLAIN);
    const held = keys.find(sha256(secret));
    keys.update(key.id, { name: "new" });
    assert.equal(held?.name, "ci");
    assert.equal(keys.find(sha256(secret))?.name, "new");
  });

  test("of a key that is not there name the key", (t) => {
    const { keys } = open(t);
    const actions: ((keys: Keys) => unknown)[] = [
      () => keys.get("key_x"),
      () => keys.update("key_x", { name: "n" }),
      () => keys.rotate("key_x", 0),
      () => keys.revoke("key_x"),
      () => keys.list({ all: true, limit: 1, after: "key_x" }),
    ];
    for (const action of actions)
      assert.equal(
        kindOf(() => action(keys)),
        "key_not_found",
      );
  });
});

describe("another broker on the same file", () => {
  test("sees every change with the next turn of the event loop", async (t) => {
    const { one, other } = pair(t);
    const { key, secret } = one.keys.create(PLAIN);
    assert.equal(other.good(secret), true);
    one.keys.update(key.id, { name: "new" });
    await nextTurn();
    assert.equal(other.keys.find(sha256(secret))?.name, "new");
    const rotated = other.keys.rotate(key.id, 0);
    await nextTurn();
    assert.deepEqual([one.good(secret), one.good(rotated.secret)], [false, true]);
    one.keys.revoke(key.id);
    await nextTurn();
    assert.equal(other.good(rotated.secret), false);
  });

  test("sees them between its own writes to the same database", (t) => {
    const { one, other } = pair(t);
    const { key, secret } = one.keys.create(PLAIN);
    const mine = other.keys.create(PLAIN);
    assert.equal(other.good(secret), true);
    one.keys.revoke(key.id);
    other.keys.update(mine.key.id, { name: "written after the other's revocation, before any look" });
    assert.equal(other.good(secret), false);
    assert.equal(other.good(mine.secret), true);
  });

  test("can't bring back what was revoked by changing what it knew", async (t) => {
    const { one, other } = pair(t);
    const { key, secret } = one.keys.create(PLAIN);
    assert.equal(other.good(secret), true);
    one.keys.revoke(key.id);
    assert.equal(
      kindOf(() => other.keys.update(key.id, { name: "new" })),
      "invalid_request",
    );
    await nextTurn();
    assert.deepEqual([one.good(secret), other.good(secret)], [false, false]);
  });
});

describe("the list", () => {
  test("is the newest first, in pages, without those that are no longer good unless asked for", (t) => {
    const { keys, clock } = open(t);
    const [a = "", b = "", c = "", d = ""] = ["a", "b", "c", "d"].map(
      (name) => keys.create({ ...PLAIN, name, expiresAt: name === "b" ? clock.now + 5 : undefined }).key.id,
    );
    keys.revoke(c);
    clock.now += 5;
    const ids = (page: Partial<Parameters<Keys["list"]>[0]>): string[] =>
      keys.list({ all: false, limit: 10, after: undefined, ...page }).map(({ id }) => id);
    assert.deepEqual(ids({}), [d, a]);
    assert.deepEqual(ids({ all: true }), [d, c, b, a]);
    assert.deepEqual(ids({ all: true, limit: 2 }), [d, c]);
    assert.deepEqual(ids({ all: true, limit: 2, after: c }), [b, a]);
    assert.deepEqual(ids({ after: d }), [a]);
    assert.deepEqual(ids({ after: a }), []);
  });
});

describe("a database that fails", () => {
  test("is storage_unavailable for every look and change, never a key", (t) => {
    const { keys, db } = open(t);
    const { key, secret } = keys.create(PLAIN);
    db.close();
    const actions = [
      () => keys.find(sha256(secret)),
      () => keys.get(key.id),
      () => keys.list({ all: true, limit: 1, after: undefined }),
      () => keys.create(PLAIN),
      () => keys.update(key.id, { name: "n" }),
      () => keys.rotate(key.id, 0),
      () => keys.revoke(key.id),
    ];
    for (const action of actions) assert.equal(kindOf(action), "storage_unavailable");
  });

  test("that another process has locked refuses changes, and serves looks on", (t) => {
    const { one, other } = pair(t);
    const { key, secret } = one.keys.create(PLAIN);
    one.db.pragma("busy_timeout = 1");
    other.db.exec("BEGIN IMMEDIATE");
    assert.equal(
      kindOf(() => one.keys.revoke(key.id)),
      "storage_unavailable",
    );
    assert.equal(one.good(secret), true, "the revocation was not answered, so it does not hold");
    other.db.exec("ROLLBACK");
    one.keys.revoke(key.id);
    assert.equal(one.good(secret), false);
  });

  test("refuses a row that no broker could have written", (t) => {
    const { keys, db } = open(t);
    const { key } = keys.create(PLAIN);
    assert.throws(() => db.prepare("UPDATE keys SET budgets = '[' WHERE id = ?").run(key.id), /CHECK/);
    assert.throws(() => db.prepare("UPDATE keys SET created_at = 'now' WHERE id = ?").run(key.id), /TEXT|INTEGER/);
  });
});
