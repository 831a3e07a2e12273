// Anthropic's Messages dialect, translated both ways. Streams only: the broker folds a stream where a client wants the
// answer in one piece.

import type { Provider, ProviderCall } from "../core/provider.ts";
import { translate } from "./answer.ts";
import { messagesBody } from "./anthropic/request.ts";
import { AnthropicTranslation } from "./anthropic/stream.ts";
import { peerOf } from "./failure.ts";
import { asksOf, type Http, type HttpRequest } from "./http.ts";

const VERSION = "2023-06-01";

export function createAnthropicProvider(http: Http): Provider {
  return {
    stream: (call) =>
      translate(() => http.open(request(call)), new AnthropicTranslation(peerOf(call.target), Date.now())),
    close: () => http.close(),
  };
}

function request(call: ProviderCall): HttpRequest {
  const { target } = call;
  const headers = ["content-type", "application/json", "accept", "text/event-stream", "anthropic-version", VERSION];
  if (target.key.secret) headers.push("x-api-key", target.key.secret.reveal());
  return {
    ...asksOf(call),
    method: "POST",
    path: target.backend.provider.baseUrl.endsWith("/v1") ? "/messages" : "/v1/messages",
    headers,
    body: JSON.stringify(messagesBody(call.params, target, call.maxTokens)),
  };
}
