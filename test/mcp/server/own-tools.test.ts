// The broker's own methods as tools: what the rule over the document picks, and that the schemas stand by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { ownTools } from "../../../src/mcp/server/own-tools.ts";
import { document } from "../../support/document.ts";

const tools = ownTools(document as never);
interface Shown {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly properties: object };
}
const shown = [...tools.values()].map((tool) => tool.shown as Shown);

test("all that costs money and takes JSON, and what tells of models; nothing of administrators, files or other servers", () => {
  assert.deepEqual(shown.map(({ name }) => name).sort(), [
    ...["audio_speech_create", "chat_completions_create", "completions_create", "embeddings_create"],
    ...["images_generations_create", "messages_create", "models_list", "models_retrieve", "models_route"],
    ...["moderations_create", "responses_create"],
  ]);
});

test("a schema holds all that it points to, validates the document's own examples and says nothing of streams", () => {
  const ajv = new Ajv2020({ strict: false });
  const { methods } = document as unknown as {
    methods: { name: string; examples?: { params: { name: string; value: unknown }[] }[] }[];
  };
  for (const { name, description, inputSchema } of shown) {
    assert.ok(description.length > 5, name);
    assert.ok(!("stream" in inputSchema.properties || "_meta" in inputSchema.properties), name);
    const validate = ajv.compile(inputSchema);
    const method = methods.find((each) => each.name.replaceAll(".", "_") === name);
    for (const { params } of method?.examples ?? []) {
      const args = Object.fromEntries(params.map(({ name: param, value }) => [param, value]));
      assert.ok(validate(args), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  }
});
