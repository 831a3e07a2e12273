// Vercel's AI SDK with its OpenAI-compatible provider, unmodified, against a broker in front of scripted vendors.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateObject, generateText, jsonSchema, streamText, tool } from "ai";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import { sse } from "../support/upstream.ts";

const MODELS = `
models:
  m: { backends: [{ provider: openai, model_id: up, input_cost: 1, output_cost: 2 }] }
embedding_models:
  e: { backends: [{ provider: openai, model_id: emb, input_cost: 1 }] }
`;

let house: MoneyHouse;
let provider: ReturnType<typeof createOpenAICompatible>;

before(async () => {
  house = await openMoneyHouse({ AUTH: "required" }, MODELS);
  const { secret } = await house.createKey();
  provider = createOpenAICompatible({
    name: "aibroker",
    baseURL: `${house.broker.url}/v1`,
    apiKey: secret,
    includeUsage: true,
  });
});
after(() => house.stop());

const prompt = "Hello!";

describe("the AI SDK", () => {
  test("generates text, with usage", async () => {
    house.upstream.script({ json: openAiCompletion("Hi!") });
    const { text, usage } = await generateText({ model: provider("m"), prompt });
    assert.equal(text, "Hi!");
    assert.ok((usage.totalTokens ?? 0) > 0);
  });

  test("streams text, with usage at the end", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks(["Hel", "lo"]))));
    const { textStream, usage } = streamText({ model: provider("m"), prompt });
    let text = "";
    for await (const part of textStream) text += part;
    assert.equal(text, "Hello");
    assert.ok(((await usage).totalTokens ?? 0) > 0);
  });

  test("calls a tool and goes on with its result", async () => {
    const call = { id: "call_1", type: "function", function: { name: "add", arguments: '{"a":1,"b":2}' } };
    const asked = openAiCompletion("") as { choices: { message: object; finish_reason: string }[] };
    Object.assign(asked.choices[0]!, {
      message: { role: "assistant", content: null, tool_calls: [call] },
      finish_reason: "tool_calls",
    });
    house.upstream.script({ json: asked });
    const add = tool({
      description: "Adds",
      inputSchema: jsonSchema<{ a: number; b: number }>({
        type: "object",
        properties: { a: { type: "number" }, b: { type: "number" } },
        required: ["a", "b"],
      }),
      execute: async ({ a, b }) => a + b,
    });
    const { toolResults } = await generateText({ model: provider("m"), prompt, tools: { add } });
    assert.equal(toolResults[0]?.output, 3);
  });

  test("generates an object", async () => {
    house.upstream.script({ json: openAiCompletion('{"city":"Oslo"}') });
    const schema = jsonSchema<{ city: string }>({
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
    });
    const { object } = await generateObject({ model: provider("m"), prompt, schema });
    assert.deepEqual(object, { city: "Oslo" });
  });

  test("embeds several texts", async () => {
    const vector = (index: number) => ({ object: "embedding", index, embedding: [index, 0.5] });
    const usage = { prompt_tokens: 4, total_tokens: 4 };
    house.upstream.script({ json: { object: "list", data: [vector(0), vector(1)], model: "emb", usage } });
    const { embeddings } = await embedMany({ model: provider.embeddingModel("e"), values: ["a", "b"] });
    assert.deepEqual(embeddings, [
      [0, 0.5],
      [1, 0.5],
    ]);
  });

  test("gets the vendor's refusal as its own error", async () => {
    house.upstream.script({ status: 400, json: { error: { message: "no such thing" } } });
    await assert.rejects(generateText({ model: provider("m"), prompt, maxRetries: 0 }), (error) => {
      assert.ok(APICallError.isInstance(error));
      assert.equal(error.statusCode, 400);
      assert.match(error.message, /no such thing/);
      return true;
    });
  });

  test("aborts: the vendor's connection is closed", async () => {
    house.upstream.script({ before: new Promise(() => {}) });
    const asked = house.upstream.requests.length;
    const abort = new AbortController();
    const answer = generateText({ model: provider("m"), prompt, abortSignal: abort.signal, maxRetries: 0 });
    const request = await house.upstream.request(asked);
    abort.abort();
    await assert.rejects(answer);
    await request.closed;
  });
});
