// Anthropic's content blocks as parts of a chat message. A block that is not whole is told by its place; one of a kind that
// is not known here stays as it is, for the vendor to refuse.

import type { MessageParam, UserMessage } from "../../generated/types.ts";
import { BrokerError } from "../errors.ts";

export type Block = Exclude<MessageParam["content"], string>[number];
export type Part = Exclude<UserMessage["content"], string>[number];
type Json = Record<string, unknown>;

/** Between texts that were blocks of their own. */
const GAP = "\n\n";

/** `at` is the block's JSON pointer. Throws `invalid_params`. */
export function parts(block: Block, at: string): Part[] {
  switch (block.type) {
    case "text": {
      const text = string(block, "text", at);
      return text === "" ? [] : [{ type: "text", text }];
    }
    case "image":
      return [image(source(block, at), `${at}/source`)];
    case "document":
      return document(block, source(block, at), `${at}/source`);
    case "search_result":
      return [{ type: "text", text: searchResult(block, at) }];
  }
  return [block as unknown as Part];
}

/** As text alone where it is nothing else: not every server takes a list. */
export function simplest(list: readonly Part[]): string | Part[] {
  return list.every(isText) ? list.map(({ text }) => text).join(GAP) : [...list];
}

export function isText(part: Part): part is Extract<Part, { type: "text" }> {
  return part.type === "text";
}

/** A member that must be there. Throws `invalid_params`. */
export function string(of: Json, name: string, at: string): string {
  const value = of[name];
  if (typeof value === "string") return value;
  throw invalid(`${at}/${name}`, "must be a string");
}

export function invalid(param: string, fault: string): BrokerError {
  return new BrokerError("invalid_params", `${param}: ${fault}`, { param });
}

function source(block: Block, at: string): Json {
  const { source: value } = block;
  if (typeof value === "object" && value !== null) return value as Json;
  throw invalid(`${at}/source`, "must be an object");
}

function image(from: Json, at: string): Part {
  if (from.type === "file") return file({ file_id: string(from, "file_id", at) });
  const url = from.type === "url" ? string(from, "url", at) : dataUrl(from, at);
  return { type: "image_url", image_url: { url } };
}

function document(block: Block, from: Json, at: string): Part[] {
  const title = typeof block.title === "string" && block.title !== "" ? block.title : undefined;
  const heading: Part[] = title ? [{ type: "text", text: title }] : [];
  switch (from.type) {
    case "text":
      return [...heading, { type: "text", text: string(from, "data", at) }];
    case "content":
      return [...heading, ...inner(from.content, `${at}/content`)];
    case "file":
      return [file({ file_id: string(from, "file_id", at) })];
    case "url":
      return [file({ filename: title ?? "document.pdf", file_data: string(from, "url", at) })];
  }
  return [file({ filename: title ?? "document.pdf", file_data: dataUrl(from, at) })];
}

/** What stands inside of a block: text, or blocks. */
export function inner(content: unknown, at: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (content === undefined || content === null) return [];
  if (!Array.isArray(content)) throw invalid(at, "must be a string or an array");
  return content.flatMap((block: unknown, index) => {
    if (typeof block === "object" && block !== null) {
      string(block as Json, "type", `${at}/${index}`);
      return parts(block as Block, `${at}/${index}`);
    }
    throw invalid(`${at}/${index}`, "must be an object");
  });
}

function searchResult(block: Block, at: string): string {
  const texts = inner(block.content, `${at}/content`).filter(isText);
  const heading = `${string(block, "title", at)} (${string(block, "source", at)})`;
  return [heading, ...texts.map(({ text }) => text)].join("\n");
}

function dataUrl(from: Json, at: string): string {
  return `data:${string(from, "media_type", at)};base64,${string(from, "data", at)}`;
}

function file(value: Extract<Part, { type: "file" }>["file"]): Part {
  return { type: "file", file: value };
}
