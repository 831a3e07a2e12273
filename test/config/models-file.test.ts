// modelsconfig.yml: what loads, and where exactly a fault is said to be.

import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseModels, readModelsFile } from "../../src/config/models-file.ts";
import { tempDir, tempFile } from "../support/temp.ts";
import { faultOf } from "./fault.ts";

const OWN = `models:
  m:
    backends:
      - { provider: openai, model_id: m-1 }
`;

describe("a models configuration loads", () => {
  test("as the specification shows it", () => {
    const config = parseModels(
      `models:
  gpt4o:
    display_name: "GPT-4o"
    tier: premium
    capabilities: [tool_calling, vision]
    context_window: 128000
    backends:
      - { provider: openai, model_id: gpt-4o, priority: 1, input_cost: 2.5, output_cost: 10.0 }
`,
      "seed.yml",
    );
    assert.deepEqual(config, {
      models: {
        gpt4o: {
          display_name: "GPT-4o",
          tier: "premium",
          capabilities: ["tool_calling", "vision"],
          context_window: 128000,
          backends: [{ provider: "openai", model_id: "gpt-4o", priority: 1, input_cost: 2.5, output_cost: 10 }],
        },
      },
    });
  });

  test("with the least there is", () => {
    assert.deepEqual(parseModels("models: {}", "m.yml"), { models: {} });
    parseModels(OWN, "m.yml");
  });

  test("with YAML's anchors, comments and quotes, and as JSON", () => {
    const text = `# prices
x-not: 1
`;
    assert.equal(faultOf(() => parseModels(text + OWN, "m.yml")).facts.param, "x-not");
    const anchored = `models:
  a: { backends: &same [{ provider: openai, model_id: "x:1" }] }
  'b': { backends: *same }
`;
    assert.deepEqual(parseModels(anchored, "m.yml").models.b, parseModels(anchored, "m.yml").models.a);
    parseModels(JSON.stringify(parseModels(OWN, "m.yml")), "m.yml");
  });

  test("with providers of one's own, and speech and embedding models", () => {
    parseModels(
      `providers:
  my-corp: { base_url: "http://10.0.0.1:8000/v1", auth: none, first_byte_timeout_ms: 1000 }
  openai: { idle_timeout_ms: 5 }
models:
  m: { backends: [{ provider: my-corp, model_id: m }] }
stt_models:
  m: { backends: [{ provider: groq, model_id: whisper, per_hour: 0.111 }] }
tts_models:
  m: { backends: [{ provider: openai, model_id: tts-1, per_character: 0.000015 }] }
embedding_models:
  m: { dimensions: 1536, backends: [{ provider: openai, model_id: e, input_cost: 0.02 }] }
`,
      "m.yml",
    );
  });
});

const model = (...lines: string[]): string =>
  ["models:", "  first:", "    backends: [{ provider: openai, model_id: a }]", "  m:", ...lines].join("\n");
const BACKENDS = "    backends: [{ provider: openai, model_id: b }]";

