// The start-up cookie: for its owner alone, whole at any moment, removed only while it is still ours.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Cookie, createCookie } from "../../src/config/cookie.ts";
import { tempDir } from "../support/temp.ts";

const secret = (letter: string) => letter.repeat(43);

function writeCookie(folder: string, value: string): Cookie {
  const cookie = createCookie(folder, value);
  cookie.write();
  return cookie;
}

test("a cookie is a file of its owner alone that holds the secret", (t) => {
  const folder = tempDir(t);
  const cookie = writeCookie(folder, secret("a"));
  assert.equal(cookie.path, join(folder, "admin.cookie"));
  assert.equal(statSync(cookie.path).mode & 0o777, 0o600);
  assert.equal(readFileSync(cookie.path, "utf8").trim(), cookie.secret.reveal());
  assert.equal(cookie.secret.reveal(), "a".repeat(43));
  assert.deepEqual(readdirSync(folder), ["admin.cookie"]);
});

test("a new start replaces it, whatever its mode was", (t) => {
  const folder = tempDir(t);
  writeFileSync(join(folder, "admin.cookie"), "old", { mode: 0o644 });
  const cookie = writeCookie(folder, secret("b"));
  assert.equal(readFileSync(cookie.path, "utf8").trim(), "b".repeat(43));
  assert.equal(statSync(cookie.path).mode & 0o777, 0o600);
});

test("a clean end removes it, and twice does no harm", (t) => {
  const cookie = writeCookie(tempDir(t), secret("a"));
  cookie.remove();
  assert.ok(!existsSync(cookie.path));
  cookie.remove();
});

test("the cookie of another process is left alone", (t) => {
  const folder = tempDir(t);
  const first = writeCookie(folder, secret("a"));
  const second = writeCookie(folder, secret("b"));
  first.remove();
  assert.equal(readFileSync(second.path, "utf8").trim(), "b".repeat(43));
});
