// The headers of every request in OpenAI's dialect.

import type { Target } from "../../core/target.ts";

/** Name, value, name, value; with the key where there is one. */
export function headersOf({ key }: Target, type: string, accept: string): string[] {
  const headers = ["content-type", type, "accept", accept];
  if (key.secret) headers.push("authorization", `Bearer ${key.secret.reveal()}`);
  return headers;
}
