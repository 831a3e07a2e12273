// What a server answered to a tool call, as the document knows it: blocks of content are objects with a type. What is none
// is left out, so that nobody behind this has to look again.

import { isObject } from "../../core/json-object.ts";
import type { McpToolResult } from "../../generated/types.ts";

/** A question back to the caller (`input_required`) has no content. */
export function toToolResult(result: object): McpToolResult {
  const { content, resultType } = result as { readonly content?: unknown; readonly resultType?: unknown };
  if (resultType === "input_required" && content === undefined) return result as McpToolResult;
  if (Array.isArray(content) && content.every(isBlock)) return result as McpToolResult;
  return { ...result, content: Array.isArray(content) ? content.filter(isBlock) : [] };
}

function isBlock(value: unknown): value is McpToolResult["content"][number] {
  return isObject(value) && typeof value.type === "string";
}
