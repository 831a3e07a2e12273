// LangChain's OpenAI package in the compatibility table. It has no audio.

import assert from "node:assert/strict";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
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

const fieldsOf = ({ origin, fetch }: Door) => ({
  ...{ apiKey: "not-needed", maxRetries: 0 },
  configuration: { baseURL: `${origin}/v1`, fetch },
});
const chatOf = (door: Door, model = "m") => new ChatOpenAI({ ...fieldsOf(door), model });

export const langChain: ClientUnderTest = {
  name: "@langchain/openai",
  packages: ["@langchain/openai"],
  does: {
    async chat(door) {
      door.vendor.script(whole);
      const { content, usage_metadata: usage } = await chatOf(door).invoke(PROMPT);
      assert.equal(content, "Hi!");
      assert.ok(((usage ?? {}) as { total_tokens?: number }).total_tokens);
    },
    async stream(door) {
      door.vendor.script(streamed());
      let text = "";
      for await (const chunk of await chatOf(door).stream(PROMPT)) text += chunk.content;
      assert.equal(text, "Hello");
    },
    async tools(door) {
      door.vendor.script(called);
      const tools = [{ type: "function", function: { name: "weather", parameters: PARAMETERS } }];
      const { tool_calls: calls } = await chatOf(door).bindTools(tools).invoke(PROMPT);
      assert.deepEqual(calls?.[0]?.args, CITY);
    },
    async "structured output"(door) {
      door.vendor.script(structured);
      const chat = chatOf(door).withStructuredOutput(PARAMETERS, { name: "place", method: "jsonSchema" });
      assert.deepEqual(await chat.invoke(PROMPT), CITY);
      assert.partialDeepStrictEqual(askedFor(door.vendor, "response_format"), { type: "json_schema" });
    },
    async embeddings(door) {
      door.vendor.script(vectors);
      const embeddings = new OpenAIEmbeddings({ ...fieldsOf(door), model: "e" });
      assert.deepEqual(await embeddings.embedDocuments(["a", "b"]), [
        [0.25, -1],
        [0.5, 1],
      ]);
    },
    async errors(door) {
      await assert.rejects(chatOf(door, "nope").invoke(PROMPT), { status: 404 });
      door.vendor.script(refused);
      await assert.rejects(chatOf(door).invoke(PROMPT), { status: 400 });
    },
    async aborts(door) {
      const failure = await abort(door.vendor, (signal) => chatOf(door).invoke(PROMPT, { signal }));
      assert.ok(failure instanceof Error && /abort/i.test(failure.message), String(failure));
    },
  },
};
