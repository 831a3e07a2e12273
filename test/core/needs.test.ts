// What a request asks of a model.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { needsOf } from "../../src/core/needs.ts";
import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";

const needs = (more: object, content: unknown = "Hello!") =>
  needsOf({ model: "m", messages: [{ role: "user", content }], ...more } as ChatCompletionsCreateParams);

describe("capabilities", () => {
  const cases: readonly [name: string, more: object, content: unknown, capabilities: readonly string[]][] = [
    ["plain text", {}, "Hello!", []],
    ["tools", { tools: [{ type: "function", function: { name: "f" } }] }, "x", ["tool_calling"]],
    ["no tools", { tools: [] }, "x", []],
    ["tools null", { tools: null, functions: null }, "x", []],
    ["functions", { functions: [{ name: "f" }] }, "x", ["tool_calling"]],
    ["a JSON schema", { response_format: { type: "json_schema", json_schema: { name: "n" } } }, "x", ["json_schema"]],
    ["a JSON object", { response_format: { type: "json_object" } }, "x", []],
    ["spoken answers", { modalities: ["text", "audio"] }, "x", ["audio"]],
    ["an image", {}, [{ type: "image_url", image_url: { url: "http://x" } }], ["vision"]],
    ["a recording", {}, [{ type: "input_audio", input_audio: { data: "", format: "wav" } }], ["audio"]],
    ["a file", {}, [{ type: "file", file: { file_id: "f" } }], ["file"]],
    ["parts of no known type", {}, [{ type: "constructor" }, { type: { toString: 1 } }], []],
    ["text parts", {}, [{ type: "text", text: "x" }], []],
  ];
  for (const [name, more, content, capabilities] of cases) {
    test(name, () => assert.deepEqual([...needs(more, content).capabilities], capabilities));
  }
});

describe("size", () => {
  test("is a quarter of the characters, rounded up, and what messages, pictures and tools add", () => {
    assert.equal(needs({}, "").promptTokens, 4);
    assert.equal(needs({}, "x").promptTokens, 5);
    const tools = [{ type: "function" as const, function: { name: "f" } }];
    assert.equal(needs({ tools }, "").promptTokens, 4 + Math.ceil(JSON.stringify(tools).length / 4));
    const messages = [
      { role: "system", content: "1234" },
      { role: "assistant", content: null },
      { role: "assistant" },
      {
        role: "user",
        content: [
          { type: "text", text: "12345" },
          { type: "image_url", image_url: { url: "x".repeat(99) } },
        ],
      },
    ];
    assert.equal(needs({ messages }).promptTokens, 4 * 4 + 3 + 800);
  });

  test("of the answer is the larger of two limits, or the one there is, or open", () => {
    assert.equal(needs({ max_completion_tokens: 5, max_tokens: 9 }).maxTokens, 9);
    assert.equal(needs({ max_tokens: 9, max_completion_tokens: null }).maxTokens, 9);
    assert.equal(needs({ max_tokens: null }).maxTokens, undefined);
    assert.equal(needs({}).maxTokens, undefined);
  });
});
