// What kind of audio some bytes are, told by the bytes: names and declared types are often wrong, and vendors go by the
// ending of the name, so that has to be right.

import { firstFrame } from "./mp3.ts";
import { textAt } from "./text-at.ts";

export type AudioFormat = "wav" | "mp3" | "flac" | "ogg" | "mp4" | "webm";

interface FormatRow {
  readonly mediaType: string;
  /** The first is the usual one. */
  readonly endings: readonly string[];
}

export const FORMATS: Readonly<Record<AudioFormat, FormatRow>> = {
  wav: { mediaType: "audio/wav", endings: ["wav"] },
  mp3: { mediaType: "audio/mpeg", endings: ["mp3", "mpeg", "mpga"] },
  flac: { mediaType: "audio/flac", endings: ["flac"] },
  ogg: { mediaType: "audio/ogg", endings: ["ogg", "oga", "opus"] },
  mp4: { mediaType: "audio/mp4", endings: ["m4a", "mp4"] },
  webm: { mediaType: "audio/webm", endings: ["webm"] },
};

/** Bytes at the beginning of a file in which an MP3 must have its first frame. */
const MP3_WITHIN = 4_096;
const EBML = [0x1a, 0x45, 0xdf, 0xa3];

/** `undefined`: none of the formats that speech is sent in. Looks at the beginning only. */
export function formatOf(bytes: Uint8Array): AudioFormat | undefined {
  const mark = textAt(bytes, 0, 4);
  if (mark === "RIFF" && textAt(bytes, 8, 4) === "WAVE") return "wav";
  if (mark === "fLaC") return "flac";
  if (mark === "OggS") return "ogg";
  if (textAt(bytes, 4, 4) === "ftyp") return "mp4";
  if (EBML.every((byte, at) => bytes[at] === byte)) return "webm";
  return mark.startsWith("ID3") || firstFrame(bytes, MP3_WITHIN) !== undefined ? "mp3" : undefined;
}

/** The name as it is where its ending fits the format, otherwise with one that does. */
export function fileNameFor(format: AudioFormat, given: string | null | undefined): string {
  const { endings } = FORMATS[format];
  const name = (given ?? "").replaceAll(/[^\w.-]+/g, "_").slice(-128) || "audio";
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return endings.includes(ending) ? name : `${name}.${endings[0]}`;
}
