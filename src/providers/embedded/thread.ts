// A thread that serves calls, seen from the main one. It starts with the first call and stays; it keeps the process alive
// only while a call is open; when it dies its calls are lost and the next one starts another.

import { Worker } from "node:worker_threads";
import { ProviderFailure } from "../../core/provider.ts";
import { busy } from "../local-failure.ts";

/** Calls at a time; more would only wait. */
export const MOST_CALLS = 64;

export interface ThreadNames {
  /** The thread's module. */
  readonly entry: URL;
  /** For people: `the embedded ...`. */
  readonly called: string;
  /** What it writes to standard error is of no interest. */
  readonly quiet?: true;
}

/** What an open call hears of its thread. */
export interface Ear<Call, Report> {
  receive(call: Call, report: Report): void;
  /** The thread died or was closed; the call is open no more. */
  lose(call: Call, message: string, cause: unknown): void;
}

export class Thread<Order, Report extends { readonly id: number }, Call extends { readonly id: number }> {
  readonly #names: ThreadNames;
  readonly #ear: Ear<Call, Report>;
  readonly #open = new Map<number, Call>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  constructor(names: ThreadNames, ear: Ear<Call, Report>) {
    this.#names = names;
    this.#ear = ear;
  }

  /** Opens a call with an id of its own; `end` ends it. Throws a ProviderFailure when closed or when too many are open. */
  begin(call: (id: number) => Call): Call {
    const { called } = this.#names;
    if (this.#closed) throw new ProviderFailure("connect", `${called} is shut down`);
    if (this.#open.size >= MOST_CALLS) throw busy(`${called} serves ${MOST_CALLS} calls at a time`);
    this.#worker ??= this.#start();
    if (this.#open.size === 0) this.#worker.ref();
    const begun = call(++this.#lastId);
    this.#open.set(begun.id, begun);
    return begun;
  }

  send(order: Order): void {
    this.#worker?.postMessage(order);
  }

  /** Gives the place back; whether the call was still open. */
  end({ id }: Call): boolean {
    if (!this.#open.delete(id)) return false;
    if (this.#open.size === 0) this.#worker?.unref();
    return true;
  }

  /** Open calls are lost. */
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
    worker.on("message", (report: Report) => {
      const call = this.#open.get(report.id);
      if (call) this.#ear.receive(call, report);
    });
    worker.on("error", (error) => lost("crashed", error));
    worker.on("exit", (code) => lost(`ended with code ${code}`, undefined));
    return worker;
  }

  #lose(what: string, cause: unknown): void {
    this.#worker = undefined;
    const calls = [...this.#open.values()];
    this.#open.clear();
    for (const call of calls) this.#ear.lose(call, `${this.#names.called} ${what}`, cause);
  }
}
