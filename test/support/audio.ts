// Recordings made for tests: as little of each format as tells its length.

import { writeWav } from "../../src/core/audio/wav.ts";

/** A tone of 440 Hz. */
export function wavOf(seconds: number, rate = 16_000): Buffer {
  const samples = Int16Array.from({ length: Math.round(seconds * rate) }, (_, at) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * 440 * at) / rate)),
  );
  return Buffer.from(writeWav(samples, rate));
}

/** A WAV header as told before any number of samples. */
export function wavWith(fields: {
  readonly encoding?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly samples: Uint8Array;
  /** What the header says in place of the samples' own length. */
  readonly told?: number;
}): Buffer {
  const { encoding = 1, channels = 1, rate = 16_000, bits = 16, samples } = fields;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(encoding, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE((rate * channels * bits) / 8, 28);
  head.writeUInt16LE((channels * bits) / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write("data", 36);
  head.writeUInt32LE(fields.told ?? samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** Frames of MPEG 1 layer III with 128 kbit/s at 44.1 kHz: 417 bytes, 1,152 samples. */
export function mp3Of(frames: number): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xfffb9000);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

/** `ID3` with so many bytes of tag. */
export function id3(bytes: number): Buffer {
  const tag = Buffer.alloc(10 + bytes, 0xff);
  tag.write("ID3\x04\0\0", 0, "latin1");
  for (let at = 0; at < 4; at++) tag[6 + at] = (bytes >> (7 * (3 - at))) & 127;
  return tag;
}

export function flacOf(samples: number, rate: number): Buffer {
  const bytes = Buffer.alloc(42);
  bytes.write("fLaC", 0);
  bytes[4] = 0x80;
  bytes[7] = 34;
  bytes.writeBigUInt64BE((BigInt(rate) << 44n) | (15n << 36n) | BigInt(samples), 18);
  return bytes;
}

function oggPage(granule: bigint, packet: Uint8Array): Buffer {
  const page = Buffer.alloc(28);
  page.write("OggS", 0);
  page.writeBigUInt64LE(granule, 6);
  page.writeUInt32BE(77, 14);
  page[26] = 1;
  page[27] = packet.length;
  return Buffer.concat([page, packet]);
}

export function opusOf(seconds: number, skipped = 312): Buffer {
  const head = Buffer.alloc(19);
  head.write("OpusHead", 0);
  head.writeUInt16LE(skipped, 10);
  const end = BigInt(Math.round(seconds * 48_000) + skipped);
  return Buffer.concat([
    oggPage(0n, head),
    oggPage(end, Buffer.alloc(200)),
    oggPage(0xffffffffffffffffn, Buffer.alloc(20)),
  ]);
}

export function vorbisOf(seconds: number, rate: number): Buffer {
  const head = Buffer.alloc(30);
  head.write("\x01vorbis", 0, "latin1");
  head.writeUInt32LE(rate, 12);
  return Buffer.concat([oggPage(0n, head), oggPage(BigInt(seconds * rate), Buffer.alloc(200))]);
}

function box(name: string, ...parts: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0));
  head.write(name, 4);
  return Buffer.concat([head, ...parts]);
}

/** The movie's header stands behind its media, as recorders write it. */
export function mp4Of(duration: number, timescale: number, version: 0 | 1 = 0): Buffer {
  const header = Buffer.alloc(version === 1 ? 36 : 24);
  header[0] = version;
  header.writeUInt32BE(timescale, version === 1 ? 20 : 12);
  if (version === 1) header.writeBigUInt64BE(BigInt(duration), 24);
  else header.writeUInt32BE(duration, 16);
  return Buffer.concat([
    box("ftyp", Buffer.from("M4A ")),
    box("mdat", Buffer.alloc(500)),
    box("moov", box("free"), box("mvhd", header)),
  ]);
}

function element(id: number, ...parts: Uint8Array[]): Buffer {
  const bytes = Buffer.from(id.toString(16), "hex");
  const size = Buffer.alloc(2);
  size.writeUInt16BE(0x4000 | parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([bytes, size, ...parts]);
}

/** Milliseconds; `told`: in its header, otherwise by its last cluster alone and in a segment of unknown length. */
export function webmOf(ms: number, told: boolean): Buffer {
  const ebml = element(0x1a45dfa3, Buffer.from("webm"));
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(ms);
  const info = element(
    0x1549a966,
    element(0x2ad7b1, Buffer.of(0x0f, 0x42, 0x40)),
    ...(told ? [element(0x4489, duration)] : []),
  );
  const time = Buffer.alloc(4);
  time.writeUInt32BE(ms);
  const cluster = element(0x1f43b675, element(0xe7, time));
  if (told) return Buffer.concat([ebml, element(0x18538067, info, cluster)]);
  return Buffer.concat([ebml, Buffer.from("1853806701ffffffffffffff", "hex"), info, cluster]);
}
