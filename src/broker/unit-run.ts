// The upstream side of a call that is one question and one answer: embeddings, speech, transcriptions, images, moderations.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { CallEnd } from "../core/ledger.ts";
import type { NanoUsd } from "../core/money.ts";
import type { Plan } from "../core/plan.ts";
import { type Provider, ProviderFailure, type UnitCall } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import { addTokens, NO_TOKENS, NO_UNITS, type Units } from "../core/usage.ts";
import { AttemptClock } from "./attempt-clock.ts";
import { timeoutsOf } from "./chat-attempt.ts";
import { Run, type RunDeps, type RunOrder, type Taken } from "./run.ts";

/** What an answer that comes in pieces tells of itself. */
export interface Heard {
  /** Its first byte is there. */
  readonly arrived: () => void;
  /** To be called right before a first byte goes to the client. */
  readonly begun: () => void;
}

/** How one kind of call is made and measured. */
export interface UnitKind<Params, Answer> {
  readonly params: Params;
  /** `undefined`: this provider can't. */
  readonly ask: (provider: Provider, call: UnitCall<Params>, heard: Heard) => Promise<Answer> | undefined;
  /** What the answer took; without one, what was sent before the call ended otherwise. Never rejects. */
  readonly taken: (answer: Answer | undefined) => Taken | Promise<Taken>;
}

/** What an attempt may have cost that did not answer the call. */
interface Wasted {
  readonly taken: Taken;
  readonly cost: NanoUsd;
}

const NOTHING: Taken = { tokens: NO_TOKENS, units: NO_UNITS, source: "none" };

export class UnitRun<Params, Answer> extends Run<Answer> {
  protected firstByteAt: number | undefined;
  readonly nothing = NOTHING;
  readonly #kind: UnitKind<Params, Answer>;
  /** The provider has, or may have, taken the request. */
  #spent = false;
  readonly #wasted: Wasted[] = [];

  constructor(deps: RunDeps, kind: UnitKind<Params, Answer>, call: Call, order: RunOrder) {
    super(deps, call, order);
    this.#kind = kind;
  }

  protected override get left(): NanoUsd {
    return (this.order.cap - this.#wastedCost()) as NanoUsd;
  }

  protected async attempt(
    target: Target,
    _plan: Plan,
    traceparent: string | undefined,
    begun: () => void,
  ): Promise<Answer> {
    const provider = this.deps.providers[target.backend.provider.dialect];
    const { timeouts } = target.model;
    const clock =
      (timeouts.firstTokenMs ?? timeouts.totalMs) ? new AttemptClock(this.call.signal, timeouts) : undefined;
    const signal = clock?.signal ?? this.call.signal;
    const upstream = { target, params: this.#kind.params, signal, traceparent, ...timeoutsOf(target) };
    this.firstByteAt = undefined;
    this.#spent = true;
    try {
      const answer = this.#kind.ask(provider, upstream, {
        arrived: () => clock?.gotToken(),
        begun: () => {
          this.firstByteAt ??= this.deps.now();
          begun();
          this.tellReceipt(undefined);
        },
      });
      if (!answer) throw cannot(target);
      const given = await answer;
      this.firstByteAt ??= this.deps.now();
      return given;
    } catch (cause) {
      const failure = this.#failed(clock ? clock.judge(cause) : cause, target);
      if (failure instanceof ProviderFailure && failure.kind === "timeout") await this.#noteWaste();
      throw failure;
    } finally {
      clock?.end();
    }
  }

  async measured(answer: Answer | undefined): Promise<Taken> {
    return this.#spent ? this.#kind.taken(answer) : NOTHING;
  }

  /** The row: what all attempts took, or may have. */
  override end(taken: Taken, error: BrokerError | undefined): CallEnd {
    const end = super.end(taken, error);
    if (this.#wasted.length === 0) return end;
    let { tokens, units } = taken;
    for (const wasted of this.#wasted) {
      tokens = addTokens(tokens, wasted.taken.tokens);
      units = addUnits(units, wasted.taken.units);
    }
    const costNanoUsd = (end.costNanoUsd + this.#wastedCost()) as NanoUsd;
    return { ...end, tokens, units, usageSource: "estimated", costNanoUsd };
  }

  /** Who did not answer in time may have done the work all the same: all that was asked of it counts. */
  async #noteWaste(): Promise<void> {
    this.#spent = false;
    const taken = await this.#kind.taken(undefined);
    this.#wasted.push({ taken, cost: this.costOf(taken.tokens, taken.units) });
  }

  #wastedCost(): number {
    let sum = 0;
    for (const wasted of this.#wasted) sum += wasted.cost;
    return sum;
  }

  /** What was aborted may have been taken by the provider; what failed otherwise before its first byte was not. */
  #failed(failure: unknown, { backend }: Target): unknown {
    if (!(failure instanceof ProviderFailure)) return failure;
    if (this.firstByteAt === undefined) {
      this.#spent = failure.kind === "aborted";
      return failure;
    }
    const { name } = backend.provider;
    const error = new BrokerError("stream_cut", `The answer of ${name} ended early`, { provider: name });
    error.cause = failure;
    return error;
  }
}

function addUnits(a: Units, b: Units): Units {
  return { seconds: a.seconds + b.seconds, characters: a.characters + b.characters, images: a.images + b.images };
}

/** A fault of the configuration; another backend may be able to. */
function cannot({ model, backend }: Target): ProviderFailure {
  const { name, dialect } = backend.provider;
  return new ProviderFailure("status", `${name} (${dialect}) can't serve ${model.kind} models`, {
    status: 501,
    upstream: { message: `${name} can't serve ${model.kind} models: it speaks ${dialect}` },
  });
}
