// The upstream side of one chat call: follows the plan from attempt to attempt within what the call may cost, and sums up
// what all of them took.

import type { Call, RateStates } from "../core/call.ts";
import { textOf } from "../core/completion.ts";
import { BrokerError } from "../core/errors.ts";
import { explain } from "../core/explain.ts";
import type { CallEnd } from "../core/ledger.ts";
import { type NanoUsd, ZERO } from "../core/money.ts";
import { mostOutput } from "../core/needs.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import { affordableOutput, cost, worstCase } from "../core/price.ts";
import { type Provider, ProviderFailure } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import { type CallSpan, passedOn } from "../core/trace.ts";
import { addTokens, outputTokens } from "../core/usage.ts";
import type {
  ChatCompletion,
  ChatCompletionsCreateParams,
  Dialect,
  RouteAttempt,
  RoutePlan,
  Usage,
} from "../generated/types.ts";
import { type AttemptsDeps, tryTargets } from "./attempts.ts";
import { ChatAttempt } from "./chat-attempt.ts";
import { type Measured, measure } from "./measure.ts";
import type { Speeds } from "./speeds.ts";
import { prefixKey } from "./sticky.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface ChatRunDeps extends AttemptsDeps {
  readonly providers: Readonly<Record<Dialect, Provider>>;
  readonly counter: TokenCounter;
  readonly speeds: Speeds;
}

export interface ChatOrder {
  /** Or why there is none. */
  readonly plan: Plan | BrokerError;
  /** Nano-USD that all attempts together may cost; Infinity: no bound. */
  readonly cap: number;
  readonly rates: RateStates | undefined;
  readonly span: CallSpan | undefined;
}

/** What an attempt came to that did not answer the call, though its provider had begun to. */
interface Wasted {
  readonly measured: Measured;
  readonly cost: NanoUsd;
}

export class ChatRun {
  readonly #deps: ChatRunDeps;
  readonly #params: ChatCompletionsCreateParams;
  readonly #call: Call;
  readonly #order: ChatOrder;
  readonly #made: RouteAttempt[] = [];
  readonly #wasted: Wasted[] = [];
  /** The last one. */
  #attempt: ChatAttempt | undefined;
  #attempts = 0;
  /** Attempts at another backend than the one before. */
  fallbacks = 0;

  constructor(deps: ChatRunDeps, params: ChatCompletionsCreateParams, call: Call, order: ChatOrder) {
    this.#deps = deps;
    this.#params = params;
    this.#call = call;
    this.#order = order;
  }

