// The parts of a message as Anthropic's content blocks: text, images, documents. `cache_control` stays on its part.

import type { AssistantMessage, UserMessage } from "../../generated/types.ts";
import { dataUrl } from "../data-url.ts";
import { type Peer, refusal } from "../failure.ts";

export type Block = Record<string, unknown>;
type Content = UserMessage["content"] | NonNullable<AssistantMessage["content"]>;
type Part = Exclude<Content, string>[number];

/** Anthropic's ids of files; OpenAI's have a hyphen there. */
const OWN_FILE = /^file_/;

/** Empty text is left out: Anthropic refuses it. Throws a ProviderFailure with status 400 for sound, other vendors' files and other parts. */
export function blocks(content: Content, peer: Peer): Block[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  const list: Block[] = [];
  for (const part of content) {
    const block = partBlock(part, peer);
    if (block.type === "text" && block.text === "") continue;
    list.push(part.cache_control === undefined ? block : { ...block, cache_control: part.cache_control });
  }
  return list;
}

function partBlock(part: Part, peer: Peer): Block {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "refusal":
      return { type: "text", text: part.refusal };
    case "image_url":
      return { type: "image", source: source(part.image_url.url, peer) };
    case "file":
      return fileBlock(part.file, peer);
    case "input_audio":
      throw refusal(peer, "sound is not taken", "messages");
  }
  throw refusal(peer, `parts of type ${String((part as { type: unknown }).type)} are not taken`, "messages");
}

function fileBlock(file: Extract<Part, { type: "file" }>["file"], peer: Peer): Block {
  const title = file.filename === undefined ? {} : { title: file.filename };
  if (file.file_id && !OWN_FILE.test(file.file_id)) {
    throw refusal(peer, "files are known by their ids to their own vendor alone", "messages");
  }
  if (file.file_id) return { type: "document", source: { type: "file", file_id: file.file_id }, ...title };
  const inline = dataUrl(file.file_data ?? "");
  if (inline?.mediaType.startsWith("image/")) return { type: "image", source: source(file.file_data ?? "", peer) };
  if (inline?.mediaType.startsWith("text/")) {
    const data = Buffer.from(inline.base64, "base64").toString();
    return { type: "document", source: { type: "text", media_type: "text/plain", data }, ...title };
  }
  return { type: "document", source: source(file.file_data ?? "", peer), ...title };
}

function source(url: string, peer: Peer): Block {
  if (/^https?:\/\//i.test(url)) return { type: "url", url };
  const inline = dataUrl(url);
  if (inline) return { type: "base64", media_type: inline.mediaType, data: inline.base64 };
  throw refusal(peer, "images and files must be data: URLs in base64, or http(s) URLs", "messages");
}
