// Chance that repeats: the same seed gives the same sequence, so that a caller's seed gives the same plan. (mulberry32)

/** Uniform in [0, 1); of the seed 32 bits count. */
export function seededChance(seed: number): () => number {
  // Seeds of the wire reach 2^53; the high bits are folded in.
  let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
