// A streamed answer: server-sent events in OpenAI's form. Nothing is written before the first value, so an error before it
// still has its own status; `[DONE]` is written for a complete answer only, so one that was cut never looks complete.
// A client that does not read pauses the stream, and is cut when it takes nothing for a while.

import type { Progress, ProgressRun, Receipt } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import type { Outcome } from "../dispatch/request.ts";
import { toOpenAiError } from "./error-shape.ts";
import { pushCommon, type Reply, sendError } from "./respond.ts";
import { cutWhenStalled } from "./stall.ts";

/** Milliseconds; see RestLimits. */
export interface StreamLimits {
  readonly pingMs: number;
  readonly stalledMs: number;
}

/** One a streamed request; `finish` or `hangUp` ends it. */
export class EventStream {
  readonly progress: Progress = (run) => this.#send(run);
  readonly onReceipt = (receipt: Receipt): void => {
    this.#receipt = receipt;
  };
  readonly #reply: Reply;
  readonly #limits: StreamLimits;
  /** Runs out after each silence; every write starts it again. */
  readonly #timer: NodeJS.Timeout;
  #receipt: Receipt | undefined;
  #begun = false;
  #ended = false;
  /** Present while the client has to read before more is written. */
  #waiting: Promise<void> | undefined;
  #release: (() => void) | undefined;
  #listening = false;

  constructor(reply: Reply, limits: StreamLimits) {
    this.#reply = reply;
    this.#limits = limits;
    this.#timer = setTimeout(() => this.#ping(), limits.pingMs);
  }

  finish(outcome: Outcome): void {
    if (this.#ended) return;
    this.hangUp();
    this.#receipt = outcome.receipt ?? this.#receipt;
    if (outcome.ok) {
      if (!this.#begun) this.#begin();
      this.#reply.end("data: [DONE]\n\n");
    } else if (this.#begun) this.#reply.end(errorEvent(outcome.error, this.#reply.requestId));
    else sendError(this.#reply, outcome.error, this.#receipt);
  }

  /** Nobody reads any longer: writes nothing more and keeps nobody waiting. */
  hangUp(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#flowOn();
  }

  #send(run: ProgressRun): void | Promise<void> {
    if (this.#ended) return;
    const frames = run.sse ?? toFrames(run.values);
    if (frames.length === 0) return this.#waiting;
    if (!this.#begun) this.#begin();
    this.#timer.refresh();
    if (!this.#reply.response.write(frames)) return this.#drained();
  }

  #begin(): void {
    this.#begun = true;
    const headers = ["content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache"];
    headers.push("x-accel-buffering", "no");
    pushCommon(headers, this.#reply, this.#receipt);
    this.#reply.response.writeHead(200, headers);
  }

  #ping(): void {
    this.#timer.refresh();
    if (this.#waiting) return;
    if (!this.#begun) this.#begin();
    if (!this.#reply.response.write(": ping\n\n")) this.#drained();
  }

  #drained(): Promise<void> {
    const { response } = this.#reply;
    if (!this.#listening) response.on("drain", () => this.#flowOn());
    this.#listening = true;
    this.#waiting ??= new Promise((resolve) => {
      this.#release = resolve;
      cutWhenStalled(response, this.#limits.stalledMs);
    });
    return this.#waiting;
  }

  #flowOn(): void {
    if (!this.#waiting) return;
    this.#reply.response.socket?.setTimeout(0);
    this.#release?.();
    this.#waiting = undefined;
  }
}

function toFrames(values: readonly object[]): string {
  let frames = "";
  for (const value of values) frames += `data: ${JSON.stringify(value)}\n\n`;
  return frames;
}

function errorEvent(error: BrokerError, requestId: string): string {
  return `data: ${JSON.stringify(toOpenAiError(error, requestId))}\n\n`;
}
