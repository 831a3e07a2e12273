// One metered chat completion: hold, route, call, fall back, settle. Whatever happens, the call leaves exactly one row,
// and the row is on disk before the last byte of the answer leaves.

import type { Call } from "../core/call.ts";
import { CompletionFold, textOf, withoutUsage } from "../core/completion.ts";
import { BrokerError } from "../core/errors.ts";
import { toBrokerError } from "../core/fallback.ts";
import type { CallEnd, CallStart, Ledger } from "../core/ledger.ts";
import type { Catalogue } from "../core/model.ts";
import { type NanoUsd, toUsd, ZERO } from "../core/money.ts";
import { needsOf } from "../core/needs.ts";
import { cost } from "../core/price.ts";
import { type Provider, ProviderFailure } from "../core/provider.ts";
import { route, type Strategy } from "../core/route.ts";
import type { Target } from "../core/target.ts";
import type { ChatCompletion, ChatCompletionsCreateParams, Dialect, Usage } from "../generated/types.ts";
import { type AttemptsDeps, tryTargets } from "./attempts.ts";
import { type Measured, measure } from "./measure.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface CompleteDeps extends AttemptsDeps {
  readonly catalogue: () => Catalogue;
  readonly providers: Readonly<Record<Dialect, Provider>>;
  readonly ledger: Ledger;
  readonly counter: TokenCounter;
  readonly strategy: Strategy;
  /** Told of every call that ended; for metrics. */
  readonly onEnd: (start: CallStart, end: CallEnd) => void;
}

/** Answers a chat request. With `call.progress` the answer goes out in chunks and then once more, complete, as result. */
export async function complete(
  deps: CompleteDeps,
  params: ChatCompletionsCreateParams,
  call: Call,
): Promise<ChatCompletion> {
  const start: CallStart = {
    requestId: call.requestId,
    parentId: undefined,
    startedAt: call.startedAt,
    ip: call.ip,
    keyId: call.principal.keyId,
    method: call.method,
    modelAsked: params.model,
    stream: call.progress !== undefined,
  };
  const hold = await deps.ledger.hold(start);
  const attempt = new Attempt(deps, params, call);
  let completion: ChatCompletion | undefined;
  let error: BrokerError | undefined;
  try {
    completion = await attempt.serve();
  } catch (cause) {
    error = call.signal.aborted ? cancelled(call.signal) : cause instanceof BrokerError ? cause : bug(cause);
  }
  const measured = await attempt.measured(completion, error);
  const end = attempt.end(measured, error);
  deps.onEnd(start, end);
  // A row that can't be written now is kept by the ledger; the answer, already paid for, is not withheld for it.
  await deps.ledger.settle(hold, start, end).catch(() => "kept");
  attempt.tellReceipt(end.costNanoUsd);
  const usage = priced(measured, end.costNanoUsd);
  if (error) throw error.kind === "cancelled" ? new BrokerError("cancelled", error.message, { usage }) : error;
  if (!completion) throw new BrokerError("internal");
  await attempt.sendUsage(completion, usage);
  return { ...completion, usage };
}

/** A bug keeps its stack for the log; the waist shows none of it. */
function bug(cause: unknown): BrokerError {
  const error = new BrokerError("internal");
  error.cause = cause;
  return error;
}

function cancelled(signal: AbortSignal): BrokerError {
  return signal.reason instanceof BrokerError ? signal.reason : new BrokerError("cancelled");
}

function priced({ usage, source }: Measured, amount: NanoUsd): NonNullable<Usage> {
  return { ...usage, cost: toUsd(amount), ...(source === "estimated" ? { estimated: true } : {}) };
}

/** The upstream side of one call. */
class Attempt {
  readonly #deps: CompleteDeps;
  readonly #params: ChatCompletionsCreateParams;
  readonly #call: Call;
  #fold = new CompletionFold();
  #target: Target | undefined;
  #attempts = 0;
  #firstByteAt: number | undefined;
  /** A provider has the request. */
  #underWay = false;

  constructor(deps: CompleteDeps, params: ChatCompletionsCreateParams, call: Call) {
    this.#deps = deps;
    this.#params = params;
    this.#call = call;
  }

