// REST calls of an administrator, and of the keys that he makes.

import assert from "node:assert/strict";

/** To be given to the broker as ADMIN_TOKEN. */
export const ADMIN = "the-token-of-the-administrator";

export interface KeyAnswer {
  readonly id: string;
  readonly secret: string;
  readonly [member: string]: unknown;
}

/** A REST call of the administrator, or with another credential. */
export async function rest(url: string, verb: string, path: string, body?: object, token = ADMIN) {
  const response = await fetch(`${url}${path}`, {
    method: verb,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A new key. */
export async function create(url: string, params: object = {}): Promise<KeyAnswer> {
  const { status, body } = await rest(url, "POST", "/keys", { name: "ci", ...params });
  assert.equal(status, 200, JSON.stringify(body));
  return body as KeyAnswer;
}

/** Of an inference method that costs nothing. */
export const statusWith = async (url: string, secret: string): Promise<number> =>
  (await rest(url, "GET", "/v1/models", undefined, secret)).status;

/** The address for a raw connection. */
export function to(url: string) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
