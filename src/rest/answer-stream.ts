// A streamed answer, whatever its format. Nothing is written before the first value, so an error before it still has its
// own status. A client that does not read pauses the stream, and is cut when it takes nothing for a while.

import type { Progress, ProgressRun, Receipt } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import type { Outcome } from "../dispatch/request.ts";
import { cutWhenStalled } from "../rpc/stall.ts";
import { pushCommon, type Reply, sendError } from "./respond.ts";

/** One a streamed request; `finish` or `hangUp` ends it. */
export abstract class AnswerStream {
  readonly progress: Progress = (run) => this.#send(run);
  readonly onReceipt = (receipt: Receipt): void => {
    this.#receipt = receipt;
  };
  protected readonly reply: Reply;
  readonly #stalledMs: number;
  /** Told when the client has taken what waited. */
  #listens = false;
  #receipt: Receipt | undefined;
  #begun = false;
  #ended = false;
  /** Present while the client has to read before more is written. */
  #waiting: Promise<void> | undefined;
  #release: (() => void) | undefined;

  constructor(reply: Reply, stalledMs: number) {
    this.reply = reply;
    this.#stalledMs = stalledMs;
  }

  /** A flat list; a new one each time. */
  protected abstract headers(): string[];
  /** Empty: nothing is to be written. */
  protected abstract encode(run: ProgressRun): Uint8Array | string;
  /** Writes the last bytes of an answer that is complete. */
  protected abstract complete(): void;
  /** Ends an answer that has begun and won't be complete. */
  protected abstract cut(error: BrokerError): void;

  finish(outcome: Outcome): void {
    if (this.#ended) return;
    this.hangUp();
    this.#receipt = outcome.receipt ?? this.#receipt;
    if (outcome.ok) {
      if (!this.#begun) this.#begin("");
      this.complete();
    } else if (this.#begun) this.cut(outcome.error);
    else sendError(this.reply, outcome.error, this.#receipt);
  }

  /** Nobody reads any longer: writes nothing more and keeps nobody waiting. */
  hangUp(): void {
    this.#ended = true;
    if (this.#listens) this.reply.response.off("drain", this.#flowOn);
    this.#flowOn();
  }

  /** Something to be written while there are no values; left out for a client that does not read. */
  protected fill(text: string): void {
    if (!this.#waiting) this.#write(text);
  }

  #send(run: ProgressRun): void | Promise<void> {
    if (this.#ended) return;
    const bytes = this.encode(run);
    if (bytes.length > 0) return this.#write(bytes);
    // A run of nothing says that the answer has begun, though its first value may be long in coming.
    if (run.values.length === 0 && !this.#begun) this.#begin("");
    return this.#waiting;
  }

  #write(bytes: Uint8Array | string): void | Promise<void> {
    const flows = this.#begun ? this.reply.response.write(bytes) : this.#begin(bytes);
    if (!flows) return this.#drained();
  }

  #begin(first: Uint8Array | string): boolean {
    this.#begun = true;
    const headers = this.headers();
    pushCommon(headers, this.reply, this.#receipt);
    const { response } = this.reply;
    response.writeHead(200, headers);
    if (first.length > 0) return response.write(first);
    response.flushHeaders();
    return true;
  }

  #drained(): Promise<void> {
    if (!this.#listens) this.reply.response.on("drain", this.#flowOn);
    this.#listens = true;
    this.#waiting ??= new Promise((resolve) => {
      this.#release = resolve;
      cutWhenStalled(this.reply.response, this.#stalledMs);
    });
    return this.#waiting;
  }

  readonly #flowOn = (): void => {
    if (!this.#waiting) return;
    this.reply.response.socket?.setTimeout(0);
    this.#release?.();
    this.#waiting = undefined;
  };
}
