// An OpenAI chat request in the demo model's terms. What the model can't do at all is refused as a vendor would refuse
// it; what would only make its answer better (optional tools, a JSON mode) is passed over.

import { ProviderFailure } from "../../core/provider.ts";
import type { ChatCompletionsCreateParams, ChatMessage } from "../../generated/types.ts";
import type { GenerateRequest, Turn } from "./protocol.ts";

const MOST_CHOICES = 8;
/** No token is longer than 16 bytes and the context holds 512, so what lies before the last 8192 characters never fits. */
const MOST_CHARACTERS = 8_192;

/** `randomSeed` counts when the caller gives none, `most` (tokens) in place of what the caller gives. Throws a ProviderFailure with status 400. */
export function toGenerateRequest(
  params: ChatCompletionsCreateParams,
  randomSeed: number,
  most?: number,
): GenerateRequest {
  refuseUnsupported(params);
  return {
    turns: newest(params.messages.map(toTurn)),
    choices: params.n ?? 1,
    maxTokens: most ?? params.max_completion_tokens ?? params.max_tokens ?? undefined,
    stops: [params.stop ?? []].flat().flatMap((stop) => (stop === "" ? [] : [stop.toWellFormed()])),
    seed: params.seed ?? randomSeed,
    temperature: params.temperature ?? 1,
    topP: params.top_p ?? 1,
    frequencyPenalty: params.frequency_penalty ?? 0,
    presencePenalty: params.presence_penalty ?? 0,
    logitBias: new Map(Object.entries(params.logit_bias ?? {}).map(([token, bias]) => [Number(token), bias])),
    topLogprobs: params.logprobs ? (params.top_logprobs ?? 0) : undefined,
  };
}

export function contextLengthExceeded(): ProviderFailure {
  return refusal(
    "the newest message is longer than the 512 tokens of the demo model",
    "context_length_exceeded",
    "messages",
  );
}

function refusal(message: string, code: string, param: string): ProviderFailure {
  const upstream = { message, type: "invalid_request_error", code, param };
  return new ProviderFailure("status", `the embedded model refused the request: ${message}`, { status: 400, upstream });
}

function unsupported(what: string, param: string): ProviderFailure {
  return refusal(`${what} not supported by the demo model`, "unsupported", param);
}

function refuseUnsupported(params: ChatCompletionsCreateParams): void {
  const { tool_choice, function_call, response_format, modalities, n } = params;
  if (tool_choice === "required" || isNamed(tool_choice)) throw unsupported("tool calls are", "tool_choice");
  if (isNamed(function_call)) throw unsupported("function calls are", "function_call");
  if (response_format?.type === "json_schema" && response_format.json_schema?.strict) {
    throw unsupported("a strict JSON schema is", "response_format");
  }
  if (modalities?.some((modality) => modality !== "text")) throw unsupported("output other than text is", "modalities");
  if ((n ?? 1) > MOST_CHOICES)
    throw refusal(`the demo model gives at most ${MOST_CHOICES} choices`, "invalid_value", "n");
}

/** An object names a tool, except for a list of allowed tools that leaves the choice. */
function isNamed(choice: unknown): boolean {
  if (typeof choice !== "object" || choice === null) return false;
  const { allowed_tools: allowed } = choice as { allowed_tools?: { mode?: unknown } | null };
  return allowed?.mode !== "auto";
}

function toTurn(message: ChatMessage, index: number): Turn {
  return { role: ROLES[message.role], text: textOf(message.content, `messages.${index}.content`) };
}

const ROLES = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "user",
  function: "user",
} as const satisfies Record<ChatMessage["role"], Turn["role"]>;

function textOf(content: ChatMessage["content"], param: string): string {
  if (typeof content === "string") return content;
  let text = "";
  for (const part of content ?? []) {
    if (part.type === "text") text += part.text;
    else if (part.type === "refusal") text += part.refusal;
    else throw unsupported(`content of type ${part.type} is`, param);
  }
  return text;
}

/** The newest turns that could fit, so that a long history is not copied to the model's thread. */
function newest(turns: readonly Turn[]): readonly Turn[] {
  let characters = 0;
  let first = turns.length;
  while (first > 0) {
    characters += (turns[first - 1] as Turn).text.length;
    if (characters > MOST_CHARACTERS) break;
    first--;
  }
  if (first === turns.length) throw contextLengthExceeded();
  return turns.slice(first);
}
