// docs/compat.md claims what the tests of the compatibility table are named after, each of them and nothing else. That they
// pass is for those tests to say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { compatPage, compatTable } from "../../scripts/docs/compat.ts";
import { ROOT } from "../../scripts/generate/document.ts";
import { CLIENTS } from "../compat/matrix/clients.ts";
import { CAPABILITIES, TRANSPORTS } from "../compat/matrix/door.ts";

describe("docs/compat.md", () => {
  test("says of every test that it passes, with the versions that are installed", () => {
    const page = readFileSync(join(ROOT, "docs/compat.md"), "utf8");
    assert.equal(
      page,
      compatPage(() => true),
      "run `node scripts/compat-table.ts --write` and commit the result",
    );
  });

  test("would not say it of one that has not passed", () => {
    const [first = assert.fail()] = CLIENTS;
    const table = compatTable((name) => name !== `${first.name} | chat | TCP`);
    assert.notEqual(
      table,
      compatTable(() => true),
    );
    assert.match(
      compatTable(() => false),
      /failed/,
    );
  });

  test("covers each client that the broker promises, all that it can do, on every way in", () => {
    assert.deepEqual(
      CLIENTS.map(({ name }) => name),
      ["openai", "openai, responses", "@anthropic-ai/sdk", "ai, @ai-sdk/openai-compatible", "@langchain/openai"],
    );
    for (const { does } of CLIENTS) {
      const lacks = CAPABILITIES.filter((capability) => !does[capability]);
      assert.deepEqual(
        lacks.filter((capability) => !["embeddings", "audio"].includes(capability)),
        [],
      );
    }
    assert.deepEqual(TRANSPORTS, ["TCP", "Unix socket"]);
  });
});
