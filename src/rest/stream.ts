// Server-sent events in the form of the row's dialect. A complete chat answer ends with `[DONE]`, one that was cut with an
// error event, so it never looks complete. A ping now and then keeps what is between from taking silence for death.

import type { ProgressRun } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import type { MethodName } from "../generated/types.ts";
import { AnswerStream } from "./answer-stream.ts";
import { type EventForm, eventForm } from "./event-form.ts";
import type { Reply } from "./respond.ts";
import type { Route } from "./routes.ts";

/** Milliseconds; see RestLimits. */
export interface StreamLimits {
  readonly pingMs: number;
  readonly stalledMs: number;
}

/** A ping comes when so many have passed. */
const QUIET_TICKS = 4;
/** Streams that OpenAI's SDKs read; others have no word for their end. */
const ENDS_BY_DONE: ReadonlySet<MethodName> = new Set<MethodName>(["chat.completions.create", "completions.create"]);

export class EventStream extends AnswerStream {
  readonly #form: EventForm;
  readonly #last: string | undefined;
  /** That brought values. */
  #lastRun: ProgressRun | undefined;
  readonly #timer: NodeJS.Timeout;
  /** Ticks of the timer since something was written: to start a timer anew for each piece would cost more. */
  #quiet = 0;

  constructor(reply: Reply, limits: StreamLimits, { method, row }: Route) {
    super(reply, limits.stalledMs);
    this.#form = eventForm(row.dialect);
    this.#last = ENDS_BY_DONE.has(method) ? "data: [DONE]\n\n" : undefined;
    this.#timer = setInterval(() => this.#tick(), limits.pingMs / QUIET_TICKS);
  }

  override hangUp(): void {
    clearInterval(this.#timer);
    super.hangUp();
  }

  protected override headers(): string[] {
    const type = ["content-type", "text/event-stream; charset=utf-8"];
    return [...type, "cache-control", "no-cache", "x-accel-buffering", "no"];
  }

  protected override encode(run: ProgressRun): Uint8Array | string {
    const frames = run.sse ?? this.#form.frames(run.values);
    if (frames.length > 0) {
      this.#quiet = 0;
      this.#lastRun = run;
    }
    return frames;
  }

  protected override complete(): void {
    this.reply.end(this.#last);
  }

  protected override cut(error: BrokerError): void {
    this.reply.end(this.#form.error(error, this.reply.requestId, this.#lastRun?.values.at(-1)));
  }

  #tick(): void {
    if (++this.#quiet < QUIET_TICKS) return;
    this.#quiet = 0;
    this.fill(this.#form.ping);
  }
}
