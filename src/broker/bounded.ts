// Bounds maps that callers can make grow.

/** Entries that a map of addresses or keys may have. */
export const MOST_ENTRIES = 50_000;
const LOOKED_AT = 1_000;

/** In a map that is full: drops those of its oldest entries that may go. */
export function forgetOldest<T>(map: Map<string, T>, mayGo: (value: T) => boolean): void {
  if (map.size < MOST_ENTRIES) return;
  let looked = 0;
  for (const [name, value] of map) {
    if (mayGo(value)) map.delete(name);
    if (++looked === LOOKED_AT) break;
  }
}
