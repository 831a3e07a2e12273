// What a request's body is to be read as, by its row and by what its headers say.

import type { IncomingHttpHeaders } from "node:http";
import { Body, checkLength, checkType, isEmpty } from "./body.ts";
import type { RestLimits } from "./limits.ts";
import { FORM_BYTES, Form } from "./multipart.ts";
import type { Route } from "./routes.ts";

/**
 * Without a route: JSON-RPC. `undefined`: no body is wanted, or none comes. Throws `too_large`, `unsupported_media_type` or
 * `invalid_request` before a byte was read.
 */
export function bodyOf(
  route: Route | undefined,
  headers: IncomingHttpHeaders,
  { bodyBytes, fileBytes }: RestLimits,
): Body | Form | undefined {
  if (route?.row.body === "multipart") {
    checkLength(headers, fileBytes + FORM_BYTES);
    return new Form(route.row, headers["content-type"], fileBytes);
  }
  if (route && route.row.body !== "json") return undefined;
  checkLength(headers, bodyBytes);
  if (route) checkType(headers);
  return isEmpty(headers) ? undefined : new Body(bodyBytes);
}
