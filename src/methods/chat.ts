// chat.*: conversations.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type { ChatCompletion, ChatCompletionsCreateParams } from "../generated/types.ts";

export interface ChatDeps {
  readonly complete: (params: ChatCompletionsCreateParams, call: Call) => Promise<ChatCompletion>;
}

export function chatMethods({ complete }: ChatDeps): HandlersOf<"chat", Call> {
  return { "chat.completions.create": complete };
}
