// A messages.create request on its way through the chat engine. Chat params say what every dialect can carry; the request
// itself goes along under a symbol, so that a backend of its own dialect gets it as it was sent. No JSON can hold a symbol:
// callers can't put one there, and no other provider writes it upstream. Copies by spread keep it.

import type { ChatCompletionsCreateParams, MessagesCreateParams } from "../../generated/types.ts";

const SENT: unique symbol = Symbol("messages.create");

type Carrying = ChatCompletionsCreateParams & { readonly [SENT]?: MessagesCreateParams };

/** A copy that carries the request. */
export function withSent(params: ChatCompletionsCreateParams, sent: MessagesCreateParams): ChatCompletionsCreateParams {
  const carrying: Carrying = { ...params, [SENT]: sent };
  return carrying;
}

/** The request that these params were translated from. */
export function sentOf(params: ChatCompletionsCreateParams): MessagesCreateParams | undefined {
  return (params as Carrying)[SENT];
}