  async serve(): Promise<ChatCompletion> {
    const { plan } = this.#order;
    const { signal, deadline, principal } = this.#call;
    if (signal.aborted) throw new BrokerError("cancelled");
    if (plan instanceof BrokerError) throw plan;
    if (plan.refusal) throw plan.refusal;
    const sticky = (): string => prefixKey(this.#params, principal.name, plan.requested);
    return tryTargets(
      this.#deps,
      plan,
      { signal, deadline, sticky, mayTry: (candidate) => this.#affords(candidate, plan) },
      (target, _, begun) => this.#try(target, plan, begun),
      (made) => this.#made.push(made),
    );
  }

  /** How the call was routed, and what was tried. */
  explanation(): RoutePlan | undefined {
    const { plan } = this.#order;
    return plan instanceof BrokerError ? undefined : explain(plan, this.#made);
  }

  /** What is left pays for the prompt and a token of each choice. */
  #affords({ backend }: Candidate, { needs }: Plan): boolean {
    if (this.#order.cap === Number.POSITIVE_INFINITY) return true;
    return backend.prices !== undefined && worstCase(backend.prices, needs.promptTokens, needs.choices) <= this.#left();
  }

  #left(): NanoUsd {
    return (this.#order.cap - this.#wastedCost()) as NanoUsd;
  }

  #wastedCost(): number {
    let sum = 0;
    for (const wasted of this.#wasted) sum += wasted.cost;
    return sum;
  }

  async #try(target: Target, plan: Plan, begun: () => void): Promise<ChatCompletion> {
    if (this.#attempt && this.#attempt.target.backend !== target.backend) this.fallbacks++;
    this.#attempts++;
    const attempt = new ChatAttempt(target, this.#params, this.#call, this.#deps.now);
    this.#attempt = attempt;
    const provider = this.#deps.providers[target.backend.provider.dialect];
    const span = this.#order.span?.attempt(target);
    const limits = {
      maxTokens: this.#longest(target, plan),
      traceparent: span ? span.traceparent : passedOn(this.#call.traceparent),
    };
    try {
      const completion = await attempt.answer(provider, limits, () => {
        begun();
        this.tellReceipt(undefined);
      });
      span?.end();
      return completion;
    } catch (failure) {
      span?.end(failure);
      if (failure instanceof ProviderFailure) await this.#noteWaste(attempt);
      throw failure;
    }
  }

  /** Output tokens that what is left pays for, where that is less than what the model would write at most. */
  #longest({ backend, model }: Target, { needs }: Plan): number | undefined {
    if (this.#order.cap === Number.POSITIVE_INFINITY || !backend.prices) return undefined;
    const most = mostOutput(needs, model);
    const paid = affordableOutput(backend.prices, needs.promptTokens, this.#left());
    if (paid >= most && (needs.maxTokens !== undefined || model.maxOutput !== undefined)) return undefined;
    return Math.max(1, Math.floor(Math.min(paid, most) / needs.choices));
  }

  /** An attempt that had begun to answer has cost something, even where another one will answer. */
  async #noteWaste(attempt: ChatAttempt): Promise<void> {
    const { fold } = attempt;
    if (this.#call.signal.aborted || !(fold.usage || fold.text() !== "")) return;
    const measured = await this.measured(undefined, undefined);
    this.#wasted.push({ measured, cost: this.#costOf(measured) });
    this.#attempt = new ChatAttempt(attempt.target, this.#params, this.#call, this.#deps.now);
    this.#attempt.taken = false;
  }

  /** Usage of the last attempt: as the provider told it, else as counted. */
  measured(completion: ChatCompletion | undefined, error: BrokerError | undefined): Promise<Measured> {
    const attempt = this.#attempt;
    return measure(this.#deps.counter, {
      told: completion?.usage ?? attempt?.fold.usage,
      messages: this.#params.messages,
      tools: this.#params.tools,
      text: () => (completion ? textOf(completion) : (attempt?.fold.text() ?? "")),
      spent: attempt !== undefined && (error === undefined || attempt.firstByteAt !== undefined || attempt.taken),
    });
  }

  #costOf({ tokens }: Measured): NanoUsd {
    const prices = this.#attempt?.target.backend.prices;
    return prices ? cost(tokens, prices) : ZERO;
  }

  /** The row: tokens and cost of all attempts; what served, or was tried last. */
  end(measured: Measured, error: BrokerError | undefined): CallEnd {
    const { firstByteAt, target } = this.#attempt ?? {};
    const finishedAt = this.#deps.now();
    const wasted = this.#wasted;
    if (!error) this.#noteSpeed(measured, finishedAt);
    return {
      finishedAt,
      ttftMs: firstByteAt === undefined ? undefined : Math.max(0, firstByteAt - this.#call.startedAt),
      modelServed: target?.model.id,
      provider: target?.backend.provider.name,
      modelId: target?.backend.modelId,
      keyLabel: target?.key.label,
      tokens: wasted.reduce((sum, each) => addTokens(sum, each.measured.tokens), measured.tokens),
      usageSource: wasted.some((each) => each.measured.source === "estimated") ? "estimated" : measured.source,
      costNanoUsd: (this.#costOf(measured) + this.#wastedCost()) as NanoUsd,
      priceKnown: target === undefined || target.backend.prices !== undefined,
      attempts: this.#attempts,
      status: error === undefined ? "ok" : error.kind === "cancelled" ? "cancelled" : "error",
      errorKind: error?.kind,
    };
  }

  #noteSpeed({ tokens }: Measured, finishedAt: number): void {
    const { target, firstByteAt, startedAt } = this.#attempt ?? {};
    if (!target || firstByteAt === undefined || startedAt === undefined) return;
    this.#deps.speeds.note(target.backend, {
      firstTokenMs: firstByteAt - startedAt,
      tokens: outputTokens(tokens),
      ms: finishedAt - firstByteAt,
    });
  }

  tellReceipt(costNanoUsd: NanoUsd | undefined): void {
    if (!this.#attempt) return;
    const { model, backend } = this.#attempt.target;
    this.#call.tellReceipt({
      model: model.id,
      provider: backend.provider.name,
      attempts: this.#attempts,
      costNanoUsd,
      ...(this.#order.rates ? { rates: this.#order.rates } : {}),
    });
  }

  /** The last chunk of a stream: usage and route, where the client asked for them. */
  async sendLast(completion: ChatCompletion, usage: NonNullable<Usage>, route: RoutePlan | undefined): Promise<void> {
    const wanted = this.#params.stream_options?.include_usage === true;
    if (!this.#call.progress || !(wanted || route)) return;
    const { id, created, model } = completion;
    const last = { id, object: "chat.completion.chunk", created, model, choices: [] };
    await this.#call.progress({ values: [{ ...last, ...(wanted ? { usage } : {}), ...(route ? { route } : {}) }] });
  }
}
