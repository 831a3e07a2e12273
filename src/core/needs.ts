// What a request asks of a model: capabilities, and a rough size for admission. Sizes are bytes/4, never a tokenizer:
// they rule out models that are far too small, and tell what to hold.

import type { Capability, ChatCompletionsCreateParams, ChatMessage } from "../generated/types.ts";
import type { Model } from "./model.ts";
import { tokensAtMost, tokensRoughly } from "./text-size.ts";
import { NO_UNITS, type Units } from "./usage.ts";

export interface Needs {
  readonly capabilities: ReadonlySet<Capability>;
  /** Estimate, for room. */
  readonly promptTokens: number;
  /** For money: hardly any prompt of this size is more. */
  readonly promptTokensAtMost: number;
  /** For each choice, as asked; `undefined`: the model's own limit. */
  readonly maxTokens: number | undefined;
  /** Choices asked for. */
  readonly choices: number;
  /** The length of the answer is not for the caller to bound: all of `maxTokens` is to be paid for. */
  readonly fixedOutput?: boolean;
  /** What is billed beside tokens, estimated. */
  readonly units: Units;
}

export type ChatNeeds = Pick<
  ChatCompletionsCreateParams,
  "tools" | "functions" | "response_format" | "modalities" | "max_tokens" | "max_completion_tokens" | "n"
> & { readonly messages?: ChatCompletionsCreateParams["messages"] };

const PART_CAPABILITY: ReadonlyMap<unknown, Capability> = new Map([
  ["image_url", "vision"],
  ["input_audio", "audio"],
  ["file", "file"],
]);
/** What OpenAI adds around each message. */
const TOKENS_A_MESSAGE = 4;
/** A large picture at OpenAI: 765 tokens and more. */
const TOKENS_A_PART = 800;
/** Assumed of a model that does not tell what it can write at most. */
const ASSUMED_MAX_OUTPUT = 16_384;

export function needsOf(params: ChatNeeds): Needs {
  const capabilities = new Set<Capability>();
  const { tools, functions, response_format, messages = [] } = params;
  if (tools?.length || functions?.length) capabilities.add("tool_calling");
  if (response_format?.type === "json_schema") capabilities.add("json_schema");
  if (params.modalities?.includes("audio")) capabilities.add("audio");
  const beside = bytesOfOthers(params);
  let bytes = jsonBytes(tools) + jsonBytes(functions) + jsonBytes(response_format);
  let tokens = TOKENS_A_MESSAGE * messages.length;
  for (const message of messages) {
    const { content } = message;
    if (message.role === "assistant") bytes += bytesBeside(message);
    if (typeof content === "string") bytes += Buffer.byteLength(content);
    else if (content)
      for (const part of content) {
        const capability = PART_CAPABILITY.get(part.type);
        if (capability) {
          capabilities.add(capability);
          tokens += Math.max(TOKENS_A_PART, part.type === "image_url" ? 0 : fileTokens(part));
        }
        if (part.type === "text") bytes += Buffer.byteLength(part.text);
      }
  }
  return {
    capabilities,
    promptTokens: tokens + tokensRoughly(bytes),
    promptTokensAtMost: tokens + tokensAtMost(bytes + beside),
    maxTokens: limitOf(params),
    choices: params.n ?? 1,
    units: NO_UNITS,
  };
}

/** Members that are counted by themselves, or are no text for the model. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["messages", "tools", "functions", "response_format", "model", "models", "_meta", "metadata", "logit_bias"],
]);

/** What a vendor may read as a part of the prompt: predictions, documents and members that nobody here knows. */
function bytesOfOthers(params: object): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(params)) {
    if (KNOWN.has(name)) continue;
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    else if (typeof value === "object" && value !== null) bytes += JSON.stringify(value).length;
  }
  return bytes;
}

/** Of two limits the larger: vendors differ in which they listen to. */
function limitOf({ max_completion_tokens, max_tokens }: ChatNeeds): number | undefined {
  if (typeof max_completion_tokens !== "number") return max_tokens ?? undefined;
  return Math.max(max_completion_tokens, max_tokens ?? 0);
}

function jsonBytes(value: object | null | undefined): number {
  return value ? JSON.stringify(value).length : 0;
}

/** What an assistant's turn holds beside its content: tool calls, thinking, a refusal. */
function bytesBeside({ role: _, content: __, name: ___, ...more }: ChatMessage & { name?: unknown }): number {
  let bytes = 0;
  for (const value of Object.values(more)) {
    if (typeof value === "string") bytes += Buffer.byteLength(value);
    else if (typeof value === "object" && value !== null) bytes += JSON.stringify(value).length;
  }
  return bytes;
}

/** Audio comes to some ten tokens a second, a document to less than its bytes would as text. */
function fileTokens(part: object): number {
  return Math.ceil(JSON.stringify(part).length / 16);
}

/** Output tokens that an answer of this model can have at most, all choices together. */
export function mostOutput({ promptTokens, maxTokens, choices, fixedOutput }: Needs, model: Model): number {
  if (fixedOutput) return choices * (maxTokens ?? 0);
  const own = model.maxOutput ?? ASSUMED_MAX_OUTPUT;
  const room = model.contextWindow > 0 ? Math.max(0, model.contextWindow - promptTokens) : own;
  return choices * Math.min(maxTokens ?? own, own, Math.max(room, 1));
}
