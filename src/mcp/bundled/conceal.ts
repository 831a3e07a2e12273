// Keeps a key out of every text that leaves: vendors repeat it in links, in account data and in error messages, as it
// is or as a URL or JSON writes it.

import { mask, type Secret } from "../../core/secret.ts";

export function concealer(key: Secret): (text: string) => string {
  const plain = key.reveal();
  const inJson = JSON.stringify(plain).slice(1, -1);
  const inQuery = new URLSearchParams([["", plain]]).toString().slice(1);
  const forms = new Set([plain, encodeURIComponent(plain), inQuery, inJson, inJson.replaceAll("/", "\\/")]);
  const shown = mask(plain);
  return (text) => [...forms].reduce((concealed, form) => concealed.replaceAll(form, shown), text);
}
