// A thread that answers questions, seen from the main one. It starts with the first question and stays; it keeps the
// process alive only while a question is open; when it dies its questions fail and the next one starts another.

import { Worker } from "node:worker_threads";
import { ProviderFailure } from "../../core/provider.ts";

/** Questions at a time; more would only wait. */
export const MOST_QUESTIONS = 64;
const RETRY_AFTER_MS = 1_000;

/** To the thread; one without `ask` takes a question back. */
export interface Question<Ask> {
  readonly id: number;
  readonly ask?: Ask;
}

/** From the thread. */
export interface Reply<Answer> {
  readonly id: number;
  readonly answer: Answer;
}

export interface ThreadNames {
  /** The thread's module. */
  readonly entry: URL;
  /** For people: `the embedded ...`. */
  readonly called: string;
  /** What it writes to standard error is of no interest. */
  readonly quiet?: true;
}

export class AskingThread<Ask, Answer> {
  readonly #names: ThreadNames;
  readonly #open = new Map<number, PromiseWithResolvers<Answer>>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  constructor(names: ThreadNames) {
    this.#names = names;
  }

  /** Rejects with a ProviderFailure: aborted, too many questions, a thread that died or was closed. */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    const { called } = this.#names;
    if (signal.aborted) throw aborted(signal);
    if (this.#closed) throw new ProviderFailure("connect", `${called} is shut down`);
    if (this.#open.size >= MOST_QUESTIONS) throw busy(called);
    this.#worker ??= this.#start();
    if (this.#open.size === 0) this.#worker.ref();
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<Answer>();
    const abort = (): void => {
      waiting.reject(aborted(signal));
      this.#send({ id });
    };
    this.#open.set(id, waiting);
    signal.addEventListener("abort", abort);
    this.#send({ id, ask });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#open.delete(id);
      if (this.#open.size === 0) this.#worker?.unref();
    }
  }

  /** Open questions fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#lose("is shut down", undefined);
    await worker?.terminate();
  }

  #start(): Worker {
    // No environment: the thread has no use for the secrets in it.
    const { entry, called, quiet = false } = this.#names;
    const worker = new Worker(entry, { name: called, env: {}, execArgv: [], stderr: quiet });
    const lost = (what: string, cause: unknown): void => {
      if (this.#worker === worker) this.#lose(what, cause);
    };
    worker.unref();
    worker.on("message", ({ id, answer }: Reply<Answer>) => this.#open.get(id)?.resolve(answer));
    worker.on("error", (error) => lost("crashed", error));
    worker.on("exit", (code) => lost(`ended with code ${code}`, undefined));
    return worker;
  }

  #send(question: Question<Ask>): void {
    this.#worker?.postMessage(question);
  }

  #lose(what: string, cause: unknown): void {
    this.#worker = undefined;
    const failure = new ProviderFailure("connect", `${this.#names.called} ${what}`, { cause });
    for (const waiting of this.#open.values()) waiting.reject(failure);
  }
}

function aborted(signal: AbortSignal): ProviderFailure {
  return new ProviderFailure("aborted", "the call was ended", { cause: signal.reason });
}

function busy(called: string): ProviderFailure {
  const message = `${called} serves ${MOST_QUESTIONS} calls at a time`;
  const upstream = { message, type: "rate_limit_error", code: "rate_limit_exceeded" };
  return new ProviderFailure("status", message, { status: 429, retryAfterMs: RETRY_AFTER_MS, upstream });
}
