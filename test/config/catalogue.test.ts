// From file, environment and discovery to the catalogue that routing reads.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buildCatalogues, type Discovered } from "../../src/config/catalogue.ts";
import { readEnv, type Vars } from "../../src/config/env.ts";
import { parseModels } from "../../src/config/models-file.ts";
import { isUsable, isUsableModel, type ProviderEntry } from "../../src/core/model.ts";

const NOTHING: Discovered = new Map();

function catalogue(yaml: string, vars: Vars = {}, discovered = NOTHING) {
  return buildCatalogues(parseModels(yaml, "m.yml"), readEnv(vars), discovered).chat;
}

function provider(name: string, vars: Vars = {}, yaml = "models: {}", discovered = NOTHING): ProviderEntry {
  const entry = catalogue(yaml, vars, discovered).providers.find((each) => each.name === name);
  assert.ok(entry, name);
  return entry;
}

describe("a provider", () => {
  test("with keys has one label a key, in order, and is usable", () => {
    const { keys, missing } = provider("openai", { OPENAI_API_KEYS: "a,b" });
    assert.deepEqual(
      keys.map(({ label, secret }) => [label, secret?.reveal()]),
      [
        ["openai-0", "a"],
        ["openai-1", "b"],
      ],
    );
    assert.equal(missing, undefined);
  });

  test("without a key says which variable it lacks", () => {
    const entry = provider("anthropic");
    assert.equal(isUsable(entry), false);
    assert.equal(entry.missing, "ANTHROPIC_API_KEY");
    assert.equal(entry.keys.length, 1, "there is always a key to make a target of");
    assert.equal(entry.keys[0]?.secret, undefined);
  });

  test("that needs no key is usable without one, and uses one that is given", () => {
    assert.equal(provider("ollama").missing, undefined);
    assert.deepEqual(provider("ollama").keys, [{ label: "ollama", secret: undefined }]);
    assert.equal(provider("vllm", { VLLM_API_KEY: "k" }).keys[0]?.secret?.reveal(), "k");
  });

  test("that was asked and did not answer says what is not running", () => {
    const entry = provider(
      "ollama",
      { OLLAMA_BASE_URL: "http://h:1/" },
      "models: {}",
      new Map([["ollama", undefined]]),
    );
    assert.equal(entry.missing, "ollama running at http://h:1");
  });

  test("takes its address from the environment, else the file, else what is built in", () => {
    const yaml = "providers: { openai: { base_url: 'http://file/v1/' } }\nmodels: {}";
    assert.equal(provider("openai").baseUrl, "https://api.openai.com/v1");
    assert.equal(provider("openai", {}, yaml).baseUrl, "http://file/v1");
    assert.equal(provider("openai", { OPENAI_BASE_URL: "http://env/" }, yaml).baseUrl, "http://env");
  });

  test("of one's own is an OpenAI-compatible one with a key, unless said otherwise", () => {
    const yaml = "providers: { my-corp: { base_url: 'http://c/v1', idle_timeout_ms: 7 } }\nmodels: {}";
    const entry = provider("my-corp", { MY_CORP_API_KEY: "k" }, yaml);
    assert.deepEqual(
      [entry.dialect, entry.auth, entry.baseUrl, entry.missing],
      ["openai", "bearer", "http://c/v1", undefined],
    );
    assert.equal(entry.timeouts.idleMs, 7);
    assert.ok(entry.timeouts.connectMs > 0 && entry.timeouts.firstByteMs > entry.timeouts.connectMs);
    assert.equal(provider("my-corp", {}, yaml).missing, "MY_CORP_API_KEY");
  });

  test("may be called as a member that every object has", () => {
    const yaml = "providers: { constructor: { base_url: 'http://c' } }\nmodels: {}";
    assert.deepEqual(
      [provider("constructor", {}, yaml).dialect, provider("constructor", {}, yaml).baseUrl],
      ["openai", "http://c"],
    );
  });

  test("with a malformed variable stops the start", () => {
    assert.throws(() => catalogue("models: {}", { GROQ_BASE_URL: "groq" }), {
      kind: "config_invalid",
      message: /^GROQ_BASE_URL /,
    });
  });
});

