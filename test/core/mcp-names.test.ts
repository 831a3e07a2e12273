// Names of tools as callers see them: for thousands of names that servers might give, the same promises.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { aliasOf, serverSlug } from "../../src/core/mcp-names.ts";
import { pick, seeded } from "../support/random.ts";

const ALLOWED = /^[a-zA-Z0-9_-]{1,64}$/;

describe("names that can stay as they are do", () => {
  for (const [server, tool, alias] of [
    ["files", "read", "files__read"],
    ["my-server", "get_connection", "my-server__get_connection"],
    ["a", "_private", "a___private"],
    ["a", "b__c", "a__b__c"],
    ["a_b", "x", "a_b__x"],
  ] as const) {
    test(alias, () => assert.equal(aliasOf(serverSlug(server), tool), alias));
  }
});

describe("names that can't are changed, always to the same", () => {
  for (const [server, tool, expected] of [
    ["my server", "read", /^my-server--[0-9a-z]{10}__read$/],
    ["a__b", "read", /^a_b--[0-9a-z]{10}__read$/],
    ["a_", "read", /^a--[0-9a-z]{10}__read$/],
    ["files", "read/all", /^files__read-all--[0-9a-z]{10}$/],
    ["files", "", /^files__--[0-9a-z]{10}$/],
    ["files", "日本", /^files__----[0-9a-z]{10}$/],
    ["files", "x".repeat(200), /^files__x{45}--[0-9a-z]{10}$/],
    ["s".repeat(64), "read", /^s{18}--[0-9a-z]{10}__read$/],
    ["files", "looks--0123456789", /^files__looks--0123456789--[0-9a-z]{10}$/],
  ] as const) {
    test(`${server.slice(0, 20)} ${tool.slice(0, 20)}`, () => {
      const alias = aliasOf(serverSlug(server), tool);
      assert.match(alias, expected);
      assert.match(alias, ALLOWED);
      assert.equal(aliasOf(serverSlug(server), tool), alias);
    });
  }

  test("which are pinned: a new hash would rename tools that keys and prompts name", () => {
    assert.equal(serverSlug("my server"), "my-server--eu01k1vz29");
    assert.equal(aliasOf("files", "read/all"), "files__read-all--hc6r7grcvp");
  });
});

test("of thousands of random names every alias is allowed, its own, and leads back to its server", () => {
  const random = seeded(20_261_121);
  const letters = [..."abzAZ09_-__ ./:é日😀", "__", "--0123456789", "-", "tool"];
  const nameOf = (most: number): string =>
    Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(random, letters))
      .join("")
      .slice(0, most);
  const servers = new Map<string, string>();
  while (servers.size < 60) {
    const name = nameOf(64);
    servers.set(serverSlug(name), name);
  }
  assert.equal(new Set(servers.values()).size, servers.size);
  const aliases = new Map<string, string>();
  for (const slug of servers.keys()) {
    const tools = new Set(Array.from({ length: 300 }, () => nameOf(pick(random, [8, 40, 200]))));
    for (const tool of tools) {
      const alias = aliasOf(slug, tool);
      assert.match(alias, ALLOWED, `${slug} ${tool}`);
      assert.equal(alias.slice(0, alias.indexOf("__")), slug, `${alias}: the first __ ends the server's name`);
      const mine = JSON.stringify([slug, tool]);
      assert.ok((aliases.get(alias) ?? mine) === mine, `${alias} is ${mine} and ${aliases.get(alias)}`);
      aliases.set(alias, mine);
    }
  }
  assert.ok(aliases.size > 10_000);
});

test("names that differ in their last letters, their case, or what had to be replaced stay apart", () => {
  const stem = "x".repeat(100);
  const tools = Array.from({ length: 20_000 }, (_, at) => `${stem}${at}`);
  tools.push("a b", "a/b", "a.b", "a-b", "A-b", "a--b", "a b ", " a b");
  assert.equal(new Set(tools.map((tool) => aliasOf("s", tool))).size, tools.length);
});
