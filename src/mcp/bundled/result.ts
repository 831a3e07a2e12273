// A vendor's good answer as a tool result. An object of JSON is structured content and text, a picture is a picture,
// everything else is text. A message stays below the 10 MiB that MCP clients read over stdio, whatever the vendor sends.

import type { CallToolResult } from "@modelcontextprotocol/server";
import { parsed } from "./fault.ts";
import { type HttpAnswer, MOST_BYTES } from "./http.ts";

/** Bytes of JSON that are given whole: they go out twice, and once more escaped. */
const MOST_JSON = 3 * 1_024 * 1_024;
/** Characters of any other text. */
const MOST_TEXT = 1_024 * 1_024;
const PICTURES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
const TEXT = /^$|^text\/|^application\/([\w.-]+\+)?(json|xml|javascript|x-ndjson)$|^image\/svg\+xml$/;

/** An answer that can't be shown: the message says why. */
export class NotShown extends Error {
  override readonly name = "NotShown";
}

/** `conceal` takes the key out of text. Throws a NotShown. */
export function resultOf(
  answer: HttpAnswer,
  wanted: "json" | "any",
  conceal: (text: string) => string,
): CallToolResult {
  const [type = "", charset] = contentType(answer.headers);
  if (wanted === "any" && PICTURES.includes(type)) return picture(answer, type);
  if (wanted === "any" && !TEXT.test(type)) {
    throw new NotShown(`answered with ${type.slice(0, 100)}, which is neither text nor a picture`);
  }
  const text = conceal(decoded(answer.bytes, charset));
  if (answer.cut || answer.bytes.length > MOST_JSON) return { content: [{ type: "text", text: shortened(text) }] };
  const json = parsed(text);
  if (json === undefined && wanted === "json") {
    throw new NotShown(`answered with ${type.slice(0, 100) || "no type"} where JSON was expected: ${beginning(text)}`);
  }
  return textual(json, text);
}

/** The type, in lower case, and its character set. */
function contentType(headers: Headers): [type: string, charset: string | undefined] {
  const [type = "", ...parameters] = (headers.get("content-type") ?? "").toLowerCase().split(";");
  return [type.trim(), parameters.map((each) => /^\s*charset="?([\w-]+)/.exec(each)?.[1]).find((each) => each)];
}

/** Pages come in many character sets; one that nobody knows is read as UTF-8. */
function decoded(bytes: Buffer, charset = "utf-8"): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}

function textual(json: unknown, text: string): CallToolResult {
  if (json === null || typeof json !== "object") return { content: [{ type: "text", text: shortened(text) }] };
  const content: CallToolResult["content"] = [{ type: "text", text }];
  return Array.isArray(json) ? { content } : { content, structuredContent: json as Record<string, unknown> };
}

function picture({ bytes, cut }: HttpAnswer, mimeType: string): CallToolResult {
  if (cut) throw new NotShown(`answered with a picture of more than ${MOST_BYTES / 1_024 / 1_024} MiB`);
  return { content: [{ type: "image", data: bytes.toString("base64"), mimeType }] };
}

function shortened(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  return `${text.slice(0, MOST_TEXT)}\n[cut here: the answer is longer than ${MOST_TEXT} characters]`;
}

function beginning(text: string): string {
  return text.slice(0, 300).replace(/\s+/g, " ").trim();
}
