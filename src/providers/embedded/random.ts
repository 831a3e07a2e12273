// A small generator of pseudo-random numbers (four 32-bit words, "small fast counting"): the same seed gives the same
// text on every machine. Not for secrets.

/** Rounds after which two close seeds have nothing in common. */
const WARM_UP = 16;
const TWO_TO_32 = 4_294_967_296;

/** Numbers in [0, 1). `seed` is any safe integer; `stream` tells sequences of one seed apart. */
export function createRandom(seed: number, stream: number): () => number {
  let a = seed | 0;
  let b = Math.floor(seed / TWO_TO_32) | 0;
  let c = stream | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / TWO_TO_32;
  };
  for (let round = 0; round < WARM_UP; round++) next();
  return next;
}
