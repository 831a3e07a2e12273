// The embedded voice's names and formats, without the voice itself.

import type { AudioSpeechCreateParams } from "../../generated/types.ts";

/** Without a codec: the samples themselves. */
export const SPEECH_FORMATS: readonly string[] = ["wav", "pcm"];

const OWN = ["slt", "rms", "awb", "kal16"] as const;
type Voice = (typeof OWN)[number];
const USUAL: Voice = "slt";

/** OpenAI's names by what comes nearest, so that programs written for them are heard too. */
const LIKE: Readonly<Record<string, Voice>> = {
  ...{ alloy: "slt", ash: "rms", ballad: "awb", cedar: "rms", coral: "slt", echo: "rms", fable: "awb" },
  ...{ marin: "slt", nova: "slt", onyx: "kal16", sage: "slt", shimmer: "slt", verse: "rms" },
};

/** All that may be asked for. */
export const VOICE_NAMES: readonly string[] = [...OWN, ...Object.keys(LIKE)];

/** `undefined`: there is no such voice. */
export function voiceOf(asked: AudioSpeechCreateParams["voice"]): Voice | undefined {
  if (asked === undefined || asked === null) return USUAL;
  if (typeof asked !== "string") return undefined;
  return OWN.find((own) => own === asked) ?? (Object.hasOwn(LIKE, asked) ? LIKE[asked] : undefined);
}
