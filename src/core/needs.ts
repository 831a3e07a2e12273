// What a request asks of a model: capabilities, and a rough size for admission. Sizes are bytes/4, never a tokenizer:
// they only rule out models that are far too small.

import type { Capability, ChatCompletionsCreateParams } from "../generated/types.ts";

export interface Needs {
  readonly capabilities: ReadonlySet<Capability>;
  /** Estimate. */
  readonly promptTokens: number;
  /** As asked; `undefined`: the model's own limit. */
  readonly maxTokens: number | undefined;
}

const PART_CAPABILITY: Readonly<Record<string, Capability>> = {
  image_url: "vision",
  input_audio: "audio",
  file: "file",
};

export function needsOf(params: ChatCompletionsCreateParams): Needs {
  const capabilities = new Set<Capability>();
  if (params.tools?.length || params.functions?.length) capabilities.add("tool_calling");
  if (params.response_format?.type === "json_schema") capabilities.add("json_schema");
  if (params.modalities?.includes("audio")) capabilities.add("audio");
  let characters = 0;
  for (const { content } of params.messages) {
    if (typeof content === "string") characters += content.length;
    else if (content)
      for (const part of content) {
        const capability = PART_CAPABILITY[part.type];
        if (capability) capabilities.add(capability);
        if (part.type === "text") characters += part.text.length;
      }
  }
  return {
    capabilities,
    promptTokens: Math.ceil(characters / 4),
    maxTokens: params.max_completion_tokens ?? params.max_tokens ?? undefined,
  };
}