  serve(): Promise<ChatCompletion> {
    const { catalogue, strategy } = this.#deps;
    if (this.#call.signal.aborted) throw cancelled(this.#call.signal);
    const candidates = route(catalogue(), this.#params.model, () => needsOf(this.#params), strategy);
    return tryTargets(this.#deps, candidates, this.#call.signal, (target) => this.#try(target));
  }

  async #try(target: Target): Promise<ChatCompletion> {
    this.#target = target;
    this.#attempts++;
    this.#fold = new CompletionFold();
    this.#firstByteAt = undefined;
    this.#underWay = true;
    try {
      return await this.#ask(target);
    } catch (failure) {
      // Whatever was aborted may have been taken by the provider; what failed otherwise before its first byte was not.
      if (!(failure instanceof ProviderFailure && failure.kind === "aborted")) this.#underWay = false;
      throw failure;
    }
  }

  async #ask(target: Target): Promise<ChatCompletion> {
    const provider = this.#deps.providers[target.backend.provider.dialect];
    const upstream = { target, params: this.#params, signal: this.#call.signal };
    if (this.#call.progress) return this.#stream(provider, upstream);
    if (provider.complete) {
      const completion = await provider.complete(upstream);
      this.#firstByteAt = this.#deps.now();
      return completion;
    }
    for await (const run of provider.stream(upstream)) {
      this.#firstByteAt ??= this.#deps.now();
      for (const chunk of run.values) this.#fold.add(chunk);
    }
    return this.#fold.completion();
  }

  /** Until the first run has gone out a failure may lead to another target; from then on it ends the call. */
  async #stream(provider: Provider, upstream: Parameters<Provider["stream"]>[0]): Promise<ChatCompletion> {
    const progress = this.#call.progress!;
    const keepNull = this.#params.stream_options?.include_usage === true;
    try {
      for await (const run of provider.stream(upstream)) {
        if (this.#firstByteAt === undefined) {
          this.#firstByteAt = this.#deps.now();
          this.tellReceipt(undefined);
        }
        for (const chunk of run.values) this.#fold.add(chunk);
        const shown = withoutUsage(run, keepNull);
        const full = shown && progress(shown);
        if (full) await full;
      }
    } catch (failure) {
      if (this.#firstByteAt === undefined || !(failure instanceof ProviderFailure)) throw failure;
      throw afterFirstByte(failure, upstream.target.backend.provider.name);
    }
    return this.#fold.completion();
  }

  /** Usage as the provider told it, else as counted. */
  measured(completion: ChatCompletion | undefined, error: BrokerError | undefined): Promise<Measured> {
    return measure(this.#deps.counter, {
      told: completion?.usage ?? this.#fold.usage,
      messages: this.#params.messages,
      tools: this.#params.tools,
      text: () => (completion ? textOf(completion) : this.#fold.text()),
      spent: error === undefined || this.#firstByteAt !== undefined || this.#underWay,
    });
  }

  end({ tokens, source }: Measured, error: BrokerError | undefined): CallEnd {
    const { backend, key, model } = this.#target ?? {};
    const prices = backend?.prices;
    return {
      finishedAt: this.#deps.now(),
      ttftMs: this.#firstByteAt === undefined ? undefined : Math.max(0, this.#firstByteAt - this.#call.startedAt),
      modelServed: model?.id,
      provider: backend?.provider.name,
      modelId: backend?.modelId,
      keyLabel: key?.label,
      tokens,
      usageSource: source,
      costNanoUsd: prices ? cost(tokens, prices) : ZERO,
      attempts: this.#attempts,
      status: error === undefined ? "ok" : error.kind === "cancelled" ? "cancelled" : "error",
      errorKind: error?.kind,
    };
  }

  tellReceipt(costNanoUsd: NanoUsd | undefined): void {
    if (!this.#target) return;
    const { model, backend } = this.#target;
    this.#call.tellReceipt({
      model: model.id,
      provider: backend.provider.name,
      attempts: this.#attempts,
      costNanoUsd,
    });
  }

  /** The last chunk of a stream whose client asked for usage. */
  async sendUsage(completion: ChatCompletion, usage: NonNullable<Usage>): Promise<void> {
    if (!this.#call.progress || this.#params.stream_options?.include_usage !== true) return;
    const { id, created, model } = completion;
    await this.#call.progress({
      values: [{ id, object: "chat.completion.chunk", created, model, choices: [], usage }],
    });
  }
}

/** Whatever cut a stream that had begun, the client must learn that the answer is not complete. */
function afterFirstByte(failure: ProviderFailure, provider: string): BrokerError {
  if (failure.kind === "aborted" || failure.kind === "status") return toBrokerError(failure, provider);
  return new BrokerError("stream_cut", `The answer of ${provider} ended early`, { provider });
}
