// The body of a request in OpenAI's dialect: the caller's own text where it says what has to be said, for writing it again
// would cost more than anything else that is done to it.

import { type JsonText, placeOf, textBehind, withValue } from "../../core/json-text.ts";
import { sentOf } from "../../core/messages/sent.ts";
import type { ProviderCall } from "../../core/provider.ts";
import type { ChatCompletionsCreateParams } from "../../generated/types.ts";
import { translatedMessages } from "./translated.ts";

type Params = ChatCompletionsCreateParams;

const NEW_LIMIT = ["max_completion_tokens", "max_tokens"] as const;
const OLD_LIMIT = ["max_tokens", "max_completion_tokens"] as const;

/** Usage is always asked for; the broker keeps it from a client that did not ask. */
export function streamBody(call: ProviderCall): JsonText {
  const { params } = call;
  const isStream = params.stream === true && params.stream_options?.include_usage === true;
  const stream_options = { ...params.stream_options, include_usage: true };
  return (isStream && asSent(call)) || JSON.stringify({ ...params, ...changes(call), stream: true, stream_options });
}

/** Without the members that only a stream may have. */
export function wholeBody(call: ProviderCall): JsonText {
  const { params } = call;
  const isWhole = (params.stream === undefined || params.stream === false) && params.stream_options === undefined;
  const none = { stream: undefined, stream_options: undefined };
  return (isWhole && asSent(call)) || JSON.stringify({ ...params, ...changes(call), ...none });
}

/** What every body says otherwise than the caller did. Members of the broker's own are set to undefined: they fall away. */
function changes(call: ProviderCall): object {
  const { params, target, maxTokens } = call;
  const { modelId, provider } = target.backend;
  const strict = provider.name === "openai";
  const translated = sentOf(params) !== undefined;
  // Who writes in Anthropic's dialect can't know that OpenAI itself refuses top_k.
  const unknown = translated && strict ? { top_k: undefined } : undefined;
  const messages = translatedMessages(call);
  const own = {
    ...{ model: modelId, models: undefined, max_cost: undefined, _meta: undefined },
    ...unknown,
    ...(messages ? { messages } : undefined),
  };
  const most = maxTokens ?? (translated ? params.max_tokens : undefined);
  if (typeof most !== "number") return own;
  // OpenAI's newer models refuse the older name, most other servers know only that; together they are refused.
  const [name, other] = strict ? NEW_LIMIT : OLD_LIMIT;
  // Money is limited: the vendor must not be asked for a service at another price.
  return { ...own, [name]: most, [other]: undefined, service_tier: undefined };
}

/** The caller's text with the vendor's name of the model; `undefined` where that does not say the same. */
function asSent({ params, target, maxTokens }: ProviderCall): JsonText | undefined {
  const sent = textBehind(params);
  if (!sent || maxTokens !== undefined || hasOwn(params)) return undefined;
  const text = typeof sent === "string" ? sent : Buffer.from(sent.buffer, sent.byteOffset, sent.length).toString();
  const place = placeOf(text, "model");
  // A member that stands there twice could be read one way here and the other way by the vendor.
  if (place?.members !== Object.keys(params).length) return undefined;
  const { modelId } = target.backend;
  return params.model === modelId ? sent : withValue(text, place, JSON.stringify(modelId));
}

/** Members that are for the broker alone. */
function hasOwn({ models, max_cost, _meta }: Params): boolean {
  return models !== undefined || max_cost !== undefined || _meta !== undefined;
}
