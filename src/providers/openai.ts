// OpenAI's dialect of chat completions, which most vendors and local servers speak. The middle form is this dialect, so
// requests go up as they are, and frames that need no change are handed on as the bytes they came in.

import { type Provider, type ProviderCall, ProviderFailure } from "../core/provider.ts";
import type { ChatCompletion } from "../generated/types.ts";
import { parseObject, translate } from "./answer.ts";
import { errorInAnswer, isErrorObject, type Peer, peerOf } from "./failure.ts";
import type { Http, HttpRequest } from "./http.ts";
import { OpenAiTranslation } from "./openai/stream.ts";

export function createOpenAiProvider(http: Http): Provider {
  return {
    stream: (call) =>
      translate(
        () => http.open(request(call, streamBody(call), "text/event-stream")),
        new OpenAiTranslation(peerOf(call.target)),
      ),
    async complete(call) {
      const { body } = await http.send(request(call, wholeBody(call), "application/json"));
      return completion(peerOf(call.target), body.toString());
    },
    close: () => http.close(),
  };
}

/** Usage is always asked for; the broker keeps it from a client that did not ask. Members set to undefined fall away. */
function streamBody({ params, target }: ProviderCall): string {
  const stream_options = { ...params.stream_options, include_usage: true };
  return JSON.stringify({ ...params, _meta: undefined, model: target.backend.modelId, stream: true, stream_options });
}

/** Without the members that only a stream may have. */
function wholeBody({ params, target }: ProviderCall): string {
  const model = target.backend.modelId;
  return JSON.stringify({ ...params, _meta: undefined, model, stream: undefined, stream_options: undefined });
}

function request({ target, signal }: ProviderCall, body: string, accept: string): HttpRequest {
  const headers = ["content-type", "application/json", "accept", accept];
  if (target.key.secret) headers.push("authorization", `Bearer ${target.key.secret.reveal()}`);
  return {
    provider: target.backend.provider,
    key: target.key,
    method: "POST",
    path: "/chat/completions",
    headers,
    body,
    signal,
  };
}

function completion(from: Peer, text: string): ChatCompletion {
  const value = parseObject(text);
  if (value && isErrorObject(value)) throw errorInAnswer(from, value);
  if (value && Array.isArray((value as ChatCompletion).choices)) return value as ChatCompletion;
  throw new ProviderFailure("garbled", `${from.name}: the answer is not a chat completion`);
}
