// One HTTP request and its answer as undici's handler object: no closures and no listeners per chunk, back-pressure on
// the socket, and one way out. Whatever ends it (end, error, abort, being given up), the abort listener goes with it.

import type { Dispatcher } from "undici";
import { ProviderFailure } from "../core/provider.ts";
import { type Peer, type ResponseHeaders, transportFailure } from "./failure.ts";

/** Bytes that may wait for the reader before the socket is paused. */
const MOST_WAITING = 256 * 1_024;
/** What an answer may still send once its reader has all it wants, for the sake of keeping the connection. */
const MOST_DISCARDED = 64 * 1_024;
const DISCARD_MS = 1_000;

export interface Head {
  readonly status: number;
  readonly headers: ResponseHeaders;
}

/** The body of an answer, for one reader. */
export interface AnswerBody {
  /**
   * Everything that has arrived, as one buffer; `undefined` at the end. A promise only when nothing is there yet.
   * Throws (or rejects with) a ProviderFailure: after the bytes that came before it, at once when the call was aborted.
   */
  read(): Buffer | undefined | Promise<Buffer | undefined>;
  /** The reader has all it wants: the rest is let in for a moment, so that the connection can serve again. */
  finish(): void;
  /** The reader gives up: the connection is closed at once. */
  cancel(): void;
}

type Controller = Dispatcher.DispatchController;

export class Exchange implements Dispatcher.DispatchHandler, AnswerBody {
  readonly #peer: Peer;
  readonly #signal: AbortSignal;
  readonly #head = Promise.withResolvers<Head>();
  #controller: Controller | undefined;
  #chunks: Buffer[] = [];
  #waiting = 0;
  #reader: PromiseWithResolvers<void> | undefined;
  #answered = false;
  #paused = false;
  #over = false;
  #failure: ProviderFailure | undefined;
  #discarded = -1;
  #timer: NodeJS.Timeout | undefined;

  /** `signal` must not be aborted yet. */
  constructor(peer: Peer, signal: AbortSignal) {
    this.#peer = peer;
    this.#signal = signal;
    signal.addEventListener("abort", this);
  }

  /** Status and headers; rejects with a ProviderFailure. */
  get head(): Promise<Head> {
    return this.#head.promise;
  }

  read(): Buffer | undefined | Promise<Buffer | undefined> {
    if (this.#waiting > 0) return this.#take();
    if (this.#failure) throw this.#failure;
    return this.#over ? undefined : this.#arrival();
  }

  finish(): void {
    if (this.#over) return;
    this.#signal.removeEventListener("abort", this);
    this.#discarded = 0;
    this.#chunks = [];
    this.#waiting = 0;
    this.#timer = setTimeout(cancel, DISCARD_MS, this);
    this.#timer.unref();
    this.#resume();
  }

  cancel(): void {
    this.#fail(new ProviderFailure("aborted", `${this.#peer.name}: the answer was given up`));
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.#fail(
      new ProviderFailure("aborted", `${this.#peer.name}: the call was ended`, { cause: this.#signal.reason }),
    );
  }

  onRequestStart(controller: Controller): void {
    if (this.#failure) controller.abort(this.#failure);
    else this.#controller = controller;
  }

  onResponseStart(_: Controller, status: number, headers: ResponseHeaders): void {
    if (status < 200) return;
    this.#answered = true;
    this.#head.resolve({ status, headers });
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (this.#discarded >= 0) {
      this.#discarded += chunk.length;
      if (this.#discarded > MOST_DISCARDED) this.cancel();
      return;
    }
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting > MOST_WAITING && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
    this.#wake();
  }

  onResponseEnd(): void {
    this.#settle();
  }

  onResponseError(_: Controller, error: Error): void {
    if (!this.#over) this.#fail(transportFailure(this.#peer, error, this.#answered));
  }

  #take(): Buffer {
    const chunks = this.#chunks;
    const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, this.#waiting);
    this.#chunks = [];
    this.#waiting = 0;
    this.#resume();
    return bytes;
  }

  /** Resolved without a value: when the reader runs, all data events of the same socket read have been collected. */
  #arrival(): Promise<Buffer | undefined> {
    this.#reader = Promise.withResolvers<void>();
    return this.#reader.promise.then(this.#again);
  }

  readonly #again = (): ReturnType<Exchange["read"]> => this.read();

  #wake(): void {
    this.#reader?.resolve();
    this.#reader = undefined;
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (!this.#over) this.#controller?.resume();
  }

  #fail(failure: ProviderFailure): void {
    if (this.#over) return;
    this.#failure = failure;
    if (failure.kind === "aborted") {
      this.#chunks = [];
      this.#waiting = 0;
    }
    this.#settle();
    this.#head.reject(failure);
    this.#controller?.abort(failure);
  }

  #settle(): void {
    this.#over = true;
    this.#signal.removeEventListener("abort", this);
    clearTimeout(this.#timer);
    this.#wake();
  }
}

function cancel(exchange: Exchange): void {
  exchange.cancel();
}
