// Server-sent events in OpenAI's form. A complete chat answer ends with `[DONE]`, one that was cut with an error event, so
// it never looks complete. A comment now and then keeps what is between from taking silence for death.

import type { ProgressRun } from "../core/call.ts";
import type { BrokerError } from "../core/errors.ts";
import type { MethodName } from "../generated/types.ts";
import { AnswerStream } from "./answer-stream.ts";
import { toOpenAiError } from "./error-shape.ts";
import type { Reply } from "./respond.ts";

/** Milliseconds; see RestLimits. */
export interface StreamLimits {
  readonly pingMs: number;
  readonly stalledMs: number;
}

/** Streams that OpenAI's SDKs read; others have no word for their end. */
const ENDS_BY_DONE: ReadonlySet<MethodName> = new Set<MethodName>(["chat.completions.create"]);

export class EventStream extends AnswerStream {
  readonly #last: string | undefined;
  /** Runs out after each silence; every write starts it again. */
  readonly #timer: NodeJS.Timeout;

  constructor(reply: Reply, limits: StreamLimits, method: MethodName) {
    super(reply, limits.stalledMs);
    this.#last = ENDS_BY_DONE.has(method) ? "data: [DONE]\n\n" : undefined;
    this.#timer = setTimeout(() => this.#ping(), limits.pingMs);
  }

  override hangUp(): void {
    clearTimeout(this.#timer);
    super.hangUp();
  }

  protected override headers(): string[] {
    const type = ["content-type", "text/event-stream; charset=utf-8"];
    return [...type, "cache-control", "no-cache", "x-accel-buffering", "no"];
  }

  protected override encode(run: ProgressRun): Uint8Array | string {
    const frames = run.sse ?? toFrames(run.values);
    if (frames.length > 0) this.#timer.refresh();
    return frames;
  }

  protected override complete(): void {
    this.reply.end(this.#last);
  }

  protected override cut(error: BrokerError): void {
    this.reply.end(toFrames([toOpenAiError(error, this.reply.requestId)]));
  }

  #ping(): void {
    this.#timer.refresh();
    this.fill(": ping\n\n");
  }
}

function toFrames(values: readonly object[]): string {
  let frames = "";
  for (const value of values) frames += `data: ${JSON.stringify(value)}\n\n`;
  return frames;
}
