// The params of a chat request in Anthropic's form.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { body, type TargetFacts } from "./anthropic-body.ts";

const text = (value: string) => ({ type: "text", text: value });

describe("params", () => {
  const tool = (name: string, more: object = {}) => ({ type: "function", function: { name, ...more } });
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const cases: {
    name: string;
    params: Partial<ChatCompletionsCreateParams>;
    facts?: TargetFacts;
    has: object;
    not?: string[];
  }[] = [
    {
      name: "defaults",
      params: {},
      has: { model: "claude-haiku-4-5", max_tokens: 4_096, stream: true },
      not: ["system", "temperature", "thinking"],
    },
    { name: "the model's longest answer", params: {}, facts: { maxOutput: 64_000 }, has: { max_tokens: 64_000 } },
    { name: "max_tokens", params: { max_tokens: 7 }, has: { max_tokens: 7 } },
    { name: "max_completion_tokens wins", params: { max_tokens: 7, max_completion_tokens: 9 }, has: { max_tokens: 9 } },
    {
      name: "sampling",
      params: { temperature: 1.7, top_p: 0.5, top_k: 3 },
      has: { temperature: 1, top_p: 0.5, top_k: 3 },
    },
    {
      name: "a top_p of 1 says nothing",
      params: { temperature: 0, top_p: 1 },
      has: { temperature: 0 },
      not: ["top_p"],
    },
    {
      name: "newer models sample as they like",
      params: { temperature: 0, top_p: 0.5, top_k: 3 },
      facts: { modelId: "claude-opus-4-7" },
      has: {},
      not: ["temperature", "top_p", "top_k"],
    },
    { name: "one stop", params: { stop: "END" }, has: { stop_sequences: ["END"] } },
    { name: "stops", params: { stop: ["a", "b"] }, has: { stop_sequences: ["a", "b"] } },
    { name: "user", params: { user: "u1" }, has: { metadata: { user_id: "u1" } } },
    { name: "metadata", params: { metadata: { user_id: "u2", other: "x" } }, has: { metadata: { user_id: "u2" } } },
    {
      name: "OpenAI's own members fall away",
      params: { seed: 1, logit_bias: {}, frequency_penalty: 1, service_tier: "flex", store: true },
      has: {},
      not: ["seed", "logit_bias", "frequency_penalty", "service_tier", "store"],
    },
    {
      name: "Anthropic's own members pass",
      params: { cache_control: { type: "ephemeral" }, container: "c", service_tier: "auto" },
      has: { cache_control: { type: "ephemeral" }, container: "c", service_tier: "auto" },
    },
    {
      name: "tools",
      params: {
        tools: [
          tool("f", { description: "F", parameters: schema, strict: true }),
          tool("g"),
          { type: "web_search_20250305", name: "web_search" },
        ],
      },
      has: {
        tools: [
          { name: "f", description: "F", input_schema: schema, strict: true },
          { name: "g", input_schema: { type: "object", properties: {} } },
          { type: "web_search_20250305", name: "web_search" },
        ],
      },
      not: ["tool_choice"],
    },
    {
      name: "tool_choice none",
      params: { tools: [tool("f")], tool_choice: "none" },
      has: { tool_choice: { type: "none" } },
    },
    {
      name: "tool_choice auto",
      params: { tools: [tool("f")], tool_choice: "auto" },
      has: { tool_choice: { type: "auto" } },
    },
    {
      name: "tool_choice required, one at a time",
      params: { tools: [tool("f")], tool_choice: "required", parallel_tool_calls: false },
      has: { tool_choice: { type: "any", disable_parallel_tool_use: true } },
    },
    {
      name: "tool_choice by name",
      params: { tools: [tool("f")], tool_choice: { type: "function", function: { name: "f" } } },
      has: { tool_choice: { type: "tool", name: "f" } },
    },
    {
      name: "one at a time",
      params: { tools: [tool("f")], parallel_tool_calls: false },
      has: { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    },
    {
      name: "no choice without tools",
      params: { tool_choice: "auto", parallel_tool_calls: false },
      has: {},
      not: ["tool_choice", "tools"],
    },
    {
      name: "a schema",
      params: { response_format: { type: "json_schema", json_schema: { name: "x", schema, strict: true } } },
      has: { output_config: { format: { type: "json_schema", schema } } },
    },
    {
      name: "JSON",
      params: { response_format: { type: "json_object" } },
      has: { system: [text("Answer with one JSON object and nothing else.")] },
    },
    { name: "text", params: { response_format: { type: "text" } }, has: {}, not: ["output_config", "system"] },
  ];
  for (const { name, params, facts, has, not = [] } of cases) {
    test(name, () => {
      const sent = body(params, facts);
      assert.deepEqual({ ...sent, ...has }, sent);
      for (const member of not) assert.equal(member in sent, false, member);
    });
  }
});
