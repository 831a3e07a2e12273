// What a request asks of a model: capabilities, and a rough size for admission. Sizes are bytes/4, never a tokenizer:
// they rule out models that are far too small, and tell what to hold.

import type { Capability, ChatCompletionsCreateParams } from "../generated/types.ts";
import type { Model } from "./model.ts";
import { NO_UNITS, type Units } from "./usage.ts";

export interface Needs {
  readonly capabilities: ReadonlySet<Capability>;
  /** Estimate. */
  readonly promptTokens: number;
  /** For each choice, as asked; `undefined`: the model's own limit. */
  readonly maxTokens: number | undefined;
  /** Choices asked for. */
  readonly choices: number;
  /** What is billed beside tokens, estimated. */
  readonly units: Units;
}

export type ChatNeeds = Pick<
  ChatCompletionsCreateParams,
  "tools" | "functions" | "response_format" | "modalities" | "max_tokens" | "max_completion_tokens" | "n"
> & { readonly messages?: ChatCompletionsCreateParams["messages"] };

const PART_CAPABILITY: Readonly<Record<string, Capability>> = {
  image_url: "vision",
  input_audio: "audio",
  file: "file",
};
const CHARACTERS_A_TOKEN = 4;
/** What OpenAI adds around each message. */
const TOKENS_A_MESSAGE = 4;
/** A large picture at OpenAI: 765 tokens and more. */
const TOKENS_A_PART = 800;
/** Assumed of a model that does not tell what it can write at most. */
const ASSUMED_MAX_OUTPUT = 16_384;

export function needsOf(params: ChatNeeds): Needs {
  const capabilities = new Set<Capability>();
  const { tools, functions, messages = [] } = params;
  if (tools?.length || functions?.length) capabilities.add("tool_calling");
  if (params.response_format?.type === "json_schema") capabilities.add("json_schema");
  if (params.modalities?.includes("audio")) capabilities.add("audio");
  let characters = 0;
  let tokens = TOKENS_A_MESSAGE * messages.length;
  for (const { content } of messages) {
    if (typeof content === "string") characters += content.length;
    else if (content)
      for (const part of content) {
        const capability = PART_CAPABILITY[part.type];
        if (capability) {
          capabilities.add(capability);
          tokens += TOKENS_A_PART;
        }
        if (part.type === "text") characters += part.text.length;
      }
  }
  if (tools?.length) characters += JSON.stringify(tools).length;
  if (functions?.length) characters += JSON.stringify(functions).length;
  tokens += Math.ceil(characters / CHARACTERS_A_TOKEN);
  return {
    capabilities,
    promptTokens: tokens,
    maxTokens: params.max_completion_tokens ?? params.max_tokens ?? undefined,
    choices: params.n ?? 1,
    units: NO_UNITS,
  };
}

/** Output tokens that an answer of this model can have at most, all choices together. */
export function mostOutput({ promptTokens, maxTokens, choices }: Needs, model: Model): number {
  const own = model.maxOutput ?? ASSUMED_MAX_OUTPUT;
  const room = model.contextWindow > 0 ? Math.max(0, model.contextWindow - promptTokens) : own;
  return choices * Math.min(maxTokens ?? own, own, Math.max(room, 1));
}
