// MPEG audio frame by frame. What a file's own header says of its length is not read: a cut file still has the old one.

import { textAt } from "./text-at.ts";

interface Frame {
  readonly bytes: number;
  readonly samples: number;
  readonly rate: number;
}

/** kbit/s by layer (index 0 is layer I); MPEG 1, then MPEG 2 and 2.5. The indexes 0 (free) and 15 are not used. */
const BITRATES = [
  [
    [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  ],
  [
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  ],
] as const;
/** Hz of MPEG 1; halved for 2, again for 2.5. */
const RATES = [44_100, 48_000, 32_000] as const;

/** Seconds of all frames; `undefined`: there is none. Linear, whatever stands between them. */
export function mp3Seconds(bytes: Uint8Array): number | undefined {
  let seconds = 0;
  let at = afterId3(bytes);
  while (at + 4 <= bytes.length) {
    const frame = frameAt(bytes, at);
    if (frame) seconds += frame.samples / frame.rate;
    at += frame?.bytes ?? 1;
  }
  return seconds > 0 ? seconds : undefined;
}

/** Where the first frame begins that another one follows, or the end of the bytes. */
export function firstFrame(bytes: Uint8Array, within: number): number | undefined {
  const last = Math.min(bytes.length - 4, within);
  for (let at = 0; at <= last; at++) {
    const frame = frameAt(bytes, at);
    if (!frame) continue;
    const next = at + frame.bytes;
    if (next === bytes.length || frameAt(bytes, next)?.rate === frame.rate) return at;
  }
  return undefined;
}

/** A tag's length is written in 7 bits a byte, its own 10 not counted. */
function afterId3(bytes: Uint8Array): number {
  if (textAt(bytes, 0, 3) !== "ID3" || bytes.length < 10) return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + (((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127));
}

function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  const head = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  if (head >> 13 !== 0x7ff) return undefined;
  const version = (head >> 11) & 3; // 0: 2.5, 1: none, 2: 2, 3: 1
  const layer = 4 - ((head >> 9) & 3); // 4: none
  const bitrate = (head >> 4) & 15;
  const fullRate = RATES[(head >> 2) & 3];
  if (version === 1 || layer === 4 || fullRate === undefined) return undefined;
  const isFirst = version === 3;
  const kbits = BITRATES[isFirst ? 0 : 1][layer - 1]?.[bitrate];
  if (!kbits) return undefined;
  const rate = fullRate / (isFirst ? 1 : version === 2 ? 2 : 4);
  const padding = (head >> 1) & 1;
  if (layer === 1) return { bytes: (Math.floor((12_000 * kbits) / rate) + padding) * 4, samples: 384, rate };
  const samples = layer === 2 || isFirst ? 1_152 : 576;
  return { bytes: Math.floor((samples * 125 * kbits) / rate) + padding, samples, rate };
}
