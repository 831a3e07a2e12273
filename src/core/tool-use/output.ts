// What a model is given to read of a tool's result: text up to a bound, pictures where it can see, and a word on
// everything else, so that nothing is missing without a trace.

import type { ImagePart, McpToolResult } from "../../generated/types.ts";

/** Characters of one result, and of all results of one request. */
const LONGEST_OUTPUT = 262_144;
const MOST_OUTPUT = 4_194_304;
/** Characters of base64; those of one picture, and of all of one request. */
const LARGEST_PICTURE = 8_388_608;
const MOST_OF_PICTURES = 33_554_432;
const MOST_PICTURES = 16;
const PICTURE_TYPES: ReadonlySet<unknown> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

type Block = McpToolResult["content"][number];

export interface ToolOutput {
  readonly text: string;
  /** Tools' messages hold text alone, so these are shown by a message of their own. */
  readonly pictures: readonly ImagePart[];
}

/** What the results of one request may still bring into its conversation. */
export class OutputRoom {
  #text = MOST_OUTPUT;
  #pictures = MOST_OF_PICTURES;

  /** As much of it as there is room for, and a note where that is not all. */
  fit({ text, pictures }: ToolOutput): ToolOutput {
    const fit = bounded(text, Math.min(LONGEST_OUTPUT, this.#text));
    this.#text = Math.max(0, this.#text - fit.length);
    const shown = pictures.filter((picture) => this.#holds(picture));
    const missing = pictures.length - shown.length;
    return { text: missing === 0 ? fit : `${fit}\n[Too large: ${missing} of the pictures]`, pictures: shown };
  }

  #holds({ image_url: { url } }: ImagePart): boolean {
    if (url.length > this.#pictures) return false;
    this.#pictures -= url.length;
    return true;
  }
}

/** `sees`: pictures may be given. */
export function outputOf({ content, structuredContent }: McpToolResult, sees: boolean): ToolOutput {
  const texts: string[] = [];
  const pictures: ImagePart[] = [];
  for (const block of content) {
    const url = sees && pictures.length < MOST_PICTURES ? pictureUrl(block) : undefined;
    if (url !== undefined) pictures.push({ type: "image_url", image_url: { url } });
    texts.push(url === undefined ? textOf(block) : "[The picture is in the next message.]");
  }
  if (texts.length === 0 && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent));
  return { text: texts.join("\n"), pictures };
}

/** At most so many characters, and a note where some are missing. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, Math.max(0, most))}\n[Cut: the result has ${text.length} characters.]`;
}

function pictureUrl({ type, data, mimeType }: Block): string | undefined {
  if (type !== "image" || typeof data !== "string" || data.length > LARGEST_PICTURE) return undefined;
  return PICTURE_TYPES.has(mimeType) ? `data:${String(mimeType)};base64,${data}` : undefined;
}

function textOf(block: Block): string {
  const { type, text, resource, uri, mimeType } = block;
  if (type === "text") return typeof text === "string" ? text : "";
  if (type === "resource" && typeof resource === "object" && resource !== null) {
    const inner = resource as { text?: unknown; uri?: unknown; mimeType?: unknown };
    if (typeof inner.text === "string") return inner.text;
    return note("resource", inner.mimeType, inner.uri);
  }
  return type === "resource_link" ? `[Resource: ${name(uri)}]` : note(type, mimeType, undefined);
}

function note(what: string, mimeType: unknown, uri: unknown): string {
  const details = [mimeType, uri].filter((each) => typeof each === "string").map(name);
  return `[Not shown: ${[what.slice(0, 64), ...details].join(", ")}]`;
}

function name(value: unknown): string {
  return String(value).slice(0, 1024);
}
