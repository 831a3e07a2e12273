// audio.*: text to speech and speech to text.

import type { Call } from "../core/call.ts";
import type { HandlersOf } from "../generated/methods.ts";
import type {
  AudioSpeechCreateParams,
  AudioTranscriptionsCreateParams,
  Speech,
  Transcription,
} from "../generated/types.ts";

export interface AudioDeps {
  readonly speak: (params: AudioSpeechCreateParams, call: Call) => Promise<Speech>;
  readonly transcribe: (
    params: AudioTranscriptionsCreateParams,
    call: Call,
    translate: boolean,
  ) => Promise<Transcription>;
}

export function audioMethods({ speak, transcribe }: AudioDeps): HandlersOf<"audio", Call> {
  return {
    "audio.speech.create": speak,
    "audio.transcriptions.create": (params, call) => transcribe(params, call, false),
    "audio.translations.create": (params, call) => transcribe(params, call, true),
  };
}
