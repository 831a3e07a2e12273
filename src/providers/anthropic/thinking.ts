// How hard the model thinks, and the sampling that goes with it. Claude 4.6 and later decide by an effort ("adaptive");
// earlier ones take a budget of tokens. Claude 4.7 and later refuse sampling parameters, so they are left out for them.

import type { Target } from "../../core/target.ts";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../generated/types.ts";

type Json = Record<string, unknown>;
type Effort = Exclude<NonNullable<ChatCompletionsCreateParams["reasoning_effort"]>, "none">;

/** Tokens of thinking. */
const BUDGETS: Readonly<Record<Effort, number>> = {
  minimal: 1_024,
  low: 1_024,
  medium: 4_096,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};
/** Versions, as claudeVersion gives them, from which on thinking has no budget, sampling is refused, thinking is the default. */
const ADAPTIVE = 406;
const NO_SAMPLING = 407;
const THINKS_ALWAYS = 500;
const SMALLEST_BUDGET = 1_024;
/** Lower values are refused beside thinking. */
const LOWEST_TOP_P = 0.95;

/** Adds thinking and sampling to a body that has its max_tokens, tools and tool_choice. `most`: bound of max_tokens. */
export function thinking(body: Json, params: ChatCompletionsCreateParams, target: Target, most?: number): void {
  const version = claudeVersion(target.backend.modelId);
  const effort = params.reasoning_effort;
  if (params.thinking !== undefined) body.thinking = params.thinking;
  else if (effort === "none") turnOff(body, version);
  else if (effort && version >= ADAPTIVE) adapt(body, effort, version);
  else if (effort && mayThink(body, params.messages)) budget(body, BUDGETS[effort], most ?? target.model.maxOutput);
  if (version < NO_SAMPLING) sample(body, params);
}

function turnOff(body: Json, version: number): void {
  if (version >= THINKS_ALWAYS) body.thinking = { type: "disabled" };
}

function adapt(body: Json, effort: Effort, version: number): void {
  const least = effort === "minimal" ? "low" : effort;
  const known = least === "xhigh" && version < 407 ? "high" : least;
  body.thinking = { type: "adaptive", display: "summarized" };
  body.output_config = { effort: known, ...(body.output_config as Json | undefined) };
}

/** The budget lies within max_tokens, so the answer's own share is put on top, as far as the model goes. */
function budget(body: Json, wanted: number, maxOutput: number | undefined): void {
  const asked = body.max_tokens as number;
  const total = asked > wanted ? asked : Math.min(asked + wanted, maxOutput ?? Number.POSITIVE_INFINITY);
  const tokens = Math.min(wanted, total - 1);
  if (tokens < SMALLEST_BUDGET) return;
  body.max_tokens = total;
  body.thinking = { type: "enabled", budget_tokens: tokens };
}

function sample(body: Json, params: ChatCompletionsCreateParams): void {
  const { temperature, top_p, top_k } = params;
  const thinks = (body.thinking as Json | undefined)?.type === "enabled";
  if (typeof temperature === "number") body.temperature = thinks ? 1 : Math.min(temperature, 1);
  // 1 says nothing, and newer models refuse it beside a temperature.
  if (typeof top_p === "number" && top_p < 1 && !(thinks && top_p < LOWEST_TOP_P)) body.top_p = top_p;
  if (top_k !== undefined && !thinks) body.top_k = top_k;
}

/**
 * With a budget, thinking excludes a forced tool, and a turn of tools that began without thinking can't go on with it:
 * clients that don't send reasoning_content and reasoning_signature back would be refused.
 */
function mayThink(body: Json, messages: readonly ChatMessage[]): boolean {
  const forced = (body.tool_choice as Json | undefined)?.type;
  if (forced === "any" || forced === "tool") return false;
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i] as ChatMessage;
    if (message.role === "user") return true;
    if (message.role === "assistant" && message.tool_calls) return Boolean(message.reasoning_signature);
  }
  return true;
}

/** 405 of `claude-sonnet-4-5-20250929`, 305 of `claude-3-5-haiku-latest`; 0: not told. */
function claudeVersion(modelId: string): number {
  const found = /claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)/.exec(modelId);
  return found ? Number(found[1]) * 100 + Number(found[2] ?? 0) : 0;
}
