// How long to wait before a server is tried again: doubling up to a minute, and somewhat by chance, so that servers that
// failed together are not tried together.

const FIRST_MS = 250;
const LONGEST_MS = 60_000;

/** After so many failures in a row, from 1. `chance` is uniform in [0, 1). */
export function backoffMs(failures: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(full * (0.5 + chance / 2));
}
