// JWTs as others would sign them, also in ways that they should not.

import { createHmac } from "node:crypto";

export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** A token with these claims, signed by HMAC; HS256 unless the header says otherwise. */
export function signed(claims: object, secret: string, header: object = {}): string {
  const input = `${encoded({ alg: "HS256", typ: "JWT", ...header })}.${encoded(claims)}`;
  const { alg = "HS256" } = header as { alg?: string };
  const digest = /^HS(384|512)$/.exec(alg)?.[1] ?? "256";
  return `${input}.${createHmac(`sha${digest}`, secret).update(input).digest("base64url")}`;
}