const YAML = `models:
  big:
    aliases: [large, huge]
    tier: premium
    quality: 90
    capabilities: [vision]
    context_window: 1000
    max_output: 100
    backends:
      - { provider: groq, model_id: second, priority: 2, input_cost: 1, output_cost: 2 }
      - { provider: openai, model_id: first, priority: 1, input_cost: 3, output_cost: 4 }
  plain:
    backends:
      - { provider: openai, model_id: a }
      - { provider: groq, model_id: b }
`;

describe("a model", () => {
  test("is found by its id and aliases", () => {
    const { byName, models } = catalogue(YAML);
    assert.deepEqual([...byName.keys()], ["big", "large", "huge", "plain"]);
    assert.equal(byName.get("large"), models[0]);
    assert.equal(byName.get("constructor"), undefined);
  });

  test("has its backends by priority, with prices", () => {
    const big = catalogue(YAML).byName.get("big");
    assert.deepEqual(
      big?.backends.map(({ modelId, priority, prices }) => [modelId, priority, prices?.inputUncached]),
      [
        ["first", 1, 3_000_000],
        ["second", 2, 1_000_000],
      ],
    );
    assert.deepEqual([big?.tier, big?.quality, big?.contextWindow, big?.maxOutput], ["premium", 90, 1000, 100]);
  });

  test("that says little gets middling values, backends in their order, and no price", () => {
    const plain = catalogue(YAML).byName.get("plain");
    assert.deepEqual(
      [plain?.displayName, plain?.tier, plain?.quality, plain?.contextWindow],
      ["plain", "standard", 50, 0],
    );
    assert.deepEqual(
      plain?.backends.map(({ modelId, priority, prices }) => [modelId, priority, prices]),
      [
        ["a", 1, undefined],
        ["b", 2, undefined],
      ],
    );
  });

  test("is usable when one of its backends is", () => {
    assert.ok(!isUsableModel(catalogue(YAML).models[0]!));
    assert.ok(isUsableModel(catalogue(YAML, { GROQ_API_KEY: "g" }).models[0]!));
  });

  test("is a demo when nothing but the embedded provider serves it", () => {
    const { models } = catalogue(`models:
  tiny: { backends: [{ provider: embedded, model_id: t, free: true }] }
  half: { backends: [{ provider: embedded, model_id: t, free: true }, { provider: openai, model_id: o }] }
`);
    assert.deepEqual(
      models.map(({ demo }) => demo),
      [true, false],
    );
  });
});

describe("discovered models", () => {
  const found: Discovered = new Map([
    [
      "ollama",
      [
        { modelId: "llama3:8b", contextWindow: 8192, capabilities: ["vision"] as const },
        { modelId: "a/b", capabilities: [] },
      ],
    ],
  ]);

  test("join the catalogue under provider/model_id, free of charge", () => {
    const { byName, models } = catalogue(YAML, {}, found);
    assert.deepEqual(
      models.map(({ id }) => id),
      ["big", "plain", "ollama/llama3:8b", "ollama/a/b"],
    );
    const llama = byName.get("ollama/llama3:8b");
    assert.deepEqual(
      [llama?.displayName, llama?.tier, llama?.contextWindow, [...(llama?.capabilities ?? [])]],
      ["llama3:8b", "free", 8192, ["streaming", "vision"]],
    );
    assert.equal(llama?.backends[0]?.prices?.inputUncached, 0);
    assert.ok(llama && isUsableModel(llama));
  });

  test("give way to what the file says", () => {
    const yaml =
      "models: { ollama/llama3:8b: { tier: economy, backends: [{ provider: ollama, model_id: 'llama3:8b' }] } }";
    const { byName, models } = catalogue(yaml, {}, found);
    assert.equal(byName.get("ollama/llama3:8b")?.tier, "economy");
    assert.equal(models.length, 2);
  });
});