/** `line` counts from 1; `at` is the path to the fault. */
const FAULTS: readonly [name: string, source: string, line: number, at: string, reason: RegExp][] = [
  ["nothing", "", 1, "", /must be object/],
  ["a list", "- a\n- b", 1, "", /must be object/],
  ["no models", "version: 1", 1, "", /required property 'models'/],
  ["another version", "models: {}\nversion: 2", 2, "version", /must be equal to constant/],
  ["an unknown key at the top", "models: {}\n\nmodells: {}", 3, "modells", /is not known here/],
  ["an unknown key of a model", model(BACKENDS, "    colour: red"), 6, "models.m.colour", /is not known here/],
  [
    "an unknown key that holds a map",
    model("    colour:", "      a: 1", BACKENDS),
    5,
    "models.m.colour",
    /is not known here/,
  ],
  ["a prototype key", model("    __proto__: { tier: free }", BACKENDS), 5, "models.m.__proto__", /is not known here/],
  ["a merge key", model("    <<: { tier: free }", BACKENDS), 5, "models.m.<<", /is not known here/],
  [
    "an unknown key of a backend",
    model("    backends:", "      - provider: openai", "        model_id: x", "        cost: 1"),
    8,
    "models.m.backends.0.cost",
    /is not known here/,
  ],
  ["a model without backends", model("    tier: free"), 4, "models.m", /required property 'backends'/],
  ["no backend in the list", model("    backends: []"), 5, "models.m.backends", /fewer than 1/],
  [
    "a backend without model_id",
    model("    backends:", "      - provider: openai", "        model_id: b", "      - provider: groq"),
    8,
    "models.m.backends.1",
    /required property 'model_id'/,
  ],
  [
    "a price as text",
    model("    backends:", "      - { provider: openai, model_id: b,", '          input_cost: "2.5" }'),
    7,
    "models.m.backends.0.input_cost",
    /must be number/,
  ],
  [
    "a negative price",
    model("    backends:", "      - provider: openai", "        model_id: b", "        output_cost: -1"),
    8,
    "models.m.backends.0.output_cost",
    />= 0/,
  ],
  ["an unknown tier", model("    tier: best", BACKENDS), 5, "models.m.tier", /premium, standard, economy, free/],
  [
    "an unknown capability",
    model("    capabilities:", "      - vision", "      - magic", BACKENDS),
    7,
    "models.m.capabilities.1",
    /allowed values: tool_calling/,
  ],
  ["a context window of 0", model("    context_window: 0", BACKENDS), 5, "models.m.context_window", />= 1/],
  [
    "a context window in words",
    model("    context_window: 128k", BACKENDS),
    5,
    "models.m.context_window",
    /must be integer/,
  ],
  [
    "a model's name with a blank",
    "models:\n\n  'my model':\n    backends: []",
    3,
    "models.my model",
    /must match pattern/,
  ],
  ["a date that is none", "models: {}\nprices_read: yesterday", 2, "prices_read", /must match pattern/],
  [
    "a provider's name in capitals",
    "models: {}\nproviders:\n  Corp: { base_url: http://a }",
    3,
    "providers.Corp",
    /must match pattern/,
  ],
  [
    "a provider without an address",
    "models: {}\nproviders:\n  corp:\n    dialect: openai",
    3,
    "providers.corp",
    /needs a base_url/,
  ],
  [
    "an address that is none",
    "models: {}\nproviders:\n  corp:\n    base_url: corp.local",
    4,
    "providers.corp.base_url",
    /must match pattern/,
  ],
  [
    "an unknown dialect",
    "models: {}\nproviders:\n  corp: { base_url: http://a, dialect: klingon }",
    3,
    "providers.corp.dialect",
    /openai, anthropic, ollama/,
  ],
  [
    "an unknown provider",
    model("    backends:", "      - model_id: b", "        provider: nobody"),
    7,
    "models.m.backends.0.provider",
    /no provider is called "nobody"/,
  ],
  [
    "a provider that every object has",
    model("    backends: [{ provider: constructor, model_id: b }]"),
    5,
    "models.m.backends.0.provider",
    /no provider is called "constructor"/,
  ],
  [
    "an alias that is an id",
    model("    aliases: [x, first]", BACKENDS),
    4,
    "models.m",
    /"first" already names the model first/,
  ],
  [
    "an alias twice",
    "models:\n  a: { aliases: [x], backends: [{ provider: openai, model_id: a }] }\n  b:\n    aliases: [x]\n    backends: [{ provider: openai, model_id: b }]",
    3,
    "models.b",
    /"x" already names the model a/,
  ],
  ["an alias that is its own id", model("    aliases: [m]", BACKENDS), 4, "models.m", /"m" already names the model m/],
  [
    "a fault in another section",
    `${OWN}stt_models:\n  w:\n    backends: [{ provider: nobody, model_id: w }]`,
    7,
    "stt_models.w.backends.0.provider",
    /no provider/,
  ],
  ["a model twice", model(BACKENDS, "  first:", BACKENDS), 6, "", /keys must be unique/],
  ["a tab", "models:\n  m:\n\tbackends: []", 3, "", /[Tt]abs/],
  ["a bracket that is not closed", "models:\n  m: [\n", 3, "", /end with a \]/],
  ["an anchor that is not there", "models: *nothing", 1, "", /nothing/],
  ["two documents", "models: {}\n---\nmodels: {}", 2, "", /multiple documents/],
];

describe("a fault is told with file, line and path:", () => {
  for (const [name, source, line, at, reason] of FAULTS) {
    test(name, () => {
      const { message, facts } = faultOf(() => parseModels(source, "my/models.yml"));
      assert.deepEqual(facts, { param: at, line, path: "my/models.yml" }, message);
      assert.ok(message.startsWith(`my/models.yml:${line}:${at === "" ? "" : ` ${at}`} `), message);
      assert.match(message, reason);
    });
  }
});

describe("a file that is hostile or not there is refused:", () => {
  test("an alias bomb, at once", () => {
    const level = (name: string, of: string): string => `${name}: &${name} [${`*${of},`.repeat(9)}*${of}]\n`;
    const bomb = `a: &a [${"x,".repeat(9)}x]\n${level("b", "a")}${level("c", "b")}${level("d", "c")}${level("e", "d")}${level("f", "e")}${level("g", "f")}models: {}\n`;
    assert.match(faultOf(() => parseModels(bomb, "m.yml")).message, /^m\.yml:1: .*alias/);
  });

  test("deep nesting", () => {
    faultOf(() => parseModels(`models: ${"[".repeat(2000)}${"]".repeat(2000)}`, "m.yml"));
  });

  test("more than 4 MiB", (t) => {
    const path = tempFile(t, "m.yml", `${OWN}# ${"x".repeat(4 * 1024 * 1024)}`);
    assert.equal(faultOf(() => readModelsFile(path)).message, `${path} is larger than 4 MiB`);
  });

  test("missing, a folder, or closed to us: the message says which variable helps", (t) => {
    const folder = tempDir(t);
    const closed = tempFile(t, "m.yml", OWN);
    chmodSync(closed, 0o000);
    for (const path of [join(folder, "none.yml"), folder, ...(process.getuid?.() === 0 ? [] : [closed])]) {
      const { message } = faultOf(() => readModelsFile(path));
      assert.match(message, /can't be read \((ENOENT|EISDIR|EACCES)\): set MODELS_CONFIG_PATH/);
      assert.ok(message.startsWith(path), message);
    }
  });
});
