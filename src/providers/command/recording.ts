// A recording on disk for a program to read: in a folder of its own that only we can open, and gone afterwards.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileNameFor, formatOf } from "../../core/audio/format.ts";
import { toMono } from "../../core/audio/resample.ts";
import { readWav, writeWav } from "../../core/audio/wav.ts";
import type { TranscriptionAsk } from "../../core/provider.ts";

/** Samples a second that speech engines are made for. */
const RATE = 16_000;
const OWNER_ONLY = 0o600;

export interface RecordingFile {
  readonly folder: string;
  readonly path: string;
  remove(): Promise<void>;
}

/** `asItCame`: not made into a WAV of 16 kHz and one channel. `undefined`: that could not be made of it. */
export async function recordingIn(ask: TranscriptionAsk, asItCame: boolean): Promise<RecordingFile | undefined> {
  const bytes = asItCame ? ask.file : engineWav(ask.file);
  if (!bytes) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "aibroker-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const path = join(folder, fileNameFor(asItCame ? (formatOf(ask.file) ?? "wav") : "wav", "recording"));
  try {
    await writeFile(path, bytes, { mode: OWNER_ONLY, flag: "wx" });
  } catch (fault) {
    await remove();
    throw fault;
  }
  return { folder, path, remove };
}

function engineWav(file: Uint8Array): Uint8Array | undefined {
  const wav = readWav(file);
  const samples = wav && toMono(wav, RATE);
  return samples && writeWav(samples, RATE);
}
