// A responses.create request on its way through the chat engine: it goes along with the chat params that ask the same, so
// that a backend which speaks Responses itself gets it as it was sent. As in ../messages/sent.ts it stands under a symbol.

import type { ChatCompletionsCreateParams, ResponsesCreateParams } from "../../generated/types.ts";
import type { BrokerError } from "../errors.ts";
import type { Backend } from "../model.ts";
import type { Item } from "./items.ts";

export interface SentResponse {
  readonly params: ResponsesCreateParams;
  /** The items of the responses that it goes on from, oldest first. */
  readonly earlier: readonly Item[];
  /** Why chat can't ask the same: what backends that know only chat are spared. */
  readonly fault: BrokerError | undefined;
}

const SENT: unique symbol = Symbol("responses.create");

type Carrying = ChatCompletionsCreateParams & { readonly [SENT]?: SentResponse };

/** A copy that carries the request. */
export function withSent(params: ChatCompletionsCreateParams, sent: SentResponse): ChatCompletionsCreateParams {
  const carrying: Carrying = { ...params, [SENT]: sent };
  return carrying;
}

/** A copy that carries none: what is asked is not what was sent any more. */
export function withoutSent(params: ChatCompletionsCreateParams): ChatCompletionsCreateParams {
  const { [SENT]: _, ...plain } = params as Carrying;
  return plain;
}

/** The request that these chat params were translated from. */
export function sentOf(params: object): SentResponse | undefined {
  return (params as Carrying)[SENT];
}

/** Whether the configuration says that this backend takes such requests as they are. */
export function speaksResponses({ config, provider }: Backend): boolean {
  return config.responses === true && provider.dialect === "openai";
}
