// Reads a safetensors file: 8 bytes of length, a JSON header, then the numbers. Only fp16, the form in which the demo
// model is kept; it is widened to float32 because processors multiply that.

/** What the header says about one tensor. */
interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Relative to the end of the header, in bytes. */
  readonly data_offsets: readonly [number, number];
}

/** Half-precision numbers as they lie in the file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly halves: Uint16Array;
}

const LENGTH_BYTES = 8;

/** Throws a RangeError or SyntaxError when the bytes are not such a file. */
export function readSafetensors(file: Uint8Array): ReadonlyMap<string, StoredTensor> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = LENGTH_BYTES + Number(view.getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(file.subarray(LENGTH_BYTES, start)).toString()) as Record<string, Entry>;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (entry.dtype !== "F16") throw new RangeError(`tensor ${name} is ${entry.dtype}, not F16`);
    const [from, to] = entry.data_offsets;
    // A copy, since the place in the file need not be even.
    const bytes = new Uint8Array(file.subarray(start + from, start + to));
    tensors.set(name, { shape: entry.shape, halves: new Uint16Array(bytes.buffer) });
  }
  return tensors;
}

/** Widens into `out`, which has the same number of elements. */
export function widen(halves: Uint16Array, out: Float32Array): void {
  for (let i = 0; i < halves.length; i++) out[i] = WIDE[halves[i] as number] as number;
}

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits; exponent 0 is subnormal, 31 infinite or not a number. */
export function halfToNumber(half: number): number {
  const sign = half >> 15 === 0 ? 1 : -1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1_024 + fraction) * 2 ** (exponent - 25);
}

/** Every half there is: a table is read faster than bits are taken apart. */
const WIDE = Float32Array.from({ length: 65_536 }, (_, half) => halfToNumber(half));
