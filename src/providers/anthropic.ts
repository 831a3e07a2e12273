// Anthropic's Messages dialect, translated both ways, or passed on where the client speaks it too. Streams only: the broker
// folds a stream where a client wants the answer in one piece.

import { sentOf } from "../core/messages/sent.ts";
import { Told } from "../core/messages/told.ts";
import type { ChatProvider, ProviderCall } from "../core/provider.ts";
import { translate } from "./answer.ts";
import { messagesBody } from "./anthropic/request.ts";
import { betasOf, sentBody } from "./anthropic/sent.ts";
import { AnthropicTranslation } from "./anthropic/stream.ts";
import { peerOf } from "./failure.ts";
import { asksOf, type Http, type HttpRequest } from "./http.ts";

const VERSION = "2023-06-01";

export function createAnthropicProvider(http: Http): ChatProvider {
  return {
    stream(call) {
      const told = sentOf(call.params) && new Told();
      return translate(() => http.open(request(call)), new AnthropicTranslation(peerOf(call.target), Date.now(), told));
    },
    close: () => http.close(),
  };
}

function request(call: ProviderCall): HttpRequest {
  const { target, params, maxTokens } = call;
  const sent = sentOf(params);
  const headers = ["content-type", "application/json", "accept", "text/event-stream", "anthropic-version", VERSION];
  if (target.key.secret) headers.push("x-api-key", target.key.secret.reveal());
  const betas = sent && betasOf(sent);
  if (betas) headers.push("anthropic-beta", betas);
  return {
    ...asksOf(call),
    method: "POST",
    path: target.backend.provider.baseUrl.endsWith("/v1") ? "/messages" : "/v1/messages",
    headers,
    body: JSON.stringify(sent ? sentBody(sent, target, maxTokens) : messagesBody(params, target, maxTokens)),
  };
}
