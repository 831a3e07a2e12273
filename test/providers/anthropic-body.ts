// What Anthropic is sent for a chat request.

import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { messagesBody } from "../../src/providers/anthropic/request.ts";
import { createTarget } from "../support/target.ts";

export interface TargetFacts {
  readonly modelId?: string;
  readonly maxOutput?: number;
}

export function body(params: Partial<ChatCompletionsCreateParams>, facts: TargetFacts = {}): Record<string, unknown> {
  const target = createTarget({ url: "http://127.0.0.1", dialect: "anthropic", modelId: "claude-haiku-4-5", ...facts });
  const all = { model: "our-model", messages: [{ role: "user" as const, content: "Hi" }], ...params };
  return JSON.parse(JSON.stringify(messagesBody(all, target))) as Record<string, unknown>;
}
