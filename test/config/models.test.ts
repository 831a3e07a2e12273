// The configuration in force: reloads are whole or not at all, a file that is replaced is seen, discovery widens it.

import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { describe, type TestContext, test } from "node:test";
import { readEnv } from "../../src/config/env.ts";
import { type ModelsDeps, openModels } from "../../src/config/models.ts";
import { BrokerError } from "../../src/core/errors.ts";
import type { DiscoveredModel } from "../../src/core/provider.ts";
import type { ReloadDiff } from "../../src/generated/types.ts";
import { validateError } from "../support/document.ts";
import { tempFile } from "../support/temp.ts";

const yaml = (...models: readonly string[]): string =>
  `models:\n${models.map((each) => `  ${each.replace(/^([^,]+)(.*)$/, "$1: { backends: [{ provider: openai, model_id: x }]$2 }")}\n`).join("")}`;
const FIRST = `${yaml("a", "b", "c")}`;

function setup(t: TestContext, more: Partial<ModelsDeps> = {}, text = FIRST) {
  const path = tempFile(t, "models.yml", text);
  let clock = 100;
  const models = openModels({
    path,
    env: readEnv({ OPENAI_API_KEY: "k" }),
    now: () => clock++,
    ask: () => undefined,
    ...more,
  });
  t.after(() => models.close());
  return { models, path, write: (content: string) => writeFileSync(path, content) };
}

const ids = (models: { catalogue: { models: readonly { id: string }[] } }): string[] =>
  models.catalogue.models.map(({ id }) => id);

describe("opening", () => {
  test("loads the file", (t) => {
    const { models, path } = setup(t);
    assert.deepEqual(ids(models), ["a", "b", "c"]);
    assert.deepEqual([models.path, models.loadedAt, models.fault], [path, 100, undefined]);
  });

  test("refuses a faulty first file", (t) => {
    assert.throws(() => setup(t, {}, "models: ["), { kind: "config_invalid" });
  });
});

