// One upstream call of a chat request: collects the answer, or streams it to the client from the first meaningful frame
// on. Knows what has arrived, so that it can be paid for however it ended.

import type { Call } from "../core/call.ts";
import { type ChunkRun, CompletionFold, withoutUsage } from "../core/completion.ts";
import { BrokerError } from "../core/errors.ts";
import { toBrokerError } from "../core/fallback.ts";
import type { Timeouts } from "../core/model.ts";
import { type Provider, type ProviderCall, ProviderFailure } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import type { ChatCompletion, ChatCompletionsCreateParams } from "../generated/types.ts";
import { AttemptClock } from "./attempt-clock.ts";
import { FirstFrames } from "./first-frames.ts";

/** What goes upstream beside the request. */
export interface UpstreamExtras {
  /** The longest answer that may be paid for. */
  readonly maxTokens: number | undefined;
  readonly traceparent: string | undefined;
}

export class ChatAttempt {
  readonly target: Target;
  readonly fold = new CompletionFold();
  readonly startedAt: number;
  /** Unix milliseconds of the first meaningful frame, or of an answer in one piece. */
  firstByteAt: number | undefined;
  /** The provider has, or may have, taken the request. */
  taken = true;
  readonly #call: Call;
  readonly #params: ChatCompletionsCreateParams;
  readonly #now: () => number;
  #clock: AttemptClock | undefined;

  constructor(target: Target, params: ChatCompletionsCreateParams, call: Call, now: () => number) {
    this.target = target;
    this.startedAt = now();
    this.#params = params;
    this.#call = call;
    this.#now = now;
  }

  /**
   * `onFirst` is called right before the first byte goes to the client. Throws a ProviderFailure while another target may
   * be gone on to, a BrokerError (its cause the ProviderFailure) after that.
   */
  async answer(provider: Provider, extras: UpstreamExtras, onFirst: () => void): Promise<ChatCompletion> {
    const { timeouts } = this.target.model;
    if (timeouts.firstTokenMs ?? timeouts.totalMs) this.#clock = new AttemptClock(this.#call.signal, timeouts);
    const upstream = this.#upstream(extras);
    if (!provider.stream) throw new BrokerError("capability_missing", `${this.target.model.id} can't chat`);
    const { stream } = provider;
    const answers = (): AsyncIterable<ChunkRun> => stream.call(provider, upstream);
    try {
      if (this.#call.progress) return await this.#stream(answers(), onFirst);
      if (provider.complete) return await this.#whole(provider.complete(upstream));
      return await this.#collect(answers());
    } catch (cause) {
      throw this.#failed(this.#clock ? this.#clock.judge(cause) : cause);
    } finally {
      this.#clock?.end();
    }
  }

  #upstream({ maxTokens, traceparent }: UpstreamExtras): ProviderCall {
    return {
      target: this.target,
      params: this.#params,
      signal: this.#clock?.signal ?? this.#call.signal,
      ...(maxTokens === undefined ? undefined : { maxTokens }),
      ...(traceparent === undefined ? undefined : { traceparent }),
      ...timeoutsOf(this.target),
    };
  }

  async #whole(answer: Promise<ChatCompletion>): Promise<ChatCompletion> {
    const completion = await answer;
    this.firstByteAt = this.#now();
    return completion;
  }

  async #collect(runs: AsyncIterable<ChunkRun>): Promise<ChatCompletion> {
    for await (const run of runs) {
      if (this.firstByteAt === undefined) this.#begun();
      this.fold.addRun(run);
    }
    return this.fold.completion();
  }

  async #stream(runs: AsyncIterable<ChunkRun>, onFirst: () => void): Promise<ChatCompletion> {
    let first: FirstFrames | undefined = new FirstFrames();
    for await (const run of runs) {
      this.fold.addRun(run);
      if (!first) {
        const full = this.#send(run);
        if (full) await full;
        continue;
      }
      const ready = first.add(run);
      if (!ready) continue;
      first = undefined;
      await this.#sendFirst(ready, onFirst);
    }
    if (first) await this.#sendFirst(first.kept, onFirst);
    return this.fold.completion();
  }

  async #sendFirst(runs: readonly ChunkRun[], onFirst: () => void): Promise<void> {
    this.#begun();
    onFirst();
    for (const run of runs) await this.#send(run);
  }

  #begun(): void {
    this.firstByteAt = this.#now();
    this.#clock?.gotToken();
  }

  #send(run: ChunkRun): void | Promise<void> {
    const shown = withoutUsage(run, this.#params.stream_options?.include_usage === true);
    return shown && this.#call.progress?.(shown);
  }

  #failed(failure: unknown): unknown {
    if (!(failure instanceof ProviderFailure)) return failure;
    if (this.#call.progress && this.firstByteAt !== undefined) {
      return afterFirstByte(failure, this.target.backend.provider.name);
    }
    // What we gave up may have been taken by the provider; what failed otherwise before its first byte was not.
    this.taken = failure.kind === "aborted" || failure.kind === "timeout";
    return failure;
  }
}

/** Those of the model, where it has its own. */
export function timeoutsOf({ model, backend }: Target): { timeouts: Timeouts } | undefined {
  const { connectMs, idleMs } = model.timeouts;
  if (connectMs === undefined && idleMs === undefined) return undefined;
  const { timeouts } = backend.provider;
  return { timeouts: { ...timeouts, connectMs: connectMs ?? timeouts.connectMs, idleMs: idleMs ?? timeouts.idleMs } };
}

/** Whatever cut a stream that had begun, the client must learn that the answer is not complete. */
function afterFirstByte(failure: ProviderFailure, provider: string): BrokerError {
  const mapped = failure.kind === "aborted" || failure.kind === "status";
  const error = mapped
    ? toBrokerError(failure, provider)
    : new BrokerError("stream_cut", `The answer of ${provider} ended early`, { provider });
  error.cause = failure;
  return error;
}
