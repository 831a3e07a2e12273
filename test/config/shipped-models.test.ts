// The shipped modelsconfig.yml: enough models, each with a price, a size and where the price was read.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { buildCatalogues } from "../../src/config/catalogue.ts";
import { readEnv } from "../../src/config/env.ts";
import { readModelsFile } from "../../src/config/models-file.ts";
import { isUsableModel } from "../../src/core/model.ts";

const PATH = join(import.meta.dirname, "../../modelsconfig.yml");

describe("the shipped models", () => {
  const config = readModelsFile(PATH);
  const catalogue = buildCatalogues(config, readEnv({}), new Map()).chat;
  const chat = catalogue.models.filter((model) => !model.demo);

  test("are at least 37 for chat, and some for speech and embeddings", () => {
    assert.ok(chat.length >= 37, `${chat.length} chat models`);
    for (const section of ["stt_models", "tts_models", "embedding_models"] as const) {
      assert.ok(Object.keys(config[section] ?? {}).length > 0, section);
    }
  });

  test("each have prices, or cost nothing, at every backend", () => {
    for (const { id, backends } of catalogue.models) {
      for (const { provider, modelId, config: row } of backends) {
        const priced = row.free === true || (row.input_cost !== undefined && row.output_cost !== undefined);
        assert.ok(priced, `${id} at ${provider.name}/${modelId} needs input_cost and output_cost, or free: true`);
      }
    }
    for (const [id, { backends }] of Object.entries(config.stt_models ?? {})) {
      for (const row of backends) assert.ok(row.free || row.per_minute !== undefined || row.per_hour !== undefined, id);
    }
  });

  test("each have a tier, a display name, a context window, capabilities and the date of their price", () => {
    assert.match(config.prices_read ?? "", /^\d{4}-\d{2}-\d{2}$/);
    for (const [id, model] of Object.entries(config.models)) {
      assert.ok(model.tier && model.display_name, `${id} needs a tier and a display_name`);
      assert.ok((model.context_window ?? 0) > 0, `${id} needs a context_window`);
      assert.ok(model.capabilities?.includes("streaming"), `${id} streams`);
      const free = model.backends.every((row) => row.free);
      assert.ok(free || (model.price_source && model.price_date), `${id} needs price_source and price_date`);
      assert.ok((model.max_output ?? 0) <= (model.context_window ?? 0), `${id}: max_output is within the window`);
    }
  });

  test("cost a plausible amount: output not less than input, cached input not more", () => {
    for (const { id, backends } of chat) {
      for (const { config: row } of backends) {
        const { input_cost: input = 0, output_cost: output = 0, cached_input_cost: cached = 0 } = row;
        assert.ok(output >= input, `${id}: ${output} < ${input}`);
        assert.ok(cached <= input, `${id}: cached ${cached} > ${input}`);
        assert.ok(input < 200 && output < 1000, `${id}: is that per million tokens?`);
      }
    }
  });

  test("of OpenAI's and Anthropic's that see read PDFs too, and no others claim to", () => {
    const vendors = ["openai", "anthropic"];
    for (const { id, capabilities, backends } of chat) {
      const isDirect = backends.some(({ provider }) => vendors.includes(provider.name));
      assert.equal(capabilities.has("file"), isDirect && capabilities.has("vision"), id);
    }
    for (const id of ["claude-haiku-4-5", "gpt4o", "gpt-4.1", "gpt-5"]) {
      assert.ok(catalogue.byName.get(id)?.capabilities.has("file"), id);
    }
  });

  test("have the seed's ids", () => {
    for (const name of ["gpt4o", "deepseek-chat"]) assert.ok(catalogue.byName.has(name), name);
    assert.ok(config.stt_models?.["whisper-1"] && config.stt_models["whisper-large-v3"], "whisper");
    assert.ok(config.tts_models?.["tts-1"] && config.tts_models["tts-1-hd"], "tts");
    assert.ok(config.embedding_models?.["text-embedding-3-small"], "embeddings");
    assert.deepEqual(
      config.stt_models?.["whisper-1"]?.backends.map(({ provider, model_id, per_hour, per_minute, free }) => [
        provider,
        model_id.toLowerCase(),
        per_hour ?? per_minute ?? free,
      ]),
      [
        ["groq", "whisper-large-v3", 0.111],
        ["sambanova", "whisper-large-v3", true],
        ["openai", "whisper-1", 0.006],
      ],
    );
  });

  test("without any key: the demo model is there and is called a demo", () => {
    const usable = catalogue.models
      .filter(isUsableModel)
      .filter((model) => model.backends[0]?.provider.auth === "bearer");
    assert.deepEqual(usable, []);
    const demo = catalogue.models.filter((model) => model.demo);
    assert.ok(demo.length > 0 && demo.every(isUsableModel));
    for (const model of demo) assert.match(model.displayName, /demo/i);
  });
});
