// LangChain's OpenAI package, unmodified, against a broker in front of scripted vendors.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
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
let chat: ChatOpenAI;
let configuration: { baseURL: string };
let apiKey: string;

before(async () => {
  house = await openMoneyHouse({ AUTH: "required" }, MODELS);
  apiKey = (await house.createKey()).secret;
  configuration = { baseURL: `${house.broker.url}/v1` };
  chat = new ChatOpenAI({ model: "m", apiKey, configuration, maxRetries: 0 });
});
after(() => house.stop());

describe("LangChain", () => {
  test("invokes, with usage", async () => {
    house.upstream.script({ json: openAiCompletion("Hi!") });
    const message = await chat.invoke("Hello!");
    assert.equal(message.content, "Hi!");
    const { total_tokens = 0 } = (message.usage_metadata ?? {}) as { total_tokens?: number };
    assert.ok(total_tokens > 0);
  });

  test("streams", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks(["Hel", "lo"]))));
    let text = "";
    for await (const chunk of await chat.stream("Hello!")) text += chunk.content;
    assert.equal(text, "Hello");
  });

  test("gets tool calls", async () => {
    const call = { id: "call_1", type: "function", function: { name: "add", arguments: '{"a":1}' } };
    const asked = openAiCompletion("") as { choices: { message: object; finish_reason: string }[] };
    Object.assign(asked.choices[0]!, {
      message: { role: "assistant", content: null, tool_calls: [call] },
      finish_reason: "tool_calls",
    });
    house.upstream.script({ json: asked });
    const parameters = { type: "object", properties: { a: { type: "number" } } };
    const message = await chat.bindTools([{ type: "function", function: { name: "add", parameters } }]).invoke("1?");
    assert.deepEqual(message.tool_calls?.[0]?.args, { a: 1 });
  });

  test("embeds by base64, as it asks by default", async () => {
    const embedding = Buffer.from(new Float32Array([0.25, -1]).buffer).toString("base64");
    const usage = { prompt_tokens: 1, total_tokens: 1 };
    house.upstream.script({
      json: { object: "list", data: [{ object: "embedding", index: 0, embedding }], model: "emb", usage },
    });
    const embeddings = new OpenAIEmbeddings({ model: "e", apiKey, configuration, maxRetries: 0 });
    assert.deepEqual(await embeddings.embedQuery("Hello!"), [0.25, -1]);
  });

  test("gets errors with their status", async () => {
    const stranger = new ChatOpenAI({ model: "m", apiKey: "sk-ab-unknown", configuration, maxRetries: 0 });
    await assert.rejects(stranger.invoke("Hello!"), { status: 401 });
    const lost = new ChatOpenAI({ model: "nope", apiKey, configuration, maxRetries: 0 });
    await assert.rejects(lost.invoke("Hello!"), { status: 404 });
  });
});
