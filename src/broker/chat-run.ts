// The upstream side of one chat call: streams or collects the answer within what the call may cost, and sums up what all
// attempts took.

import type { Call } from "../core/call.ts";
import { textOf } from "../core/completion.ts";
import type { BrokerError } from "../core/errors.ts";
import type { CallEnd } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import { mostOutput } from "../core/needs.ts";
import type { Plan } from "../core/plan.ts";
import { affordableOutput } from "../core/price.ts";
import { ProviderFailure } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import { outputTokens } from "../core/usage.ts";
import type { ChatCompletion, ChatCompletionsCreateParams, RoutePlan, Usage } from "../generated/types.ts";
import { ChatAttempt } from "./chat-attempt.ts";
import { isTold, type Measured, measure, NOTHING } from "./measure.ts";
import { Run, type RunDeps, type RunOrder } from "./run.ts";
import { prefixKey } from "./sticky.ts";
import type { TokenCounter } from "./token-counter.ts";

export interface ChatRunDeps extends RunDeps {
  readonly counter: TokenCounter;
}

export class ChatRun extends Run<ChatCompletion, Measured> {
  declare protected readonly deps: ChatRunDeps;
  readonly #params: ChatCompletionsCreateParams;
  readonly nothing = NOTHING;
  /** The last one. */
  #attempt: ChatAttempt | undefined;

  constructor(deps: ChatRunDeps, params: ChatCompletionsCreateParams, call: Call, order: RunOrder) {
    super(deps, call, order);
    this.#params = params;
  }

  protected get firstByteAt(): number | undefined {
    return this.#attempt?.firstByteAt;
  }

  protected override sticky(plan: Plan): () => string {
    return () => prefixKey(this.#params, this.call.principal.name, plan.requested);
  }

  protected async attempt(
    target: Target,
    plan: Plan,
    traceparent: string | undefined,
    begun: () => void,
  ): Promise<ChatCompletion> {
    const attempt = new ChatAttempt(target, this.#params, this.call, this.deps.now);
    this.#attempt = attempt;
    const provider = this.deps.providers[target.backend.provider.dialect];
    try {
      return await attempt.answer(provider, { maxTokens: this.#longest(target, plan), traceparent }, () => {
        begun();
        this.tellReceipt(undefined);
      });
    } catch (failure) {
      if (failure instanceof ProviderFailure) await this.#waste(attempt);
      throw failure;
    }
  }

  /** Where money is bounded: output tokens of a choice that what is left pays for, told to the vendor in its own words. */
  #longest({ backend, model }: Target, { needs }: Plan): number | undefined {
    const { left } = this;
    if (left === Number.POSITIVE_INFINITY || !backend.prices) return undefined;
    const most = mostOutput(needs, model);
    const paid = affordableOutput(backend.prices, needs.promptTokensAtMost, left as NanoUsd);
    return Math.max(1, Math.floor(Math.min(paid, most) / needs.choices));
  }

  /** An attempt that had begun to answer has cost something, even where another one will answer. */
  async #waste(attempt: ChatAttempt): Promise<void> {
    const { fold } = attempt;
    if (this.call.signal.aborted || !(attempt.taken || isTold(fold.usage) || fold.text() !== "")) return;
    this.noteWaste(await this.measured(undefined, undefined));
    this.#attempt = new ChatAttempt(attempt.target, this.#params, this.call, this.deps.now);
    this.#attempt.taken = false;
  }

  /** Usage of the last attempt: as the provider told it, else as counted. */
  measured(completion: ChatCompletion | undefined, error: BrokerError | undefined): Promise<Measured> {
    const attempt = this.#attempt;
    return measure(this.deps.counter, {
      told: completion?.usage ?? attempt?.fold.usage,
      messages: this.#params.messages,
      tools: this.#params.tools,
      whole: completion !== undefined && error === undefined,
      text: () => (completion ? textOf(completion) : (attempt?.fold.text() ?? "")),
      spent: attempt !== undefined && (error === undefined || attempt.firstByteAt !== undefined || attempt.taken),
    });
  }

  override end(measured: Measured, error: BrokerError | undefined): CallEnd {
    const end = super.end(measured, error);
    if (!error) this.#noteSpeed(measured, end.finishedAt);
    return end;
  }

  #noteSpeed({ tokens }: Measured, finishedAt: number): void {
    const { target, firstByteAt, startedAt } = this.#attempt ?? {};
    if (!target || firstByteAt === undefined || startedAt === undefined) return;
    this.deps.speeds.note(target.backend, {
      firstTokenMs: firstByteAt - startedAt,
      tokens: outputTokens(tokens),
      ms: finishedAt - firstByteAt,
    });
  }

  /** The last chunk of a stream: usage and route, where the client asked for them. */
  async sendLast(completion: ChatCompletion, usage: NonNullable<Usage>, route: RoutePlan | undefined): Promise<void> {
    const wanted = this.#params.stream_options?.include_usage === true;
    if (!this.call.progress || !(wanted || route)) return;
    const { id, created, model } = completion;
    const last = { id, object: "chat.completion.chunk", created, model, choices: [] };
    await this.call.progress({ values: [{ ...last, ...(wanted ? { usage } : {}), ...(route ? { route } : {}) }] });
  }
}
