// A thread whose calls are a question and its answer.

import { ProviderFailure } from "../../core/provider.ts";
import { aborted } from "../local-failure.ts";
import { Thread, type ThreadNames } from "./thread.ts";

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

type Waiting<Answer> = PromiseWithResolvers<Answer> & { readonly id: number };

export class AskingThread<Ask, Answer> {
  readonly #thread: Thread<Question<Ask>, Reply<Answer>, Waiting<Answer>>;

  constructor(names: ThreadNames) {
    this.#thread = new Thread(names, {
      receive: (waiting, { answer }) => waiting.resolve(answer),
      lose: (waiting, message, cause) => waiting.reject(new ProviderFailure("connect", message, { cause })),
    });
  }

  /** Rejects with a ProviderFailure: aborted, too many questions, a thread that died or was closed. */
  async ask(ask: Ask, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw aborted(signal);
    const waiting = this.#thread.begin((id) => ({ id, ...Promise.withResolvers<Answer>() }));
    const { id } = waiting;
    const abort = (): void => {
      waiting.reject(aborted(signal));
      this.#thread.send({ id });
    };
    signal.addEventListener("abort", abort);
    this.#thread.send({ id, ask });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#thread.end(waiting);
    }
  }

  /** Open questions fail. */
  close(): Promise<void> {
    return this.#thread.close();
  }
}
