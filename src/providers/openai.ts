// OpenAI's dialect of chat completions, which most vendors and local servers speak. The middle form is this dialect, so
// requests go up as they are, and frames that need no change are handed on as the bytes they came in.

import { type ChatProvider, type ProviderCall, ProviderFailure } from "../core/provider.ts";
import type { ChatCompletion } from "../generated/types.ts";
import { parseObject, translate } from "./answer.ts";
import { errorInAnswer, isErrorObject, type Peer, peerOf } from "./failure.ts";
import { asksOf, type Http, type HttpRequest } from "./http.ts";
import { openAiAudio } from "./openai/audio.ts";
import { streamBody, wholeBody } from "./openai/body.ts";
import { OpenAiTranslation } from "./openai/stream.ts";
import { openAiUnits } from "./openai/units.ts";

export function createOpenAiProvider(http: Http): ChatProvider {
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
    ...openAiUnits(http),
    ...openAiAudio(http),
    close: () => http.close(),
  };
}

function request(call: ProviderCall, body: Uint8Array | string, accept: string): HttpRequest {
  const { secret } = call.target.key;
  const headers = ["content-type", "application/json", "accept", accept];
  if (secret) headers.push("authorization", `Bearer ${secret.reveal()}`);
  return { ...asksOf(call), method: "POST", path: "/chat/completions", headers, body };
}

function completion(from: Peer, text: string): ChatCompletion {
  const value = parseObject(text);
  if (value && isErrorObject(value)) throw errorInAnswer(from, value);
  if (value && Array.isArray((value as ChatCompletion).choices)) return value as ChatCompletion;
  throw new ProviderFailure("garbled", `${from.name}: the answer is not a chat completion`);
}
