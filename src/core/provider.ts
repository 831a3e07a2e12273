// The port to a vendor's API. A provider translates to and from the middle form and nothing else: no retries, prices,
// key choice or logs of its own.

import type {
  AudioSpeechCreateParams,
  AudioTranscriptionsCreateParams,
  ChatCompletion,
  ChatCompletionsCreateParams,
  EmbeddingList,
  EmbeddingsCreateParams,
  Images,
  ImagesGenerationsCreateParams,
  Moderation,
  ModerationsCreateParams,
  Transcription,
} from "../generated/types.ts";
import type { AudioFormat } from "./audio/format.ts";
import type { ChunkRun } from "./completion.ts";
import type { Backend, ProviderEntry, Timeouts } from "./model.ts";
import type { Target } from "./target.ts";

/** One upstream call. */
export interface ProviderCall {
  readonly target: Target;
  /** As the client sent it; the provider puts its own name of the model in. Never changed in place. */
  readonly params: ChatCompletionsCreateParams;
  /** Aborting closes the upstream connection at once. */
  readonly signal: AbortSignal;
  /** Output tokens of a choice at most, thinking included; stands in place of what `params` say. */
  readonly maxTokens?: number | undefined;
  /** In place of the provider entry's own. */
  readonly timeouts?: Timeouts | undefined;
  /** W3C trace context for the provider; of the right form. */
  readonly traceparent?: string | undefined;
}

/** One upstream call that is one question and one answer. */
export interface UnitCall<Params> {
  readonly target: Target;
  /** As the client sent it; never changed in place. */
  readonly params: Params;
  /** Aborting closes the upstream connection at once. */
  readonly signal: AbortSignal;
  /** In place of the provider entry's own. */
  readonly timeouts?: Timeouts | undefined;
  readonly traceparent?: string | undefined;
}

/** Audio as it comes. */
export interface SpeechStream {
  /** Of the bytes, for example `audio/mpeg`. */
  readonly contentType: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What is to be written down; the bytes are a whole file. */
export interface TranscriptionAsk extends AudioTranscriptionsCreateParams {
  readonly file: Uint8Array;
  /** To English, whatever is spoken. */
  readonly translate: boolean;
}

/** A provider has the abilities that its dialect has; all reject with a ProviderFailure. */
export interface Provider {
  /**
   * Streams an answer. Usage is always asked for and comes as a chunk with `usage`. Ends normally only when the provider
   * said that the answer is complete; throws a ProviderFailure otherwise.
   */
  stream?(call: ProviderCall): AsyncIterable<ChunkRun>;
  /** The answer in one piece, where the dialect has its own form for that; otherwise the stream is folded. */
  complete?(call: ProviderCall): Promise<ChatCompletion>;
  /** A vector for each input, in their order, all of one length; in either form, whatever the params ask for. */
  embed?(call: UnitCall<EmbeddingsCreateParams>): Promise<EmbeddingList>;
  /** Resolves when the first bytes are there. */
  speak?(call: UnitCall<AudioSpeechCreateParams>): Promise<SpeechStream>;
  /** Formats that `speak` gives; absent: those of OpenAI. */
  readonly speechFormats?: readonly string[];
  /** With the duration where the provider tells it; `segments` where `verbose_json` is asked for. */
  transcribe?(call: UnitCall<TranscriptionAsk>): Promise<Transcription>;
  /** Why `transcribe` can't take such a recording, for people; absent, or `undefined`: it can. */
  transcribeUnable?(
    backend: Backend,
    ask: { readonly format: AudioFormat; readonly translate: boolean },
  ): string | undefined;
  moderate?(call: UnitCall<ModerationsCreateParams>): Promise<Moderation>;
  generateImages?(call: UnitCall<ImagesGenerationsCreateParams>): Promise<Images>;
  /** Models that are there without being configured; rejects with a ProviderFailure when nothing answers. */
  discover?(provider: ProviderEntry, signal: AbortSignal): Promise<readonly DiscoveredModel[]>;
  /** Ends connections and workers. */
  close(): Promise<void>;
}

/** A provider whose dialect is one of conversations. */
export type ChatProvider = Provider & Required<Pick<Provider, "stream">>;

/** A model found at a provider. */
export interface DiscoveredModel {
  readonly modelId: string;
  /** Tokens, where the provider tells. */
  readonly contextWindow?: number;
  readonly capabilities: readonly ("tool_calling" | "vision" | "reasoning" | "json_schema")[];
}

/** How an upstream call failed. */
export type FailureKind =
  /** No connection, or it broke before the first byte of the answer. */
  | "connect"
  /** Nothing in time: before the first byte or between two. */
  | "timeout"
  /** An HTTP status other than 2xx, or an error object inside a 200 (with the status that it names, else 502). */
  | "status"
  /** The answer ended before it was complete. */
  | "cut"
  /** Bytes that are not the dialect. */
  | "garbled"
  /** The call's own signal. */
  | "aborted";

/** Never reaches a caller: the use case turns it into a BrokerError or tries another target. */
export class ProviderFailure extends Error {
  override readonly name = "ProviderFailure";
  readonly kind: FailureKind;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** Why there is no connection, in a word: `ENOTFOUND`. */
  readonly reason: string | undefined;
  /** The provider's own words, bounded, without secrets. */
  readonly upstream:
    | { readonly message: string; readonly type?: string; readonly code?: string; readonly param?: string }
    | undefined;

  constructor(
    kind: FailureKind,
    message: string,
    facts: {
      status?: number;
      retryAfterMs?: number | undefined;
      reason?: string;
      upstream?: ProviderFailure["upstream"];
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: facts.cause });
    this.kind = kind;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.reason = facts.reason;
    this.upstream = facts.upstream;
  }
}
