// Names of requests, by which the log, the ledger and answers speak of them.

import { randomBytes } from "node:crypto";

const ID_PREFIX = `req_${randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0")}`;
let lastId = 0;

/** Unique over processes by its prefix, within one by a counter; cheaper than chance for each. */
export function newRequestId(): string {
  return `${ID_PREFIX}${(++lastId).toString(36).padStart(6, "0")}`;
}
