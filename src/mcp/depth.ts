// How deep JSON that others wrote may go.

/** Reading JSON bounds no depth, but whoever writes it again, or compares it, has to go all the way down. */
const DEEPEST = 512;

/** Arrays and objects inside one another are too many. */
export function isTooDeep(value: unknown, most = DEEPEST): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (most === 0) return true;
  for (const name in value) if (isTooDeep(value[name as keyof typeof value], most - 1)) return true;
  return false;
}
