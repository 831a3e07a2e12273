// How hard Claude is asked to think, and the sampling that goes with it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../src/generated/types.ts";
import { body, type TargetFacts } from "./anthropic-body.ts";

const call = (id: string, name: string, args: string) => ({
  id,
  type: "function",
  function: { name, arguments: args },
});

describe("thinking", () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const toolTurn = (more: object): ChatMessage[] => [
    { role: "user", content: "Hi" },
    { role: "assistant", tool_calls: [call("a", "f", "{}")], ...more },
    { role: "tool", tool_call_id: "a", content: "x" },
  ];
  const cases: { name: string; params: Partial<ChatCompletionsCreateParams>; facts?: TargetFacts; sent: object }[] = [
    {
      name: "low",
      params: { reasoning_effort: "low", max_tokens: 9_000 },
      sent: { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 1_024 } },
    },
    {
      name: "medium raises max_tokens",
      params: { reasoning_effort: "medium", max_tokens: 500 },
      sent: { max_tokens: 4_596, thinking: { type: "enabled", budget_tokens: 4_096 } },
    },
    {
      name: "high, as far as the model goes",
      params: { reasoning_effort: "high", max_tokens: 4_000 },
      facts: { maxOutput: 8_192 },
      sent: { max_tokens: 8_192, thinking: { type: "enabled", budget_tokens: 8_191 } },
    },
    {
      name: "no room for it",
      params: { reasoning_effort: "high", max_tokens: 500 },
      facts: { maxOutput: 1_000 },
      sent: { max_tokens: 500 },
    },
    { name: "none", params: { reasoning_effort: "none", max_tokens: 500 }, sent: { max_tokens: 500 } },
    {
      name: "sampling gives way to it",
      params: { reasoning_effort: "low", max_tokens: 2_000, temperature: 0.2, top_p: 0.5, top_k: 4 },
      sent: { max_tokens: 2_000, temperature: 1, thinking: { type: "enabled", budget_tokens: 1_024 } },
    },
    {
      name: "gives way to a forced tool",
      params: { reasoning_effort: "low", max_tokens: 9_000, tools, tool_choice: "required" },
      sent: { max_tokens: 9_000 },
    },
    {
      name: "not in a turn of tools that began without",
      params: { reasoning_effort: "low", max_tokens: 9_000, messages: toolTurn({}) },
      sent: { max_tokens: 9_000 },
    },
    {
      name: "in a turn of tools that began with it",
      params: {
        reasoning_effort: "low",
        max_tokens: 9_000,
        messages: toolTurn({ reasoning_content: "Hm", reasoning_signature: "s" }),
      },
      sent: { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 1_024 } },
    },
    {
      name: "the caller's own",
      params: { reasoning_effort: "low", max_tokens: 9_000, thinking: { type: "adaptive" } },
      sent: { max_tokens: 9_000, thinking: { type: "adaptive" } },
    },
    {
      name: "by effort from 4.6 on",
      params: { reasoning_effort: "minimal", max_tokens: 500 },
      facts: { modelId: "claude-opus-4-6" },
      sent: {
        max_tokens: 500,
        thinking: { type: "adaptive", display: "summarized" },
        output_config: { effort: "low" },
      },
    },
    {
      name: "xhigh",
      params: { reasoning_effort: "xhigh", max_tokens: 500, temperature: 0 },
      facts: { modelId: "claude-sonnet-5" },
      sent: {
        max_tokens: 500,
        thinking: { type: "adaptive", display: "summarized" },
        output_config: { effort: "xhigh" },
      },
    },
    {
      name: "off where it is the default",
      params: { reasoning_effort: "none", max_tokens: 500 },
      facts: { modelId: "claude-opus-5" },
      sent: { max_tokens: 500, thinking: { type: "disabled" } },
    },
    {
      name: "a budget for a dated 4.0",
      params: { reasoning_effort: "low", max_tokens: 9_000 },
      facts: { modelId: "claude-opus-4-20250514" },
      sent: { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 1_024 } },
    },
    {
      name: "a budget for 3.7",
      params: { reasoning_effort: "low", max_tokens: 9_000 },
      facts: { modelId: "claude-3-7-sonnet-latest" },
      sent: { max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 1_024 } },
    },
  ];
  for (const { name, params, facts, sent } of cases) {
    test(name, () => {
      const { model: _, messages: __, stream: ___, tools: ____, tool_choice: _____, ...rest } = body(params, facts);
      assert.deepEqual(rest, sent);
    });
  }
});
