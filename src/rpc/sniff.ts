// What a connection speaks, told by its first bytes.

/** `more`: not decided yet. `other`: nothing that is spoken here. */
export type Spoken = "http" | "raw" | "lsp" | "other" | "more";

const VERBS = ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"].map(
  (verb) => `${verb} `,
);
const LSP = "content-length:";

/** Needs at most 15 bytes. */
export function sniff(first: Buffer): Spoken {
  const byte = first[0];
  if (byte === undefined) return "more";
  if (byte === 123 || byte === 91 || byte === 32 || (byte >= 9 && byte <= 13)) return "raw";
  const text = first.toString("latin1", 0, LSP.length);
  if (VERBS.some((verb) => text.startsWith(verb))) return "http";
  const lower = text.toLowerCase();
  if (lower === LSP) return "lsp";
  return LSP.startsWith(lower) || VERBS.some((verb) => verb.startsWith(text)) ? "more" : "other";
}
