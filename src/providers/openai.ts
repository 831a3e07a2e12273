// OpenAI's dialect of chat completions, which most vendors and local servers speak. The middle form is this dialect, so
// requests go up as they are, and frames that need no change are handed on as the bytes they came in. Where a backend speaks
// Responses too, those go up as they came.

import { keepText, passText } from "../core/json-text.ts";
import type { ChatProvider, ProviderCall } from "../core/provider.ts";
import type { SentResponse } from "../core/responses/sent.ts";
import type { ChatCompletion } from "../generated/types.ts";
import { parseObject, translate } from "./answer.ts";
import { errorInAnswer, garbled, isErrorObject, type Peer, peerOf } from "./failure.ts";
import { asksOf, type Http, type HttpRequest } from "./http.ts";
import { openAiAudio } from "./openai/audio.ts";
import { streamBody, wholeBody } from "./openai/body.ts";
import { headersOf } from "./openai/headers.ts";
import { passedOn, RESPONSES_PATH, responseCompletion } from "./openai/responses.ts";
import { responsesBody } from "./openai/responses-body.ts";
import { ResponsesTranslation } from "./openai/responses-stream.ts";
import { OpenAiTranslation } from "./openai/stream.ts";
import { openAiUnits } from "./openai/units.ts";
import { asOpenAiTells } from "./openai/usage.ts";

export function createOpenAiProvider(http: Http): ChatProvider {
  return {
    stream(call) {
      const peer = peerOf(call.target);
      const sent = passedOn(call);
      return sent
        ? translate(() => http.open(responsesRequest(call, sent, true)), new ResponsesTranslation(peer))
        : translate(() => http.open(request(call, streamBody(call), "text/event-stream")), new OpenAiTranslation(peer));
    },
    async complete(call) {
      const sent = passedOn(call);
      if (sent) {
        const answer = await http.send(responsesRequest(call, sent, false));
        return responseCompletion(peerOf(call.target), answer.body.toString());
      }
      const { body } = await http.send(request(call, wholeBody(call), "application/json"));
      return completion(peerOf(call.target), body.toString());
    },
    ...openAiUnits(http),
    ...openAiAudio(http),
    close: () => http.close(),
  };
}

function responsesRequest(call: ProviderCall, sent: SentResponse, stream: boolean): HttpRequest {
  const accept = stream ? "text/event-stream" : "application/json";
  return { ...request(call, responsesBody(sent, call, stream), accept), path: RESPONSES_PATH };
}

function request(call: ProviderCall, body: Uint8Array | string, accept: string): HttpRequest {
  const headers = headersOf(call.target, "application/json", accept);
  return { ...asksOf(call), method: "POST", path: "/chat/completions", headers, body };
}

function completion(from: Peer, text: string): ChatCompletion {
  const value = parseObject(text);
  if (value && isErrorObject(value)) throw errorInAnswer(from, value);
  if (!value || !isCompletion(value)) throw garbled(from, "the answer is not a chat completion");
  const failed = value.choices.find(isErrorObject);
  if (failed) throw errorInAnswer(from, failed);
  keepText(value, text);
  if (!value.usage) return value;
  const usage = asOpenAiTells(value.usage);
  if (usage === value.usage) return value;
  const counted = { ...value, usage };
  passText(value, counted, "usage");
  return counted;
}

/** As far as the broker itself looks into it. */
function isCompletion(value: object): value is ChatCompletion {
  const { choices } = value as { choices?: unknown };
  return Array.isArray(choices) && choices.length > 0 && choices.every(isChoice);
}

function isChoice(choice: unknown): boolean {
  const { message } = (choice ?? {}) as { message?: { tool_calls?: unknown } | null };
  if (typeof message !== "object" || message === null) return false;
  const calls = message.tool_calls ?? [];
  return Array.isArray(calls) && calls.every((call) => typeof call === "object" && call !== null);
}
