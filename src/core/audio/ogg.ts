// Ogg pages: the first tells the codec and its rate, the last of the same stream where it ends.

import { textAt } from "./text-at.ts";

/** Granules of Opus are always of 48 kHz. */
const OPUS_RATE = 48_000;
const NO_GRANULE = 0xffffffffffffffffn;

/** Opus, Vorbis, FLAC and Speex in Ogg. Throws a RangeError where the bytes end. */
export function oggSeconds(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codec = codecAt(view, bytes, 27 + view.getUint8(26));
  if (!codec) return undefined;
  const serial = view.getUint32(14);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = file.lastIndexOf("OggS"); at > 0; at = file.lastIndexOf("OggS", at - 1)) {
    if (at + 18 > file.length || view.getUint32(at + 14) !== serial) continue;
    const granule = view.getBigUint64(at + 6, true);
    if (granule !== NO_GRANULE) return (Number(granule) - codec.skipped) / codec.rate;
  }
  return undefined;
}

interface Codec {
  /** Granules a second. */
  readonly rate: number;
  /** Granules before the beginning. */
  readonly skipped: number;
}

/** From the first packet, at `at`. */
function codecAt(view: DataView, bytes: Uint8Array, at: number): Codec | undefined {
  if (textAt(bytes, at, 8) === "OpusHead") return { rate: OPUS_RATE, skipped: view.getUint16(at + 10, true) };
  if (textAt(bytes, at, 7) === "\x01vorbis") return { rate: view.getUint32(at + 12, true), skipped: 0 };
  if (textAt(bytes, at, 5) === "\x7fFLAC") return { rate: view.getUint32(at + 27) >>> 12, skipped: 0 };
  if (textAt(bytes, at, 8) === "Speex   ") return { rate: view.getUint32(at + 36, true), skipped: 0 };
  return undefined;
}
