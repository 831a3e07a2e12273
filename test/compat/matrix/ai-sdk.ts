// Vercel's AI SDK with its provider for OpenAI-compatible servers, in the compatibility table. That provider has no audio.

import assert from "node:assert/strict";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateObject, generateText, jsonSchema, streamText, tool } from "ai";
import {
  abort,
  askedFor,
  CITY,
  called,
  PARAMETERS,
  PROMPT,
  refused,
  streamed,
  structured,
  vectors,
  whole,
} from "./answers.ts";
import type { ClientUnderTest, Door } from "./door.ts";

const providerOf = ({ origin, fetch }: Door) =>
  createOpenAICompatible({
    ...{ name: "aibroker", baseURL: `${origin}/v1`, apiKey: "not-needed", fetch },
    ...{ includeUsage: true, supportsStructuredOutputs: true },
  });
const askOf = (door: Door, model = "m") => ({ model: providerOf(door)(model), prompt: PROMPT, maxRetries: 0 });
const schema = jsonSchema<{ city: string }>(PARAMETERS);

export const aiSdk: ClientUnderTest = {
  name: "ai, @ai-sdk/openai-compatible",
  packages: ["ai", "@ai-sdk/openai-compatible"],
  does: {
    async chat(door) {
      door.vendor.script(whole);
      const { text, usage } = await generateText(askOf(door));
      assert.equal(text, "Hi!");
      assert.ok((usage.totalTokens ?? 0) > 0);
    },
    async stream(door) {
      door.vendor.script(streamed());
      const { textStream, usage } = streamText(askOf(door));
      let text = "";
      for await (const part of textStream) text += part;
      assert.equal(text, "Hello");
      assert.ok(((await usage).totalTokens ?? 0) > 0);
    },
    async tools(door) {
      door.vendor.script(called);
      const weather = tool({ description: "", inputSchema: schema, execute: async ({ city }) => `rain in ${city}` });
      const { toolResults } = await generateText({ ...askOf(door), tools: { weather } });
      assert.equal(toolResults[0]?.output, "rain in Oslo");
    },
    async "structured output"(door) {
      door.vendor.script(structured);
      const { object } = await generateObject({ ...askOf(door), schema });
      assert.deepEqual(object, CITY);
      assert.partialDeepStrictEqual(askedFor(door.vendor, "response_format"), { type: "json_schema" });
    },
    async embeddings(door) {
      door.vendor.script(vectors);
      const { embeddings } = await embedMany({ model: providerOf(door).embeddingModel("e"), values: ["a", "b"] });
      assert.deepEqual(embeddings, [
        [0.25, -1],
        [0.5, 1],
      ]);
    },
    async errors(door) {
      const failsWith = (status: number) => (error: unknown) =>
        APICallError.isInstance(error) && error.statusCode === status;
      await assert.rejects(generateText(askOf(door, "nope")), failsWith(404));
      door.vendor.script(refused);
      await assert.rejects(generateText(askOf(door)), failsWith(400));
    },
    async aborts(door) {
      const failure = await abort(door.vendor, (abortSignal) => generateText({ ...askOf(door), abortSignal }));
      assert.equal((failure as Error | undefined)?.name, "AbortError");
    },
  },
};
