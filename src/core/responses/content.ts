// Parts of content, from Responses to chat. A single text is given as text and not as a list: every server takes that.

import type { AssistantMessage, TextPart, UserPart } from "../../generated/types.ts";
import { type Json, objectAt, textAt, unfit, worded } from "./fault.ts";

const TEXT_TYPES: ReadonlySet<unknown> = new Set(["input_text", "output_text", "text", "summary_text"]);

/** Content of a user, or of a tool's output. */
export function userContent(list: readonly unknown[], param: string): string | UserPart[] {
  return flat(list.map((part, index) => userPart(objectAt(part, `${param}/${index}`), `${param}/${index}`)));
}

/** Content of a system or developer message. */
export function textContent(list: readonly unknown[], param: string): string | TextPart[] {
  return flat(list.map((part, index) => textPart(objectAt(part, `${param}/${index}`), `${param}/${index}`)));
}

/** What the model said before: texts, and what it refused. */
export function assistantContent(
  list: readonly unknown[],
  param: string,
): Pick<AssistantMessage, "content" | "refusal"> {
  const texts: TextPart[] = [];
  let refusal: string | undefined;
  list.forEach((each, index) => {
    const at = `${param}/${index}`;
    const part = objectAt(each, at);
    if (part.type === "refusal") refusal = (refusal ?? "") + textAt(part, "refusal", at);
    else texts.push(textPart(part, at));
  });
  const content = texts.length === 0 ? null : flat(texts);
  return refusal === undefined ? { content } : { content, refusal };
}

function flat<Part extends UserPart>(parts: Part[]): string | Part[] {
  const [first] = parts;
  if (first === undefined) return "";
  return parts.length === 1 && first.type === "text" ? first.text : parts;
}

function textPart(part: Json, param: string): TextPart {
  if (TEXT_TYPES.has(part.type)) return { type: "text", text: textAt(part, "text", param) };
  throw unfit(`${param}/type`, "must be a text here");
}

function userPart(part: Json, param: string): UserPart {
  switch (part.type) {
    case "input_image":
      return imagePart(part, param);
    case "input_file":
      return filePart(part, param);
    case "input_audio":
      return { type: "input_audio", input_audio: objectAt(part.input_audio, `${param}/input_audio`) } as UserPart;
    default:
      if (TEXT_TYPES.has(part.type)) return textPart(part, param);
      throw unfit(`${param}/type`, `parts of type ${worded(part.type)} are not supported`);
  }
}

function imagePart({ image_url: url, detail }: Json, param: string): UserPart {
  if (typeof url !== "string" || url === "") throw unfit(`${param}/image_url`, "is required: files are not kept here");
  return { type: "image_url", image_url: typeof detail === "string" ? { url, detail } : { url } } as UserPart;
}

/** An id is one of the provider's, and goes there. */
function filePart({ file_data, file_id, filename }: Json, param: string): UserPart {
  if (typeof file_data !== "string" && typeof file_id !== "string")
    throw unfit(`${param}/file_data`, "is required: the broker fetches no files");
  return {
    type: "file",
    file: {
      ...(typeof filename === "string" ? { filename } : {}),
      ...(typeof file_data === "string" ? { file_data } : {}),
      ...(typeof file_id === "string" ? { file_id } : {}),
    },
  };
}
