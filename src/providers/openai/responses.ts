// OpenAI's Responses, for a client that speaks them too, at a backend that is configured to: nothing is translated but for
// what metering needs.

import type { ProviderCall } from "../../core/provider.ts";
import { type SentResponse, sentOf, speaksResponses } from "../../core/responses/sent.ts";
import type { ChatCompletion } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";
import { errorInAnswer, garbled, isErrorObject, type Peer } from "../failure.ts";
import { endedResponse, statusOf, toCompletion } from "./responses-answer.ts";

export const RESPONSES_PATH = "/responses";

/** The request to pass on; `undefined`: it is a chat request, or this backend knows only those. */
export function passedOn({ params, target }: ProviderCall): SentResponse | undefined {
  return speaksResponses(target.backend) ? sentOf(params) : undefined;
}

/** An answer in one piece. Throws a ProviderFailure for one that says it failed, or is not whole. */
export function responseCompletion(from: Peer, text: string): ChatCompletion {
  const value = parseObject(text);
  if (value && isErrorObject(value)) throw errorInAnswer(from, value, statusOf(value));
  const response = endedResponse(value);
  if (!response) throw garbled(from, "the answer is not a response that has ended");
  return toCompletion(response);
}
