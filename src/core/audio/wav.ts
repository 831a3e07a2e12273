// WAV: its parts, its samples, and a WAV of 16 bits and one channel made of samples.

import { textAt } from "./text-at.ts";

export interface Wav {
  /** 1: whole numbers, 3: floating point; others are compressed. */
  readonly encoding: number;
  readonly channels: number;
  /** Samples a second of each channel. */
  readonly rate: number;
  /** Of one sample. */
  readonly bits: number;
  /** The samples as they lie in the file. */
  readonly samples: Uint8Array;
  readonly seconds: number;
}

const HEADER_BYTES = 44;
const EXTENSIBLE = 0xfffe;
/** Chunks before the samples; no real file has as many. */
const MOST_CHUNKS = 1_024;

/** `undefined`: no WAV, or no samples in it. What was cut off is not counted. */
export function readWav(bytes: Uint8Array): Wav | undefined {
  if (textAt(bytes, 0, 4) !== "RIFF" || textAt(bytes, 8, 4) !== "WAVE") return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let head: number | undefined;
  for (let at = 12, count = 0; at + 8 <= bytes.length && count < MOST_CHUNKS; count++) {
    const name = textAt(bytes, at, 4);
    const size = view.getUint32(at + 4, true);
    if (name === "fmt " && size >= 16 && at + 8 + size <= bytes.length) head = at + 8;
    // A stream that did not know its length says 0 or the most there is.
    if (name === "data" && head !== undefined) {
      const end = size === 0 ? bytes.length : Math.min(bytes.length, at + 8 + size);
      return wavOf(view, head, bytes.subarray(at + 8, end));
    }
    at += 8 + size + (size & 1);
  }
  return undefined;
}

function wavOf(view: DataView, at: number, samples: Uint8Array): Wav | undefined {
  const tag = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bytesASecond = view.getUint32(at + 8, true);
  const bits = view.getUint16(at + 14, true);
  const extended = tag === EXTENSIBLE && at + 26 <= view.byteLength;
  const encoding = extended ? view.getUint16(at + 24, true) : tag;
  const isPlain = encoding === 1 || encoding === 3;
  const perSecond = isPlain ? (rate * channels * bits) / 8 : bytesASecond;
  if (perSecond === 0 || samples.length === 0) return undefined;
  return { encoding, channels, rate, bits, samples, seconds: samples.length / perSecond };
}

/** A whole file of one channel. */
export function writeWav(samples: Int16Array, rate: number): Uint8Array {
  return wavFile([littleEndian(samples)], rate);
}

/** The same of samples as they lie in files. */
export function wavFile(samples: readonly Uint8Array[], rate: number): Uint8Array {
  const length = samples.reduce((sum, { length }) => sum + length, 0);
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(HEADER_BYTES + length - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(length, 40);
  return Buffer.concat([bytes, ...samples]);
}

/** The same bytes on machines of either order. */
export function littleEndian(samples: Int16Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(samples.byteLength);
  for (let index = 0; index < samples.length; index++) bytes.writeInt16LE(samples[index] as number, index * 2);
  return bytes;
}
