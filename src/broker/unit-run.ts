// The upstream side of a call that is one question and one answer: embeddings, speech, transcriptions, images, moderations.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { Plan } from "../core/plan.ts";
import { type Provider, ProviderFailure, type UnitCall } from "../core/provider.ts";
import type { Target } from "../core/target.ts";
import { AttemptClock } from "./attempt-clock.ts";
import { timeoutsOf } from "./chat-attempt.ts";
import { Run, type RunDeps, type RunOrder } from "./run.ts";
import { NOTHING_TAKEN, type Taken } from "./taken.ts";

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

export class UnitRun<Params, Answer> extends Run<Answer> {
  protected firstByteAt: number | undefined;
  readonly nothing = NOTHING_TAKEN;
  readonly #kind: UnitKind<Params, Answer>;
  /** The provider has, or may have, taken the request. */
  #spent = false;

  constructor(deps: RunDeps, kind: UnitKind<Params, Answer>, call: Call, order: RunOrder) {
    super(deps, call, order);
    this.#kind = kind;
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
      if (failure instanceof ProviderFailure && failure.kind === "timeout") await this.#waste();
      throw failure;
    } finally {
      clock?.end();
    }
  }

  async measured(answer: Answer | undefined): Promise<Taken> {
    return this.#spent ? this.#kind.taken(answer) : NOTHING_TAKEN;
  }

  /** Who did not answer in time may have done the work all the same: all that was asked of it counts. */
  async #waste(): Promise<void> {
    this.#spent = false;
    this.noteWaste({ ...(await this.#kind.taken(undefined)), source: "estimated" });
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

/** A fault of the configuration; another backend may be able to. */
function cannot({ model, backend }: Target): ProviderFailure {
  const { name, dialect } = backend.provider;
  return new ProviderFailure("status", `${name} (${dialect}) can't serve ${model.kind} models`, {
    status: 501,
    upstream: { message: `${name} can't serve ${model.kind} models: it speaks ${dialect}` },
  });
}
