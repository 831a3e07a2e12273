// Items: what a response was asked and what it answered, in OpenAI's words. Input is put in its full form before it is
// kept, so that every item has an id and content is always a list of parts.

import type { ResponsesCreateParams } from "../../generated/types.ts";
import { type Json, objectAt, unfit } from "./fault.ts";

export type Item = Json;

const PREFIX: Readonly<Record<string, string>> = {
  message: "msg",
  function_call: "fc",
  function_call_output: "fco",
  reasoning: "rs",
  mcp_call: "mcp",
  mcp_list_tools: "mcpl",
};

/** The letters that the ids of a response and of all its items share. */
export function stemOf(responseId: string): string {
  return responseId.slice(responseId.indexOf("_") + 1);
}

/** Unique among all items, because the stem is; `place` tells items of one response apart. */
export function itemId(type: string, stem: string, place: string): string {
  return `${PREFIX[type] ?? "item"}_${stem}${place}`;
}

/** The `input` of a request. Throws `invalid_params`. */
export function inputItems(input: ResponsesCreateParams["input"], stem: string): Item[] {
  if (input === undefined || input === null) return [];
  const list = typeof input === "string" ? [{ role: "user", content: input }] : input;
  return list.map((item, index) => fullItem(item, stem, index));
}

function fullItem(item: Json, stem: string, index: number): Item {
  const param = `/input/${index}`;
  const type = item.type ?? (item.role === undefined ? undefined : "message");
  if (type === "item_reference") throw unfit(`${param}/type`, "item_reference is not supported: send the item itself");
  if (typeof type !== "string") throw unfit(`${param}/type`, "is required");
  const id = typeof item.id === "string" && item.id !== "" ? item.id.slice(0, 128) : itemId(type, stem, `i${index}`);
  if (type !== "message") return { ...item, id, type };
  return { ...item, id, type, status: item.status ?? "completed", content: parts(item, param) };
}

function parts({ role, content }: Json, param: string): readonly Json[] {
  if (typeof content === "string") {
    return role === "assistant"
      ? [{ type: "output_text", text: content, annotations: [] }]
      : [{ type: "input_text", text: content }];
  }
  if (!Array.isArray(content)) throw unfit(`${param}/content`, "must be text or a list of parts");
  return content.map((part, index) => objectAt(part, `${param}/content/${index}`));
}