describe("reload", () => {
  test("tells what came, went and changed", (t) => {
    const { models, write } = setup(t);
    write(yaml("a", "b, tier: free", "d"));
    assert.deepEqual(models.reload(), { models: 3, added: ["d"], removed: ["c"], changed: ["b"] });
    assert.deepEqual(ids(models), ["a", "b", "d"]);
    assert.equal(models.loadedAt, 101);
    assert.deepEqual(models.reload(), { models: 3, added: [], removed: [], changed: [] });
  });

  test("of a faulty file changes nothing but the fault, and a good one clears it", (t) => {
    const { models, write, path } = setup(t);
    const before = models.catalogue;
    for (const bad of [
      yaml("a", "b, tier: best"),
      "models: [",
      "",
      "models: { x: { backends: [{ provider: no, model_id: x }] } }",
    ]) {
      write(bad);
      assert.throws(
        () => models.reload(),
        (error) => {
          assert.ok(error instanceof BrokerError && error.kind === "config_invalid");
          assert.equal(models.fault, error.message);
          return true;
        },
      );
      assert.equal(models.catalogue, before, "the very same catalogue serves on");
      assert.equal(models.loadedAt, 100);
    }
    rmSync(path);
    assert.throws(() => models.reload(), { kind: "config_invalid", message: /ENOENT/ });
    write(yaml("a"));
    assert.deepEqual(models.reload(), { models: 1, added: [], removed: ["b", "c"], changed: [] });
    assert.equal(models.fault, undefined);
  });

  test("compares with the last good file, not with the faulty one", (t) => {
    const { models, write } = setup(t);
    write("models: [");
    assert.throws(() => models.reload());
    write(FIRST);
    assert.deepEqual(models.reload(), { models: 3, added: [], removed: [], changed: [] });
  });

  test("leaves a catalogue that a call holds as it was", (t) => {
    const { models, write } = setup(t);
    const held = models.catalogue;
    write(yaml("z"));
    models.reload();
    assert.deepEqual(
      held.models.map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.ok(held.byName.has("a") && !models.catalogue.byName.has("a"));
  });

  test("counts models called like members of every object", (t) => {
    const { models, write } = setup(t);
    write(yaml("a", "b", "c", "constructor", "toString"));
    assert.deepEqual(models.reload().added, ["constructor", "toString"]);
  });
});

/** Acts, again and again: the watcher's first look at the file comes at a time of its own. */
async function until<T>(seen: Promise<T>, act: () => void): Promise<T> {
  act();
  const timer = setInterval(act, 700);
  try {
    return await seen;
  } finally {
    clearInterval(timer);
  }
}

describe("watch", () => {
  /** Outcomes as they come. */
  function watched(t: TestContext) {
    const made = setup(t);
    let resolve: (outcome: ReloadDiff | BrokerError) => void = () => {};
    const arm = (): Promise<ReloadDiff | BrokerError> =>
      new Promise((done) => {
        resolve = done;
      });
    const next = arm();
    made.models.watch((outcome) => resolve(outcome));
    return { ...made, next, arm };
  }

  test("sees a file that is replaced by a new one, as editors do", { timeout: 20_000 }, async (t) => {
    const { models, path, next } = watched(t);
    const replaced = until(next, () => {
      writeFileSync(`${path}.new`, yaml("a", "b", "c", "d"));
      renameSync(`${path}.new`, path);
    });
    assert.deepEqual(await replaced, { models: 4, added: ["d"], removed: [], changed: [] });
    assert.ok(models.catalogue.byName.has("d"));
  });

  test("tells a fault, and then that it is mended", { timeout: 20_000 }, async (t) => {
    const { models, write, next, arm } = watched(t);
    const fault = await until(next, () => write("models: ["));
    assert.ok(fault instanceof BrokerError);
    validateError({ code: fault.code, message: fault.message, data: { kind: fault.kind, retryable: fault.retryable } });
    assert.deepEqual(ids(models), ["a", "b", "c"]);
    const mended = until(arm(), () => write(yaml("a")));
    assert.deepEqual(await mended, { models: 1, added: [], removed: ["b", "c"], changed: [] });
    assert.equal(models.fault, undefined);
  });
});

describe("discover", () => {
  const LLAMA: DiscoveredModel = { modelId: "llama", capabilities: [] };

  test("adds what providers tell, and a reload keeps it", async (t) => {
    const { models, write } = setup(t, {
      ask: ({ name }) => (name === "ollama" ? Promise.resolve([LLAMA]) : undefined),
    });
    assert.deepEqual(ids(models), ["a", "b", "c"]);
    await models.discover();
    assert.deepEqual(ids(models), ["a", "b", "c", "ollama/llama"]);
    write(yaml("a"));
    models.reload();
    assert.deepEqual(ids(models), ["a", "ollama/llama"]);
  });

  test("survives a provider that is absent, and says so until it is there", async (t) => {
    let present = false;
    const ask: ModelsDeps["ask"] = ({ name }) =>
      name !== "ollama" ? undefined : present ? Promise.resolve([LLAMA]) : Promise.reject(new Error("ECONNREFUSED"));
    const { models } = setup(t, { ask });
    const missing = (): string | undefined => models.catalogue.providers.find(({ name }) => name === "ollama")?.missing;
    await models.discover();
    assert.match(missing() ?? "", /^ollama running at http:\/\/localhost:11434$/);
    present = true;
    await models.discover();
    assert.equal(missing(), undefined);
    assert.ok(models.catalogue.byName.has("ollama/llama"));
    present = false;
    await models.discover();
    assert.ok(!models.catalogue.byName.has("ollama/llama"));
  });

  test("that finds the same keeps the catalogue", async (t) => {
    const { models } = setup(t, {
      ask: ({ name }) => (name === "ollama" ? Promise.resolve([{ ...LLAMA }]) : undefined),
    });
    await models.discover();
    const before = models.catalogue;
    await models.discover();
    assert.equal(models.catalogue, before);
  });
});
