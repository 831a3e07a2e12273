// The header block of a plain request: what nearly every client sends, in a form that all of HTTP's readers read alike.
// Whatever is not whole, unusual or doubtful is left to node:http, so that nothing can mean one thing here and another to a
// proxy before us: a length is told once and by Content-Length alone, no name comes twice, lines end by CRLF.

import type { IncomingHttpHeaders } from "node:http";

export interface PlainHead {
  readonly method: string;
  readonly url: string;
  /** Names in lower case, values as Latin-1. */
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body. */
  readonly bodyBytes: number;
  /** The client wants the connection to end with the answer. */
  readonly closes: boolean;
  /** Bytes up to the body. */
  readonly bytes: number;
}

/** Behind it comes the body. */
export const HEAD_END = Buffer.from("\r\n\r\n");
/** Every place can be matched in one way only, so that the time is linear. */
const PLAIN = /^(GET|POST|PUT|PATCH|DELETE) (\/[!-~]*) HTTP\/1\.1(?:\r\n[\w!#$%&'*+.^`|~-]+:[\t -~\x80-\xff]*)+$/;
const LENGTH = /^\d{1,15}$/;
const SPACE = 32;
const TAB = 9;

/** `undefined`: not a whole plain header block of at most `most` bytes. */
export function readHead(bytes: Buffer, most: number): PlainHead | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0 || end + HEAD_END.length > most) return undefined;
  const text = bytes.toString("latin1", 0, end);
  const first = PLAIN.exec(text);
  if (!first) return undefined;
  const [, method = "", url = ""] = first;
  const headers = headersIn(text, text.indexOf("\r\n") + 2);
  if (!headers) return undefined;
  const { connection, "content-length": length = "0", "transfer-encoding": coding, upgrade, expect, trailer } = headers;
  // What these ask for is node's to do.
  if ((coding ?? upgrade ?? expect ?? trailer) !== undefined) return undefined;
  const closes = connection !== undefined && connection.toLowerCase() === "close";
  if (connection !== undefined && !closes && connection.toLowerCase() !== "keep-alive") return undefined;
  const bodyBytes = LENGTH.test(length) ? Number(length) : -1;
  if (bodyBytes < 0 || (bodyBytes > 0 && (method === "GET" || method === "DELETE"))) return undefined;
  return { method, url, headers, bodyBytes, closes, bytes: end + HEAD_END.length };
}

/** `undefined`: a name comes twice, or is `__proto__`. */
function headersIn(text: string, start: number): IncomingHttpHeaders | undefined {
  const headers: Record<string, string> = {};
  let lines = 0;
  for (let from = start; from < text.length; lines++) {
    const colon = text.indexOf(":", from);
    const line = text.indexOf("\r\n", colon);
    const to = line < 0 ? text.length : line;
    headers[text.slice(from, colon).toLowerCase()] = trimmed(text, colon + 1, to);
    from = to + 2;
  }
  return Object.keys(headers).length === lines ? headers : undefined;
}

/** Without the spaces and tabs around it, and no other kind of space. */
function trimmed(text: string, from: number, to: number): string {
  let first = from;
  let end = to;
  while (first < end && isBlank(text.charCodeAt(first))) first++;
  while (end > first && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(first, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
