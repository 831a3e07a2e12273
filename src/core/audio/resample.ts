// Speech as engines want it: one channel, 16 bits, another sample rate. Channels are averaged and samples between two are
// taken from the line through them, which is good enough for speech and needs no library.

import type { Wav } from "./wav.ts";

/** Samples of an answer: an hour at 16 kHz. */
const MOST_SAMPLES = 3_600 * 16_000;

type Reader = (at: number) => number;

/** `undefined`: compressed, or an odd kind of sample, or too long. */
export function toMono(wav: Wav, rate: number): Int16Array | undefined {
  const { channels, samples, bits } = wav;
  const read = readerOf(wav);
  const stride = (bits / 8) * channels;
  if (!read || channels === 0 || wav.rate === 0) return undefined;
  const frames = Math.floor(samples.length / stride);
  const mixed = (frame: number): number => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(frame * stride + (channel * bits) / 8);
    return sum / channels;
  };
  return resampled(mixed, frames, wav.rate, rate);
}

/** `at` gives samples from -1 to 1. */
export function resampled(at: Reader, frames: number, from: number, to: number): Int16Array | undefined {
  const length = Math.floor((frames * to) / from);
  if (length === 0 || length > MOST_SAMPLES) return undefined;
  const out = new Int16Array(length);
  for (let index = 0; index < length; index++) {
    const place = (index * from) / to;
    const left = Math.floor(place);
    const a = at(left);
    const b = place === left ? a : at(Math.min(left + 1, frames - 1));
    const value = a + (b - a) * (place - left);
    out[index] = Math.round(Math.min(1, Math.max(-1, value)) * 32_767);
  }
  return out;
}

/** Reads one sample at a byte, as a number from -1 to 1. */
function readerOf({ encoding, bits, samples }: Wav): Reader | undefined {
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  switch (`${encoding}/${bits}`) {
    case "1/8":
      return (at) => (view.getUint8(at) - 128) / 127;
    case "1/16":
      return (at) => view.getInt16(at, true) / 32_767;
    case "1/24":
      return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_607;
    case "1/32":
      return (at) => view.getInt32(at, true) / 2_147_483_647;
    case "3/32":
      return (at) => view.getFloat32(at, true) || 0;
    case "3/64":
      return (at) => view.getFloat64(at, true) || 0;
  }
  return undefined;
}
