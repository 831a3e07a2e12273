// The official Anthropic SDK in the compatibility table, in front of a vendor that speaks OpenAI's chat. It has neither
// embeddings nor audio.

import assert from "node:assert/strict";
import Anthropic from "@anthropic-ai/sdk";
import { abort, askedFor, CITY, called, PARAMETERS, PROMPT, refused, streamed, structured, whole } from "./answers.ts";
import type { ClientUnderTest, Door } from "./door.ts";

const clientOf = ({ origin, fetch }: Door): Anthropic =>
  new Anthropic({ baseURL: origin, apiKey: "not-needed", maxRetries: 0, fetch });
const ASK = { model: "m", max_tokens: 100, messages: [{ role: "user" as const, content: PROMPT }] };
const TOOL: Anthropic.Tool = { name: "weather", input_schema: PARAMETERS };

const textOf = ({ content: [block] }: Anthropic.Message): unknown => block?.type === "text" && block.text;

export const anthropic: ClientUnderTest = {
  name: "@anthropic-ai/sdk",
  packages: ["@anthropic-ai/sdk"],
  does: {
    async chat(door) {
      door.vendor.script(whole);
      const message = await clientOf(door).messages.create(ASK);
      assert.equal(textOf(message), "Hi!");
      assert.ok(message.usage.output_tokens > 0);
    },
    async stream(door) {
      door.vendor.script(streamed());
      assert.equal(textOf(await clientOf(door).messages.stream(ASK).finalMessage()), "Hello");
    },
    async tools(door) {
      const client = clientOf(door);
      door.vendor.script(called, whole);
      const { content, stop_reason } = await client.messages.create({ ...ASK, tools: [TOOL] });
      const [use] = content;
      assert.ok(use?.type === "tool_use" && stop_reason === "tool_use");
      assert.deepEqual(use.input, CITY);
      const result = { type: "tool_result" as const, tool_use_id: use.id, content: "rain" };
      const messages: Anthropic.MessageParam[] = [
        ...ASK.messages,
        { role: "assistant", content },
        { role: "user", content: [result] },
      ];
      assert.equal(textOf(await client.messages.create({ ...ASK, messages, tools: [TOOL] })), "Hi!");
    },
    async "structured output"(door) {
      door.vendor.script(structured);
      const output_config = { format: { type: "json_schema" as const, schema: PARAMETERS } };
      const message = await clientOf(door).messages.parse({ ...ASK, output_config });
      assert.deepEqual(JSON.parse(String(textOf(message))), CITY);
      assert.partialDeepStrictEqual(askedFor(door.vendor, "response_format"), { type: "json_schema" });
    },
    async errors(door) {
      const client = clientOf(door);
      await assert.rejects(client.messages.create({ ...ASK, model: "nope" }), Anthropic.NotFoundError);
      door.vendor.script(refused);
      await assert.rejects(
        client.messages.create(ASK),
        (error) => error instanceof Anthropic.BadRequestError && /no such thing/.test(error.message),
      );
    },
    async aborts(door) {
      const failure = await abort(door.vendor, (signal) => clientOf(door).messages.create(ASK, { signal }));
      assert.ok(failure instanceof Anthropic.APIUserAbortError);
    },
  },
};
