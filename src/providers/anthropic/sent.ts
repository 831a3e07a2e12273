// A request that came in this very dialect: it goes on as it was sent, but for the broker's own members, the vendor's name
// of the model, and what other backends left in the conversation that Anthropic would refuse.

import { isUnsigned } from "../../core/messages/turns.ts";
import type { Target } from "../../core/target.ts";
import type { MessageParam, MessagesCreateParams } from "../../generated/types.ts";

type Json = Record<string, unknown>;

/** The broker's members, and one that becomes a header: they fall away when the body is written. */
const OWN = { models: undefined, max_cost: undefined, _meta: undefined, betas: undefined };
/** Tokens. */
const SMALLEST_BUDGET = 1_024;
/** Of what a header may hold. */
const BETA = /^[\w.-]{1,128}$/;

/** The body of POST /v1/messages. `most`: tokens, in place of what was asked. */
export function sentBody(sent: MessagesCreateParams, target: Target, most?: number): Json {
  const body: Json = { ...sent, ...OWN, model: target.backend.modelId, stream: true };
  body.messages = sent.messages.map(provable);
  if (most !== undefined) bound(body, most);
  return body;
}

/** The value of `anthropic-beta`: clients of JSON-RPC have no headers, so names stand in a member that the SDKs know. */
export function betasOf({ betas }: MessagesCreateParams): string | undefined {
  if (!Array.isArray(betas)) return undefined;
  const names = betas.filter((name) => typeof name === "string" && BETA.test(name));
  return names.length > 0 ? names.join() : undefined;
}

function provable(message: MessageParam): MessageParam {
  const { role, content } = message;
  if (role !== "assistant" || typeof content === "string" || !content.some(isUnsigned)) return message;
  return { ...message, content: content.filter((block) => !isUnsigned(block)) };
}

/** A budget of thinking must lie within the limit. */
function bound(body: Json, most: number): void {
  body.max_tokens = most;
  const thinking = body.thinking as Json | null | undefined;
  if (typeof thinking?.budget_tokens !== "number" || thinking.budget_tokens < most) return;
  if (most > SMALLEST_BUDGET) body.thinking = { ...thinking, budget_tokens: most - 1 };
  else delete body.thinking;
}
