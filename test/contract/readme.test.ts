// The README is true: what it names exists, every room is in its table, and it stays short.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../scripts/generate/document.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

test("every path that the README or CONTRIBUTING names is there", () => {
  const text = readme + readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const named = [...text.matchAll(/`((?:src|test|scripts|docs)\/[\w./-]*)`/g)].map(([, path]) => path ?? "");
  assert.ok(named.length > 20);
  assert.deepEqual(
    named.filter((path) => !existsSync(join(ROOT, path))),
    [],
    "these are gone: say where it lives now",
  );
});

test("every room of src has its row", () => {
  const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const missing = rooms.filter(({ name }) => name !== "cli" && !readme.includes(`| \`src/${name}/\` |`));
  assert.deepEqual(missing, [], "add them to the table of rooms");
});

test("it has at most 200 lines", () => {
  assert.ok(readme.split("\n").length <= 201);
});
