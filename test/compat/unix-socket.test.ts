// The SDKs over the Unix socket, by a fetch that connects there: whoever can open it needs no credential.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { Agent, fetch as undiciFetch } from "undici";
import { startBroker, type TestBroker } from "../support/broker.ts";

let broker: TestBroker;
let agent: Agent;
let overSocket: typeof fetch;

before(async () => {
  broker = await startBroker();
  agent = new Agent({ connect: { socketPath: broker.socketPath } });
  overSocket = ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher: agent })) as never;
});
after(async () => {
  await agent.close();
  await broker.stop();
});

const messages = [{ role: "user" as const, content: "What is the capital of Norway?" }];

test("OpenAI's SDK chats, streams and embeds", async () => {
  const client = new OpenAI({ baseURL: "http://broker/v1", apiKey: "not-needed", fetch: overSocket });
  const options = { model: "tiny-broker", messages, temperature: 0 };
  const { choices } = await client.chat.completions.create(options);
  assert.match(choices[0]?.message.content ?? "", /Oslo/);
  let text = "";
  for await (const chunk of await client.chat.completions.create({ ...options, stream: true })) {
    text += chunk.choices[0]?.delta.content ?? "";
  }
  assert.match(text, /Oslo/);
  assert.ok(broker.rows().every(({ ip }) => String(ip).startsWith("unix:")));
});

test("Anthropic's SDK chats and streams", async () => {
  const client = new Anthropic({ baseURL: "http://broker", apiKey: "not-needed", fetch: overSocket });
  const options = { model: "tiny-broker", max_tokens: 100, messages, temperature: 0 };
  const stream = client.messages.stream(options);
  const [first] = (await stream.finalMessage()).content;
  assert.match(first?.type === "text" ? first.text : "", /Oslo/);
});
