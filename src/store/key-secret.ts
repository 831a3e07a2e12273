// Names and secrets of keys: letters and digits by chance, each as likely as the other.

import { hash } from "node:crypto";

/** As many bytes of chance; not to be foreseen. */
export type RandomBytes = (size: number) => Uint8Array;

const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** The largest multiple of 62 in a byte: what is above would make some letters likelier. */
const FAIR = 248;
/** 43 × log2(62) is 256 bits. */
const SECRET_LENGTH = 43;
const ID_LENGTH = 16;

/** `sk-ab-` and 43 letters. */
export function newSecret(randomBytes: RandomBytes): string {
  return `sk-ab-${base62(SECRET_LENGTH, randomBytes)}`;
}

/** `key_` and 16 letters. */
export function newKeyId(randomBytes: RandomBytes): string {
  return `key_${base62(ID_LENGTH, randomBytes)}`;
}

/** What the store keeps of a secret: its SHA-256 in hex. */
export function digestOf(secret: string): string {
  return hash("sha256", secret);
}

function base62(length: number, randomBytes: RandomBytes): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) if (byte < FAIR && text.length < length) text += BASE62[byte % 62];
  }
  return text;
}
