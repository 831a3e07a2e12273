// A conversation in Anthropic's form: golden translations, and what is refused.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderFailure } from "../../src/core/provider.ts";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../src/generated/types.ts";
import { body } from "./anthropic-body.ts";

function conversation(messages: ChatMessage[]): unknown {
  const { system, messages: translated } = body({ messages });
  return system === undefined ? translated : { system, messages: translated };
}

const text = (value: string) => ({ type: "text", text: value });
const call = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("a conversation", () => {
  const cases: { name: string; messages: ChatMessage[]; translated: unknown }[] = [
    {
      name: "system and developer text goes on top, with its cache_control",
      messages: [
        { role: "system", content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }] },
        { role: "user", content: "Hi" },
        { role: "developer", content: "In English." },
      ],
      translated: {
        system: [{ ...text("Be brief."), cache_control: { type: "ephemeral" } }, text("In English.")],
        messages: [{ role: "user", content: [text("Hi")] }],
      },
    },
    {
      name: "neighbours of one role are merged, empty text falls away",
      messages: [
        { role: "user", content: "One" },
        { role: "user", content: [text("Two") as { type: "text"; text: string }, { type: "text", text: "" }] },
        { role: "assistant", content: "Three" },
        { role: "assistant", content: "" },
        { role: "assistant", content: null, refusal: "No." },
      ],
      translated: [
        { role: "user", content: [text("One"), text("Two")] },
        { role: "assistant", content: [text("Three"), text("No.")] },
      ],
    },
    {
      name: "images and files",
      messages: [
        {
          role: "user",
          content: [
            {
              type: "image_url",
              image_url: { url: "data:image/png;base64,iVBORw0K" },
              cache_control: { type: "ephemeral" },
            },
            { type: "image_url", image_url: { url: "https://example.com/cat.jpg", detail: "low" } },
            { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0=" } },
            { type: "file", file: { file_data: "data:text/plain;charset=utf-8;base64,aGk=" } },
            { type: "file", file: { file_id: "file_1" } },
            { type: "file", file: { file_data: "data:image/gif;base64,R0lG" } },
          ],
        },
      ],
      translated: [
        {
          role: "user",
          content: [
            {
              type: "image",
              source: { type: "base64", media_type: "image/png", data: "iVBORw0K" },
              cache_control: { type: "ephemeral" },
            },
            { type: "image", source: { type: "url", url: "https://example.com/cat.jpg" } },
            {
              type: "document",
              source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
              title: "a.pdf",
            },
            { type: "document", source: { type: "text", media_type: "text/plain", data: "hi" } },
            { type: "document", source: { type: "file", file_id: "file_1" } },
            { type: "image", source: { type: "base64", media_type: "image/gif", data: "R0lG" } },
          ],
        },
      ],
    },
    {
      name: "parallel tools, their results in one message with the user's next words",
      messages: [
        { role: "user", content: "Weather?" },
        {
          role: "assistant",
          content: "Let me see.",
          tool_calls: [
            call("a", "weather", '{"city":"Oslo"}'),
            call("b", "time", ""),
            call("functions.c:0", "x", " {} "),
          ],
        },
        { role: "tool", tool_call_id: "a", content: "rain" },
        {
          role: "tool",
          tool_call_id: "b",
          content: [
            { type: "text", text: "noon" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
          ],
        },
        { role: "tool", tool_call_id: "functions.c:0", content: "", cache_control: { type: "ephemeral" } },
        { role: "user", content: "And?" },
      ],
      translated: [
        { role: "user", content: [text("Weather?")] },
        {
          role: "assistant",
          content: [
            text("Let me see."),
            { type: "tool_use", id: "a", name: "weather", input: { city: "Oslo" } },
            { type: "tool_use", id: "b", name: "time", input: {} },
            { type: "tool_use", id: "functions_c_0", name: "x", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "a", content: "rain" },
            {
              type: "tool_result",
              tool_use_id: "b",
              content: [
                text("noon"),
                { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
              ],
            },
            { type: "tool_result", tool_use_id: "functions_c_0", content: "", cache_control: { type: "ephemeral" } },
            text("And?"),
          ],
        },
      ],
    },
    {
      name: "thinking comes back with its signature and not without",
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "A", reasoning_content: "Hm.", reasoning_signature: "sig" },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "B", reasoning_content: "Hm." },
      ],
      translated: [
        { role: "user", content: [text("Hi")] },
        { role: "assistant", content: [{ type: "thinking", thinking: "Hm.", signature: "sig" }, text("A")] },
        { role: "user", content: [text("Hi")] },
        { role: "assistant", content: [text("B")] },
      ],
    },
  ];
  for (const { name, messages, translated } of cases) {
    test(name, () => assert.deepEqual(conversation(messages), translated));
  }
});

describe("refused with status 400", () => {
  const user = (content: ChatMessage["content"]) => ({ messages: [{ role: "user", content }] as ChatMessage[] });
  const cases: [string, Partial<ChatCompletionsCreateParams>][] = [
    ["more than one choice", { n: 2 }],
    ["sound", user([{ type: "input_audio", input_audio: { data: "x", format: "wav" } }])],
    ["an image that is no URL", user([{ type: "image_url", image_url: { url: "cat.png" } }])],
    ["a file without anything", user([{ type: "file", file: {} }])],
    ["a file that OpenAI keeps", user([{ type: "file", file: { file_id: "file-1" } }])],
    ["arguments that are not JSON", { messages: [{ role: "assistant", tool_calls: [call("a", "f", "{nonsense")] }] }],
    ["arguments that are a list", { messages: [{ role: "assistant", tool_calls: [call("a", "f", "[1]")] }] }],
    ["function messages", { messages: [{ role: "function", name: "f", content: "x" }] }],
  ];
  for (const [name, params] of cases) {
    test(name, () => {
      const refused = (error: unknown) =>
        error instanceof ProviderFailure && error.status === 400 && error.upstream?.param !== undefined;
      assert.throws(() => body(params), refused);
    });
  }
});
