// How long a recording is, read from its own structure without decoding it. What can't be read has no length: files are
// strangers' and may be cut, empty or lies.

import type { AudioFormat } from "./format.ts";
import { mp3Seconds } from "./mp3.ts";
import { mp4Seconds } from "./mp4.ts";
import { oggSeconds } from "./ogg.ts";
import { textAt } from "./text-at.ts";
import { readWav } from "./wav.ts";
import { webmSeconds } from "./webm.ts";

/** Bytes a second of the densest recording (192 kHz, two channels, 16 bits): a file can't be shorter than this says. */
const DENSEST = 768_000;
/** The same where sound is packed: 512 kbit/s. */
const DENSEST_PACKED = 64_000;
/** Bytes a second of the thinnest speech (some 4 kbit/s); silence can be thinner, and then has no length. */
const THINNEST = 100;
/** Nobody gains by a lie of this size. */
const HARMLESS_SECONDS = 60;
const MOST_SECONDS = 7 * 86_400;
/** Bytes a second assumed of a file that doesn't tell: 64 kbit/s. */
const ASSUMED = 8_000;

/** Seconds; `undefined` where the file does not tell. */
export function durationOf(bytes: Uint8Array, format: AudioFormat): number | undefined {
  try {
    const seconds = READERS[format](bytes);
    if (seconds === undefined || !Number.isFinite(seconds) || seconds <= 0) return undefined;
    if (seconds > MOST_SECONDS || seconds > Math.max(HARMLESS_SECONDS, bytes.length / THINNEST)) return undefined; // a lie
    const densest = format === "wav" || format === "flac" ? DENSEST : DENSEST_PACKED;
    return Math.max(seconds, bytes.length / densest);
  } catch (fault) {
    if (fault instanceof RangeError) return undefined; // read behind the end
    throw fault;
  }
}

/** Seconds of a recording that does not tell, by its size. */
export function assumedDuration(bytes: Uint8Array): number {
  return bytes.length / ASSUMED;
}

const READERS: Readonly<Record<AudioFormat, (bytes: Uint8Array) => number | undefined>> = {
  wav: (bytes) => readWav(bytes)?.seconds,
  mp3: mp3Seconds,
  flac: flacSeconds,
  ogg: oggSeconds,
  mp4: mp4Seconds,
  webm: webmSeconds,
};

/** STREAMINFO comes first: 20 bits of sample rate, 8 of others, 36 of samples. */
function flacSeconds(bytes: Uint8Array): number | undefined {
  if (textAt(bytes, 0, 4) !== "fLaC" || ((bytes[4] ?? 0) & 127) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = view.getBigUint64(18);
  return Number(bits & 0xfffffffffn) / Number(bits >> 44n);
}
