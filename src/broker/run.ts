// The upstream side of one metered call, whatever it asks for: follows the plan from attempt to attempt within what the
// call may cost, and knows what there is to tell of it.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { explain } from "../core/explain.ts";
import type { CallEnd } from "../core/ledger.ts";
import { type NanoUsd, ZERO } from "../core/money.ts";
import type { Candidate, Plan } from "../core/plan.ts";
import { cost } from "../core/price.ts";
import type { Provider } from "../core/provider.ts";
import { leastCost } from "../core/route/sieve.ts";
import type { Target } from "../core/target.ts";
import { type CallSpan, passedOn } from "../core/trace.ts";
import type { Dialect, RouteAttempt, RoutePlan } from "../generated/types.ts";
import { type AttemptsDeps, tryTargets } from "./attempts.ts";
import type { Admission } from "./gate.ts";
import type { Speeds } from "./speeds.ts";
import { addTaken, type Taken } from "./taken.ts";

export interface RunDeps extends AttemptsDeps {
  readonly providers: Readonly<Record<Dialect, Provider>>;
  readonly speeds: Speeds;
}

export interface RunOrder {
  /** Or why there is none. */
  readonly plan: Plan | BrokerError;
  readonly admission: Pick<Admission, "granted" | "more" | "rates">;
  /** Nano-USD that all attempts together may cost; Infinity: no bound. */
  readonly maxCost: number;
  readonly span: CallSpan | undefined;
}

export abstract class Run<Answer, T extends Taken = Taken> {
  /** Attempts at another backend than the one before. */
  fallbacks = 0;
  protected readonly deps: RunDeps;
  protected readonly call: Call;
  protected readonly order: RunOrder;
  /** The last one. */
  protected target: Target | undefined;
  /** Unix milliseconds of the first meaningful byte. */
  protected abstract readonly firstByteAt: number | undefined;
  readonly #made: RouteAttempt[] = [];
  #attempts = 0;
  /** What attempts took, or may have, that did not answer the call. */
  #wasted: Taken | undefined;
  #wastedCost = 0;
  /** Part of that has no known price. */
  #unpriced = false;
  /** Nano-USD that budgets gave for all attempts together; Infinity where none applies. */
  #granted: number;

  constructor(deps: RunDeps, call: Call, order: RunOrder) {
    this.deps = deps;
    this.call = call;
    this.order = order;
    this.#granted = order.admission.granted;
  }

  /** One upstream call. `begun` is to be called right before the first byte goes to the client. */
  protected abstract attempt(
    target: Target,
    plan: Plan,
    traceparent: string | undefined,
    begun: () => void,
  ): Promise<Answer>;

  /** What is written where not even that can be told. */
  abstract readonly nothing: T;

  /** What the call took. */
  abstract measured(answer: Answer | undefined, error: BrokerError | undefined): Promise<T>;

  /** Names what later calls like this one have in common, for targets that keep a cache of it. */
  protected sticky(_plan: Plan): (() => string) | undefined {
    return undefined;
  }

  async serve(): Promise<Answer> {
    const { plan } = this.order;
    const { signal, deadline } = this.call;
    if (signal.aborted) throw new BrokerError("cancelled");
    if (plan instanceof BrokerError) throw plan;
    if (plan.refusal) throw plan.refusal;
    return tryTargets(
      this.deps,
      plan,
      { signal, deadline, sticky: this.sticky(plan), mayTry: (candidate) => this.#affords(candidate, plan) },
      (target, _, begun) => this.#try(target, plan, begun),
      (made) => this.#made.push(made),
    );
  }

  /** How the call was routed, and what was tried. */
  explanation(): RoutePlan | undefined {
    const { plan } = this.order;
    return plan instanceof BrokerError ? undefined : explain(plan, this.#made);
  }

  /** The row: what served, or was tried last; how much all attempts took. */
  end(taken: T, error: BrokerError | undefined): CallEnd {
    const { target, firstByteAt } = this;
    const { tokens, units, source } = this.#wasted ? addTaken(this.#wasted, taken) : taken;
    return {
      finishedAt: this.deps.now(),
      ttftMs: firstByteAt === undefined ? undefined : Math.max(0, firstByteAt - this.call.startedAt),
      modelServed: target?.model.id,
      provider: target?.backend.provider.name,
      modelId: target?.backend.modelId,
      keyLabel: target?.key.label,
      tokens,
      units,
      usageSource: source,
      costNanoUsd: (this.#costOf(taken) + this.#wastedCost) as NanoUsd,
      priceKnown: this.#isPriceKnown(),
      attempts: this.#attempts,
      status: error === undefined ? "ok" : error.kind === "cancelled" ? "cancelled" : "error",
      errorKind: error?.kind,
    };
  }

  #isPriceKnown(): boolean {
    const { plan } = this.order;
    if (!this.target || plan instanceof BrokerError) return true;
    return !this.#unpriced && !plan.pricedOtherwise && this.target.backend.prices !== undefined;
  }

  tellReceipt(costNanoUsd: NanoUsd | undefined): void {
    if (!this.target) return;
    const { model, backend } = this.target;
    const { rates } = this.order.admission;
    this.call.tellReceipt({
      model: model.id,
      provider: backend.provider.name,
      attempts: this.#attempts,
      costNanoUsd,
      ...(rates ? { rates } : {}),
    });
  }

  /** What the last attempt took is paid for, even where another one will answer; budgets are asked for as much again. */
  protected noteWaste(taken: Taken): void {
    const wasted = this.#costOf(taken);
    this.#wasted = this.#wasted ? addTaken(this.#wasted, taken) : taken;
    this.#wastedCost += wasted;
    const { admission, maxCost } = this.order;
    if (this.#granted < maxCost) this.#granted += admission.more(Math.min(wasted, maxCost - this.#granted) as NanoUsd);
    if (taken.source !== "none" && !this.target?.backend.prices) this.#unpriced = true;
  }

  /** Nano-USD that further attempts may cost; Infinity: no bound. */
  protected get left(): number {
    return Math.min(this.#granted, this.order.maxCost) - this.#wastedCost;
  }

  /** At the last target. */
  #costOf({ tokens, units }: Taken): NanoUsd {
    const prices = this.target?.backend.prices;
    return prices ? cost(tokens, prices, units) : ZERO;
  }

  /** What is left pays for the least that the candidate can cost. */
  #affords({ backend: { prices } }: Candidate, { needs }: Plan): boolean {
    const { left } = this;
    if (left === Number.POSITIVE_INFINITY) return true;
    return prices !== undefined && leastCost(prices, needs) <= left;
  }

  async #try(target: Target, plan: Plan, begun: () => void): Promise<Answer> {
    if (this.target && this.target.backend !== target.backend) this.fallbacks++;
    this.target = target;
    this.#attempts++;
    const span = this.order.span?.attempt(target);
    const traceparent = span ? span.traceparent : passedOn(this.call.traceparent);
    try {
      const answer = await this.attempt(target, plan, traceparent, begun);
      span?.end();
      return answer;
    } catch (failure) {
      span?.end(failure);
      throw failure;
    }
  }
}
