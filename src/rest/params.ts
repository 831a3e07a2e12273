// The params of a REST call: a JSON body's members (or, where the row says so, the body as one param), then query, path and the row's constants, the later ones winning.
// Text of path and query becomes what the document says it is; text that is not is left to the validator to name.

import type { IncomingHttpHeaders } from "node:http";
import type { RestRow } from "../generated/methods.ts";

/**
 * Query names that the row does not have are ignored, as clients add their own. The body itself is never changed.
 * Anthropic's SDKs name the betas of a request in a header; it becomes their member `betas`.
 */
export function collectParams(
  row: RestRow,
  captured: Readonly<Record<string, string>> | undefined,
  query: string,
  sent: object | undefined,
  headers: IncomingHttpHeaders = {},
): object {
  const betas = row.dialect === "anthropic" ? headers["anthropic-beta"] : undefined;
  const own = row.body_as === undefined || sent === undefined ? sent : { [row.body_as]: sent };
  const body = betas === undefined ? own : { betas: String(betas).split(/\s*,\s*/), ...own };
  const asked = query !== "" && row.query !== undefined;
  if (!asked && captured === undefined && row.params === undefined) return body ?? {};
  const params: Record<string, unknown> = { ...body };
  if (asked) {
    const given = new URLSearchParams(query);
    for (const name of row.query) {
      const text = given.get(name);
      if (text !== null) params[name] = typed(row, name, text);
    }
  }
  for (const name in captured) params[name] = typed(row, name, captured[name] as string);
  return Object.assign(params, row.params);
}

/** Text as what the row says that it is. */
export function typed(row: RestRow, name: string, text: string): unknown {
  switch (row.types?.[name]) {
    case "boolean":
      if (text === "true" || text === "1" || text === "") return true;
      return text === "false" || text === "0" ? false : text;
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "number":
      return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
    case "array":
    case undefined:
      return text;
  }
}
