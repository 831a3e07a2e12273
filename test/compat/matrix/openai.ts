// The official OpenAI SDK in the compatibility table: chat completions and what stands beside them, and responses.

import assert from "node:assert/strict";
import OpenAI, { toFile } from "openai";
import { wavOf } from "../../support/audio.ts";
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

const clientOf = ({ origin, fetch }: Door): OpenAI =>
  new OpenAI({ baseURL: `${origin}/v1`, apiKey: "not-needed", maxRetries: 0, fetch });
const ASK = { model: "m", messages: [{ role: "user" as const, content: PROMPT }] };
const TOOL = { type: "function" as const, name: "weather", parameters: PARAMETERS, strict: true };
const FORMAT = { type: "json_schema" as const, name: "place", schema: PARAMETERS, strict: true };

async function audio(door: Door): Promise<void> {
  const client = clientOf(door);
  door.vendor.script({ headers: { "content-type": "audio/mpeg" }, pieces: ["ID3-", "bytes"] });
  const spoken = await client.audio.speech.create({ model: "tts-1", voice: "nova", input: PROMPT });
  assert.equal(await spoken.text(), "ID3-bytes");
  door.vendor.script({ json: { text: "Hello there." } });
  const file = await toFile(wavOf(1), "hello.wav", { type: "audio/wav" });
  const { text } = await client.audio.transcriptions.create({ model: "whisper-1", file });
  assert.equal(text, "Hello there.");
}

async function errors(door: Door, ask: (model: string) => Promise<unknown>): Promise<void> {
  await assert.rejects(ask("nope"), OpenAI.NotFoundError);
  door.vendor.script(refused);
  await assert.rejects(ask("m"), (error) => error instanceof OpenAI.BadRequestError && /no such/.test(error.message));
}

export const openAi: ClientUnderTest = {
  name: "openai",
  packages: ["openai"],
  does: {
    async chat(door) {
      door.vendor.script(whole);
      const { choices, usage } = await clientOf(door).chat.completions.create(ASK);
      assert.equal(choices[0]?.message.content, "Hi!");
      assert.ok((usage?.total_tokens ?? 0) > 0);
    },
    async stream(door) {
      door.vendor.script(streamed());
      let text = "";
      for await (const chunk of await clientOf(door).chat.completions.create({ ...ASK, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? "";
      }
      assert.equal(text, "Hello");
    },
    async tools(door) {
      door.vendor.script(called, whole);
      const runner = clientOf(door).chat.completions.runTools({
        ...ASK,
        tools: [
          {
            type: "function",
            function: { name: "weather", description: "", parse: JSON.parse, parameters: PARAMETERS, function: said },
          },
        ],
      });
      assert.equal(await runner.finalContent(), "Hi!");
      assert.partialDeepStrictEqual((askedFor(door.vendor, "messages") as object[]).at(-1), { role: "tool" });
    },
    async "structured output"(door) {
      door.vendor.script(structured);
      const json_schema = { name: "place", schema: PARAMETERS, strict: true };
      const response_format = { type: "json_schema" as const, json_schema };
      const { choices } = await clientOf(door).chat.completions.parse({ ...ASK, response_format });
      assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ""), CITY);
      assert.deepEqual(askedFor(door.vendor, "response_format"), response_format);
    },
    async embeddings(door) {
      door.vendor.script(vectors);
      const { data } = await clientOf(door).embeddings.create({ model: "e", input: ["a", "b"] });
      assert.deepEqual(
        data.map(({ embedding }) => embedding),
        [
          [0.25, -1],
          [0.5, 1],
        ],
      );
    },
    audio,
    errors: (door) => errors(door, (model) => clientOf(door).chat.completions.create({ ...ASK, model })),
    async aborts(door) {
      const failure = await abort(door.vendor, (signal) => clientOf(door).chat.completions.create(ASK, { signal }));
      assert.ok(failure instanceof OpenAI.APIUserAbortError);
    },
  },
};

function said({ city }: { city: string }): string {
  assert.equal(city, CITY.city);
  return "rain";
}

export const openAiResponses: ClientUnderTest = {
  name: "openai, responses",
  packages: ["openai"],
  does: {
    async chat(door) {
      door.vendor.script(whole);
      const { output_text, usage } = await clientOf(door).responses.create({ model: "m", input: PROMPT });
      assert.equal(output_text, "Hi!");
      assert.ok((usage?.total_tokens ?? 0) > 0);
    },
    async stream(door) {
      door.vendor.script(streamed());
      const stream = clientOf(door).responses.stream({ model: "m", input: PROMPT });
      assert.equal((await stream.finalResponse()).output_text, "Hello");
    },
    async tools(door) {
      const client = clientOf(door);
      door.vendor.script(called, whole);
      const first = await client.responses.create({ model: "m", input: PROMPT, tools: [TOOL] });
      const [call] = first.output;
      assert.ok(call?.type === "function_call");
      assert.equal(said(JSON.parse(call.arguments)), "rain");
      const input = [{ type: "function_call_output" as const, call_id: call.call_id, output: "rain" }];
      const last = await client.responses.create({ model: "m", input, previous_response_id: first.id, tools: [TOOL] });
      assert.equal(last.output_text, "Hi!");
    },
    async "structured output"(door) {
      door.vendor.script(structured);
      const answer = await clientOf(door).responses.parse({ model: "m", input: PROMPT, text: { format: FORMAT } });
      assert.deepEqual(JSON.parse(answer.output_text), CITY);
      assert.partialDeepStrictEqual(askedFor(door.vendor, "response_format"), { type: "json_schema" });
    },
    errors: (door) => errors(door, (model) => clientOf(door).responses.create({ model, input: PROMPT })),
    async aborts(door) {
      const begin = (signal: AbortSignal) => clientOf(door).responses.create({ model: "m", input: PROMPT }, { signal });
      assert.ok((await abort(door.vendor, begin)) instanceof OpenAI.APIUserAbortError);
    },
  },
};
