// What a vendor's refusal says to the model and its operator: whose fault it is, whether waiting helps, and the vendor's
// own words, as far as they are words.

import type { HttpAnswer } from "./http.ts";

/** Characters of a vendor's own message. */
const MOST_MESSAGE = 500;
/** Characters of a page that are looked at for one. */
const MOST_PAGE = 16_384;
/** How far down in JSON it is looked for. */
const DEEPEST = 4;

/** Of an answer outside 2xx. */
export function faultOf(answer: HttpAnswer, keyVariable: string): string {
  const said = messageOf(answer.bytes.toString("utf8"));
  return `${verdict(answer, keyVariable)}${said === "" ? "" : `: ${said}`}`;
}

function verdict({ status, headers }: HttpAnswer, keyVariable: string): string {
  switch (status) {
    case 401:
      return `refused ${keyVariable} (401)`;
    case 402:
      return "wants payment (402): out of credits, or above the plan's limit";
    case 403:
      return `forbids it (403): ${keyVariable} is not valid for this, or out of credits`;
    case 404:
      return "did not find it (404)";
    case 429:
      return `limits the rate, or is out of credits (429)${wait(headers.get("retry-after"))}`;
    default:
      if (status >= 500) return `failed (${status})`;
      return status >= 400 ? `refused the request (${status})` : `answered with status ${status}`;
  }
}

function wait(retryAfter: string | null): string {
  if (retryAfter === null || !/^[\w ,:.+-]{1,40}$/.test(retryAfter)) return "";
  return /^\d+$/.test(retryAfter) ? `, retry after ${retryAfter} s` : `, retry after ${retryAfter}`;
}

/** The sentence in an error's body: of JSON the members that hold it, of a page its text. At most 500 characters. */
function messageOf(body: string): string {
  const plain = sentenceOf(parsed(body), DEEPEST) ?? textOf(body.slice(0, MOST_PAGE));
  const line = plain.replace(/\s+/g, " ").trim();
  return line.length > MOST_MESSAGE ? `${line.slice(0, MOST_MESSAGE)} …` : line;
}

function textOf(page: string): string {
  return page.replace(/<(script|style)\b[\s\S]*?<\/\1>|<[^>]*>/gi, " ");
}

/** JSON, or undefined. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Vendors name it `message`, `error`, `reason` ..., as a string, a list or an object of the same, and put a code beside it. */
function sentenceOf(json: unknown, depth: number): string | undefined {
  if (typeof json === "string") return json;
  if (json === null || typeof json !== "object" || depth === 0) return undefined;
  const { message, error, result, reason, detail, description, code, tag } = json as Record<string, unknown>;
  const members = Array.isArray(json)
    ? json.slice(0, 5)
    : [message, error, result, reason, detail, description, code, tag];
  const found = members.map((each) => sentenceOf(each, depth - 1)).filter((each) => each !== undefined);
  return found.length > 0 ? [...new Set(found)].join(", ") : undefined;
}
