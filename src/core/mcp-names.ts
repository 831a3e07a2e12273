// Names of MCP servers' tools and prompts as callers see them: `server__name`, at most 64 of the characters that every model
// provider takes. A name depends on the two it is made of and on nothing else, so it stays the same over restarts and
// whatever other tools there are. Names that can't be kept as they are end in `--` and a hash; names that look so anyway
// are hashed too, so the two kinds never meet.

const LONGEST_ALIAS = 64;
/** So that at least half of an alias is the tool's. */
const LONGEST_SERVER = 30;
const SEPARATOR = "__";
const HASH_LENGTH = 10;
const HASHED = new RegExp(`--[0-9a-z]{${HASH_LENGTH}}$`);

/** Name of a server within aliases: no `__` in it and no `_` at its end, so the first `__` of an alias ends it. */
export function serverSlug(name: string): string {
  const clean = cleaned(name).replaceAll(/_{2,}/g, "_").replace(/_$/, "");
  return clean === name ? kept(name, LONGEST_SERVER) : hashed(clean, name, LONGEST_SERVER);
}

/** `slug` as `serverSlug` gives it. */
export function aliasOf(slug: string, name: string): string {
  const room = LONGEST_ALIAS - slug.length - SEPARATOR.length;
  const clean = cleaned(name);
  return `${slug}${SEPARATOR}${clean === name && name !== "" ? kept(name, room) : hashed(clean, name, room)}`;
}

/** Whether it is a name of that server's. */
export function isAliasOf(slug: string, alias: string): boolean {
  return alias.startsWith(slug + SEPARATOR);
}

function cleaned(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, "-");
}

function kept(name: string, room: number): string {
  return name.length > room || HASHED.test(name) || name === "" ? hashed(name, name, room) : name;
}

function hashed(clean: string, name: string, room: number): string {
  return `${clean.slice(0, room - HASH_LENGTH - 2)}--${hash(name)}`;
}

/** Ten letters of base 36 for 51 bits: two runs of multiply and mix over the text's code units. Not for secrets. */
function hash(text: string): string {
  let a = 0x9e3779b9 ^ text.length;
  let b = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = Math.imul(a ^ unit, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b + unit, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  a = Math.imul(a ^ (b >>> 16), 0x27d4eb2f);
  b = Math.imul(b ^ (a >>> 15), 0x165667b1);
  const bits = ((a >>> 0) % 2 ** 19) * 2 ** 32 + ((b ^ (b >>> 16)) >>> 0);
  return bits.toString(36).padStart(HASH_LENGTH, "0");
}
