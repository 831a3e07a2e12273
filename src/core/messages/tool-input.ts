// The arguments of a tool call, which OpenAI writes as JSON text and Anthropic as an object.

import { isObject } from "../json-object.ts";

/** No text is the empty object. Text that is no JSON object (it may have been cut) is kept under Anthropic's word for that. */
export function toolInput(text: string): object {
  if (text.trim() === "") return {};
  return parsed(text) ?? { INVALID_JSON: text };
}

/** `undefined`: not a JSON object, or not all of one. */
export function parsed(text: string): object | undefined {
  try {
    const input: unknown = JSON.parse(text);
    return isObject(input) ? input : undefined;
  } catch {
    return undefined;
  }
}
