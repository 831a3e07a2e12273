// completions.*: OpenAI's legacy completions.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { CompletionsCreateParams, TextCompletion } from "../generated/types.ts";

export interface CompletionsDeps {
  readonly completeText: (params: CompletionsCreateParams, call: Call) => Promise<TextCompletion>;
}

export function completionsMethods({ completeText }: CompletionsDeps): HandlersOf<"completions", Call> {
  return { "completions.create": completeText };
}
