// Requests of 2026-07-28 in whose midst a server of an older version asks something of the client. What it asks goes to the
// client as the result of its request; the call waits, with all that it holds, until the client asks again with its answers.

import { randomBytes } from "node:crypto";
import { BrokerError } from "../../core/errors.ts";
import type { Again } from "../../core/tool.ts";
import { abortable } from "../abortable.ts";
import { notification, type Outlet, type Params } from "./wire.ts";

/** Begins a `requestState` of the broker's own; others are for the servers that gave them. */
const OWN = "aibroker:";
/** Calls that wait for their clients: in all, and of one caller. */
const MOST = 1024;
const MOST_OF_ONE = 64;
/** Of one call. */
const MOST_QUESTIONS = 64;
/** People think before they answer. */
const LONGEST_MS = 10 * 60_000;

/** One of the requests that a call spans. */
export interface Turn {
  readonly outlet: Outlet;
  /** Aborted: its client has gone, and with it the call. */
  readonly signal: AbortSignal;
  readonly params: Params;
}

export class WaitingCalls {
  readonly #calls = new Map<string, WaitingCall>();

  /** Once the broker drains nobody can come back. */
  constructor(draining: AbortSignal) {
    draining.addEventListener("abort", () => {
      for (const call of this.#calls.values()) call.end(new BrokerError("draining"));
    });
  }

  /** `subject`: what is asked for, which can't change between the requests. */
  begin(caller: string, subject: string): WaitingCall {
    return new WaitingCall(this.#calls, caller, subject);
  }

  /** The call that goes on with this request. Throws `invalid_params` where a state of ours is nobody's, or another's. */
  met(caller: string, subject: string, { requestState }: Again): WaitingCall | undefined {
    if (!requestState?.startsWith(OWN)) return undefined;
    const call = this.#calls.get(requestState);
    if (call?.caller === caller && call.subject === subject) return call;
    throw new BrokerError("invalid_params", "/requestState: no call waits with it", { param: "/requestState" });
  }
}

interface Question {
  readonly method: string;
  readonly params: object;
  readonly settle: (answer: object) => void;
}

/** Where what the call's servers tell meanwhile goes: to the client of the request that it is on. */
export class WaitingCall implements Outlet {
  readonly caller: string;
  readonly subject: string;
  readonly #state = OWN + randomBytes(24).toString("base64url");
  readonly #calls: Map<string, WaitingCall>;
  readonly #controller = new AbortController();
  readonly #questions = new Map<string, Question>();
  #asked = Promise.withResolvers<undefined>();
  #last = 0;
  #turn: Turn | undefined;
  #work: Promise<object> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(calls: Map<string, WaitingCall>, caller: string, subject: string) {
    this.#calls = calls;
    this.caller = caller;
    this.subject = subject;
  }

  /** Of all of it, over its requests. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What it comes to, at last; `next` tells. */
  run(work: Promise<object>): void {
    this.#work = work;
    work.catch(() => {}); // nobody may be there
  }

  /** Resolves with the client's answer; rejects when the call ends, or the server no longer wants to know. */
  async ask(method: string, params: object, signal: AbortSignal): Promise<object> {
    signal.throwIfAborted();
    if (this.#questions.size >= MOST_QUESTIONS)
      throw new BrokerError("overloaded", "The client has too many questions open");
    const { promise, resolve } = Promise.withResolvers<object>();
    const key = `q${++this.#last}`;
    this.#questions.set(key, { method, params, settle: resolve });
    this.#asked.resolve(undefined);
    try {
      return await abortable(promise, signal);
    } finally {
      this.#questions.delete(key);
    }
  }

  /** What the client was asked the last time. Answers to nothing are passed over: the question may have been withdrawn. */
  answer(answers: Params = {}): void {
    this.#asked = Promise.withResolvers();
    for (const [key, question] of [...this.#questions]) {
      const answer = Object.hasOwn(answers, key) ? answers[key] : undefined;
      if (answer !== undefined) {
        this.#questions.delete(key);
        question.settle(answer as object);
      }
    }
    if (this.#questions.size > 0) this.#asked.resolve(undefined);
  }

  /** The result, or what the client has to tell before there is one. Rejects with why the call ended. */
  async next(turn: Turn): Promise<object> {
    const { signal } = turn;
    const gone = (): void => this.end(signal.reason);
    this.#calls.delete(this.#state);
    clearTimeout(this.#timer);
    this.#turn = turn;
    signal.addEventListener("abort", gone, { once: true });
    if (signal.aborted) gone();
    try {
      return (await Promise.race([this.#work, this.#asked.promise])) ?? this.#wait();
    } finally {
      signal.removeEventListener("abort", gone);
      this.#turn = undefined;
    }
  }

  end(reason: unknown): void {
    clearTimeout(this.#timer);
    this.#calls.delete(this.#state);
    this.#controller.abort(reason);
  }

  send(message: object): Promise<void> | undefined {
    if (this.#turn === undefined) return undefined;
    const { outlet, params } = this.#turn;
    const told = message as { readonly method?: string; readonly params?: object };
    if (told.method !== "notifications/progress") return outlet.send(message);
    const { progressToken } = (params._meta ?? {}) as Params;
    return progressToken === undefined
      ? undefined
      : outlet.send(notification(told.method, { ...told.params, progressToken }));
  }

  #wait(): object {
    const own = [...this.#calls.values()].filter(({ caller }) => caller === this.caller).length;
    if (this.#calls.size >= MOST || own >= MOST_OF_ONE) {
      const error = new BrokerError("overloaded", "Too many calls wait for their clients");
      this.end(error);
      throw error;
    }
    this.#calls.set(this.#state, this);
    const late = new BrokerError("cancelled", "The client did not come back with its answers");
    this.#timer = setTimeout(() => this.end(late), LONGEST_MS);
    this.#timer.unref();
    const questions = [...this.#questions].map(([key, { method, params }]) => [key, { method, params }]);
    return { resultType: "input_required", inputRequests: Object.fromEntries(questions), requestState: this.#state };
  }
}
