// Anthropic's provider before a scripted upstream, for one test file.

import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { createAnthropicProvider } from "../../src/providers/anthropic.ts";
import { type AnthropicBlock, type AnthropicStreamOptions, anthropicEvents, anthropicSse } from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { sse } from "../support/upstream.ts";
import { type Collected, collect } from "./collect.ts";
import { openHouse } from "./house.ts";

export const { upstream, provider } = await openHouse(createAnthropicProvider);

/** What becomes of an answer of these blocks. */
export async function streamed(blocks: AnthropicBlock[], options?: AnthropicStreamOptions): Promise<Collected> {
  return answered(anthropicSse(anthropicEvents(blocks, options)));
}

/** What becomes of an answer in these bytes. */
export async function answered(bytes: Buffer, params: Partial<ChatCompletionsCreateParams> = {}): Promise<Collected> {
  upstream.script(sse(bytes));
  return collect(provider.stream(createCall(createTarget({ url: upstream.url, dialect: "anthropic" }), params)));
}
