// Writes down what is spoken: one metered call of a transcription model. Billed by the recording's duration: as the provider
// tells it, else as the file tells it, else guessed by its size. Subtitles are made here, since few backends make them.

import { type Recording, recordingOf } from "../core/audio/file.ts";
import { toSrt, toVtt } from "../core/audio/subtitles.ts";
import type { Call } from "../core/call.ts";
import type { Backend } from "../core/model.ts";
import type { Provider, TranscriptionAsk } from "../core/provider.ts";
import { tokensRoughly } from "../core/text-size.ts";
import { NO_TOKENS, NO_UNITS, type TokenParts } from "../core/usage.ts";
import type { AudioTranscriptionsCreateParams, Dialect, Transcription } from "../generated/types.ts";
import { tokenNeeds } from "./by-tokens.ts";
import { serveUnit, type UnitDeps } from "./serve-unit.ts";
import type { Taken } from "./taken.ts";

/** What models that are billed by tokens take, roughly. */
const TOKENS_A_SECOND = 10;
/** Of text, where somebody speaks fast. */
const WRITTEN_A_SECOND = 6;
/** A recording longer than that is a provider's slip: no file that may be sent holds as much. */
const MOST_SECONDS = 7 * 86_400;

/** Throws `invalid_params` or `too_large` for a bad file before anything is asked or billed, and what serveUnit throws. */
export async function transcribe(
  deps: UnitDeps,
  params: AudioTranscriptionsCreateParams,
  call: Call,
  translate: boolean,
): Promise<Transcription> {
  const recording = recordingOf(params.file, params.filename);
  const { model, models, max_cost } = params;
  const { format, seconds } = recording;
  const ask: TranscriptionAsk = askOf(params, recording, translate);
  let asked: Backend | undefined;
  const { answer, taken, price, route } = await serveUnit<TranscriptionAsk, Transcription>(
    deps,
    {
      ...{ kind: "transcription", model, models },
      params: ask,
      maxCost: max_cost,
      needs: {
        ...tokenNeeds(deps.catalogues().transcription, [model, ...(models ?? [])], {
          input: seconds * TOKENS_A_SECOND,
          output: seconds * WRITTEN_A_SECOND,
        }),
        units: { ...NO_UNITS, seconds },
      },
      requirement: {
        param: translate ? "model" : "file",
        unmet: (backend) => unmet(deps.providers, backend, { format, translate }),
      },
      ask: (provider, upstream) => {
        asked = upstream.target.backend;
        return provider.transcribe?.(upstream);
      },
      taken: (told) => takenBy(told, recording, asked),
    },
    call,
  );
  const usage = { ...told(answer), seconds: taken.units.seconds, ...price };
  return {
    ...inFormat(answer, params.response_format, taken.units.seconds),
    usage,
    ...(route ? { route } : undefined),
  };
}

/** What goes upstream: `verbose_json` where segments are needed, JSON otherwise, since every backend knows these two. */
function askOf(
  { file: _, response_format: format, ...rest }: AudioTranscriptionsCreateParams,
  { bytes, name }: Recording,
  translate: boolean,
): TranscriptionAsk {
  const isVerbose = format === "verbose_json";
  const needsSegments = isVerbose || format === "srt" || format === "vtt";
  return {
    ...rest,
    ...(isVerbose ? undefined : { timestamp_granularities: null }),
    response_format: needsSegments ? "verbose_json" : "json",
    file: bytes,
    filename: name,
    translate,
  };
}

function unmet(
  providers: Readonly<Record<Dialect, Provider>>,
  backend: Backend,
  ask: Parameters<NonNullable<Provider["transcribeUnable"]>>[1],
): string | undefined {
  const { name, dialect } = backend.provider;
  const provider = providers[dialect];
  return provider.transcribe ? provider.transcribeUnable?.(backend, ask) : `${name} can't transcribe`;
}

function inFormat(
  answer: Transcription,
  format: AudioTranscriptionsCreateParams["response_format"],
  seconds: number,
): Transcription {
  switch (format) {
    case "text":
      return { text: answer.text };
    case "srt":
      return { text: toSrt(answer, seconds) };
    case "vtt":
      return { text: toVtt(answer, seconds) };
    case "verbose_json":
      return { duration: seconds, ...answer };
    default:
      return answer;
  }
}

/** OpenAI's usage of a transcription: seconds or tokens. */
interface ToldUsage {
  readonly type?: unknown;
  readonly seconds?: unknown;
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly input_token_details?: { readonly audio_tokens?: unknown } | null;
}

function told({ usage }: Transcription): ToldUsage {
  return { type: "duration", ...usage };
}

function takenBy(answer: Transcription | undefined, recording: Recording, backend: Backend | undefined): Taken {
  const usage: ToldUsage = answer?.usage ?? {};
  const seconds = secondsOf(usage.seconds) ?? secondsOf(answer?.duration);
  const units = { ...NO_UNITS, seconds: inMs(seconds ?? recording.seconds) };
  const tokens = tokensTold(usage);
  if (tokens) return { tokens, units, source: "provider" };
  if (backend?.config.input_cost === undefined) {
    return { tokens: NO_TOKENS, units, source: seconds !== undefined || recording.exact ? "provider" : "estimated" };
  }
  const outputText = answer ? tokensRoughly(answer.text.length) : Math.ceil(units.seconds * WRITTEN_A_SECOND);
  return {
    tokens: { ...NO_TOKENS, audioInput: Math.ceil(units.seconds * TOKENS_A_SECOND), outputText },
    units,
    source: "estimated",
  };
}

function tokensTold({ input_tokens, output_tokens, input_token_details: details }: ToldUsage): TokenParts | undefined {
  const input = count(input_tokens);
  const output = count(output_tokens);
  if (input === undefined || output === undefined) return undefined;
  const audioInput = Math.min(input, count(details?.audio_tokens) ?? 0);
  return { ...NO_TOKENS, audioInput, inputUncached: input - audioInput, outputText: output };
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= 1e9 ? Math.floor(value) : undefined;
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 && value < MOST_SECONDS ? value : undefined;
}

function inMs(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
