// What a server of chat gets of a conversation that was begun in another dialect, or at another vendor.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withSent as asMessages } from "../../src/core/messages/sent.ts";
import { type ProviderCall, ProviderFailure } from "../../src/core/provider.ts";
import { withSent as asResponse } from "../../src/core/responses/sent.ts";
import type { ChatCompletionsCreateParams, FilePart } from "../../src/generated/types.ts";
import { wholeBody } from "../../src/providers/openai/body.ts";
import { createTarget } from "../support/target.ts";

type Chat = ChatCompletionsCreateParams;
type Dress = (chat: Chat) => Chat;

const fromResponses: Dress = (chat) =>
  asResponse(chat, { params: { model: "m", input: "" }, earlier: [], fault: undefined });
const fromMessages: Dress = (chat) => asMessages(chat, { model: "m", max_tokens: 9, messages: [] });
const fromChat: Dress = (chat) => chat;

function sent(messages: Chat["messages"], dress: Dress, provider: string): unknown {
  const { model, key, backend } = createTarget({ url: "http://x" });
  const entry = { ...backend.provider, name: provider };
  const target = { model, key, backend: { ...backend, provider: entry } };
  const params = dress({ model: "m", messages });
  const call: ProviderCall = { target, params, signal: new AbortController().signal };
  return JSON.parse(wholeBody(call) as string).messages;
}

describe("thoughts of earlier turns", () => {
  const plain = { role: "assistant" as const, content: "4" };
  const thought = { ...plain, reasoning_content: "2 + 2", reasoning_signature: "proof" };
  const cases: readonly [who: string, dress: Dress, provider: string, gets: object][] = [
    ["a client of responses", fromResponses, "openai", plain],
    ["a client of responses", fromResponses, "groq", plain],
    ["a client of responses", fromResponses, "deepseek", { ...plain, reasoning_content: "2 + 2" }],
    ["a client of messages", fromMessages, "openai", plain],
    ["a client of messages", fromMessages, "deepseek", { ...plain, reasoning_content: "2 + 2" }],
    ["a client of chat, who knows what it writes,", fromChat, "openai", thought],
  ];
  for (const [who, dress, provider, gets] of cases) {
    test(`of ${who} come to ${provider} as it takes them`, () => {
      const rest = [{ role: "user" as const, content: "2 + 2?" }, plain];
      assert.deepEqual(sent([...rest, thought], dress, provider), [...rest, gets]);
    });
  }
});

describe("files of a client of messages", () => {
  const file = (of: FilePart["file"]) => [{ role: "user" as const, content: [{ type: "file" as const, file: of }] }];
  const address = file({ filename: "a.pdf", file_data: "https://papers.example/a.pdf" });
  const bytes = file({ filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" });

  test("go up by their bytes, and by their address where the server may fetch them", () => {
    assert.deepEqual(sent(bytes, fromMessages, "openai"), bytes);
    assert.deepEqual(sent(address, fromMessages, "openrouter"), address);
  });

  const refused: readonly [why: string, messages: Chat["messages"], words: RegExp][] = [
    ["by an address", address, /send their bytes/],
    ["by the id that they have at Anthropic", file({ file_id: "file_1" }), /their own vendor alone/],
  ];
  for (const [why, messages, words] of refused) {
    test(`are refused in clear words ${why}`, () => {
      assert.throws(
        () => sent(messages, fromMessages, "openai"),
        (error: unknown) => {
          assert.ok(error instanceof ProviderFailure);
          assert.equal(error.status, 400);
          assert.match(error.message, words);
          return true;
        },
      );
    });
  }

  test("of a client of chat go up by the id that they have at OpenAI", () => {
    const own = file({ file_id: "file-1" });
    assert.deepEqual(sent(own, fromChat, "openai"), own);
    assert.deepEqual(sent(own, fromResponses, "openai"), own);
  });
});
