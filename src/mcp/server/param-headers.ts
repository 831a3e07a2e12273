// Whoever reads the body of a tool call sees to it that the headers which repeat some of its arguments agree with them.

import type { IncomingHttpHeaders } from "node:http";
import { headerParams, valueAt } from "../header-params.ts";
import { decoded, mismatch } from "./envelope.ts";

/** Throws ProtocolFault for the first header that is missing, too much or different. */
export function checkParamHeaders(headers: IncomingHttpHeaders, schema: unknown, args: unknown): void {
  for (const { header, path } of headerParams(schema) ?? []) {
    if (!agrees(headers[`mcp-param-${header.toLowerCase()}`], valueAt(args, path)))
      throw mismatch(`Mcp-Param-${header}`);
  }
}

function agrees(sent: string | string[] | undefined, value: unknown): boolean {
  if (value === undefined || value === null) return sent === undefined;
  const text = decoded(sent);
  if (typeof value !== "number") return text === String(value);
  return text !== undefined && text.trim() !== "" && Number(text) === value;
}
