// Speaks a text: one metered call of a voice model. The audio goes to the client as it comes where it wants pieces, and is
// collected where it doesn't. Billed by the characters of the text.

import { SpokenPart } from "../core/audio/spoken-part.ts";
import type { Call, Progress } from "../core/call.ts";
import type { Backend } from "../core/model.ts";
import { type Provider, ProviderFailure, type SpeechStream } from "../core/provider.ts";
import { tokensAtMost, tokensRoughly } from "../core/text-size.ts";
import { NO_TOKENS, NO_UNITS } from "../core/usage.ts";
import type { AudioSpeechCreateParams, Dialect, Speech } from "../generated/types.ts";
import { tokenNeeds } from "./by-tokens.ts";
import { serveUnit, type UnitDeps } from "./serve-unit.ts";
import type { Taken } from "./taken.ts";
import type { Heard } from "./unit-run.ts";

/** Bytes of an answer in one piece. */
const MOST_BYTES = 64 * 1_024 * 1_024;
/** Of voices that are billed by tokens, roughly: 20 tokens a second out, 15 characters a second. */
const TOKENS_A_CHARACTER = 1.4;

/** What was spoken; without `bytes` the client has them already. */
interface Spoken {
  readonly contentType: string;
  readonly bytes: Uint8Array | undefined;
}

/** Throws what serveUnit throws; `capability_missing` where no backend gives the format that is asked for. */
export async function speak(deps: UnitDeps, params: AudioSpeechCreateParams, call: Call): Promise<Speech> {
  const { model, models, input, max_cost } = params;
  const characters = charactersOf(input);
  const units = { ...NO_UNITS, characters };
  let asked: Backend | undefined;
  const { answer, price, route } = await serveUnit<AudioSpeechCreateParams, Spoken>(
    deps,
    {
      ...{ kind: "speech", model, models, params },
      maxCost: max_cost,
      needs: {
        ...tokenNeeds(deps.catalogues().speech, [model, ...(models ?? [])], {
          input: tokensAtMost(Buffer.byteLength(input)),
          output: audioTokens(characters),
        }),
        units,
      },
      requirement: {
        param: params.stream_format === "sse" ? "stream_format" : "response_format",
        unmet: (backend) => unmet(deps.providers, backend, params),
      },
      ask: (provider, upstream, heard) => {
        asked = upstream.target.backend;
        return provider.speak && deliver(provider.speak(upstream), call.progress, heard);
      },
      taken: () => taken(asked, units),
    },
    call,
  );
  const { contentType, bytes } = answer;
  return {
    content_type: contentType,
    ...(bytes ? new SpokenPart(bytes, contentType).toJSON() : undefined),
    usage: { characters, ...price },
    ...(route ? { route } : undefined),
  };
}

/** What is billed: one however many units its encoding takes. */
function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function unmet(
  providers: Readonly<Record<Dialect, Provider>>,
  { provider: { name, dialect } }: Backend,
  { response_format: format, stream_format }: AudioSpeechCreateParams,
): string | undefined {
  const { speak, speechFormats } = providers[dialect];
  if (!speak) return `${name} can't speak`;
  if (stream_format === "sse" && speechFormats) return `${name} gives audio, not events`;
  if (!format || !speechFormats || speechFormats.includes(format)) return undefined;
  return `${name} gives ${speechFormats.join(" and ")}, not ${format}`;
}

function audioTokens(characters: number): number {
  return Math.ceil(characters * TOKENS_A_CHARACTER);
}

/** Characters are what is billed, so counting them is exact; tokens of voices that are billed so are a guess. */
function taken(backend: Backend | undefined, units: Taken["units"]): Taken {
  if (backend?.config.input_cost === undefined) return { tokens: NO_TOKENS, units, source: "provider" };
  const { characters } = units;
  const tokens = { ...NO_TOKENS, inputUncached: tokensRoughly(characters), audioOutput: audioTokens(characters) };
  return { tokens, units, source: "estimated" };
}

async function deliver(
  speaking: Promise<SpeechStream>,
  progress: Progress | undefined,
  { arrived, begun }: Heard,
): Promise<Spoken> {
  const { contentType, bytes } = await speaking;
  arrived();
  if (!progress) return { contentType, bytes: await collect(bytes) };
  let isFirst = true;
  for await (const piece of bytes) {
    if (piece.length === 0) continue;
    if (isFirst) begun();
    isFirst = false;
    const pending = progress({ values: [new SpokenPart(piece, contentType)] });
    if (pending) await pending;
  }
  if (isFirst) throw silent();
  return { contentType, bytes: undefined };
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > MOST_BYTES) throw new ProviderFailure("garbled", `the audio is longer than ${MOST_BYTES} bytes`);
    all.push(piece);
  }
  if (size === 0) throw silent();
  return Buffer.concat(all, size);
}

function silent(): ProviderFailure {
  return new ProviderFailure("garbled", "the answer has no audio");
}
