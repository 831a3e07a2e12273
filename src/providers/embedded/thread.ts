// The model's thread, seen from the main one. It starts with the first call and stays; it keeps the process alive only
// while a call runs; when it dies its calls fail and the next call starts another.

import { Worker } from "node:worker_threads";
import { ProviderFailure } from "../../core/provider.ts";
import { Inbox } from "./inbox.ts";
import type { GenerateRequest, Order, Report } from "./protocol.ts";
import { contextLengthExceeded } from "./request.ts";

/** Calls at a time; more would only wait. */
export const MOST_CALLS = 64;
const RETRY_AFTER_MS = 1_000;

export class ModelThread {
  readonly #entry: URL;
  readonly #inboxes = new Map<number, Inbox>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  /** `entry` is the thread's module. */
  constructor(entry: URL) {
    this.#entry = entry;
  }

  /** Begins a call; `release` ends it. Throws a ProviderFailure when too many run. */
  open(request: GenerateRequest): Inbox {
    if (this.#closed) throw new ProviderFailure("connect", "the embedded model is shut down");
    if (this.#inboxes.size >= MOST_CALLS) throw busy();
    this.#worker ??= this.#start();
    if (this.#inboxes.size === 0) this.#worker.ref();
    const id = ++this.#lastId;
    const inbox = new Inbox(id, (count) => this.#send({ kind: "taken", id, count }));
    this.#inboxes.set(id, inbox);
    this.#send({ kind: "generate", id, request });
    return inbox;
  }

  /** Gives the place back; a generation that still runs is stopped. */
  release(inbox: Inbox): void {
    if (!this.#inboxes.delete(inbox.id)) return;
    if (!inbox.finished) this.#send({ kind: "cancel", id: inbox.id });
    if (this.#inboxes.size === 0) this.#worker?.unref();
  }

  /** Calls that run fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#lose("the embedded model is shut down", undefined);
    await worker?.terminate();
  }

  #start(): Worker {
    // No environment: the thread has no use for the secrets in it.
    const worker = new Worker(this.#entry, { name: "embedded-model", env: {}, execArgv: [] });
    const lost = (message: string, cause: unknown): void => {
      if (this.#worker === worker) this.#lose(message, cause);
    };
    worker.unref();
    worker.on("message", (report: Report) => this.#receive(report));
    worker.on("error", (error) => lost("the embedded model crashed", error));
    worker.on("exit", (code) => lost(`the embedded model's thread ended with code ${code}`, undefined));
    return worker;
  }

  #send(order: Order): void {
    this.#worker?.postMessage(order);
  }

  #receive(report: Report): void {
    const inbox = this.#inboxes.get(report.id);
    if (report.kind === "deltas") inbox?.put(report.deltas, report.spent);
    else inbox?.fail(contextLengthExceeded());
  }

  #lose(message: string, cause: unknown): void {
    this.#worker = undefined;
    const inboxes = [...this.#inboxes.values()];
    this.#inboxes.clear();
    for (const inbox of inboxes) inbox.fail(new ProviderFailure(inbox.started ? "cut" : "connect", message, { cause }));
  }
}

function busy(): ProviderFailure {
  const message = `the embedded model serves ${MOST_CALLS} calls at a time`;
  const upstream = { message, type: "rate_limit_error", code: "rate_limit_exceeded" };
  return new ProviderFailure("status", message, { status: 429, retryAfterMs: RETRY_AFTER_MS, upstream });
}
