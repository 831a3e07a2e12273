// The arguments of a tool call, which OpenAI writes as JSON text and other dialects as an object.

import { isObject } from "../core/json-object.ts";
import { type Peer, refusal } from "./failure.ts";

/** No text at all is the empty object. Throws a ProviderFailure with status 400 for anything but a JSON object. */
export function toolInput(text: string, peer: Peer): object {
  if (text.trim() === "") return {};
  try {
    const input: unknown = JSON.parse(text);
    if (isObject(input)) return input;
  } catch {
    // Said below.
  }
  throw refusal(peer, "the arguments of a tool call must be a JSON object", "messages");
}
