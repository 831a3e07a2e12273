// The port to traces, in the words of OpenTelemetry's conventions for generative AI, and W3C's trace context.

import type { CallEnd, CallStart } from "./ledger.ts";
import type { Target } from "./target.ts";

/** Where traces are wanted. Nothing here throws. */
export interface Tracing {
  /** One billable call; `traceparent` is the caller's, as it was sent. */
  begin(start: CallStart, traceparent: string | undefined): CallSpan;
  /** Sends what waits; takes 2 s at most. */
  close(): Promise<void>;
}

export interface CallSpan {
  /** One upstream call of it. */
  attempt(target: Target): AttemptSpan;
  end(end: CallEnd): void;
}

export interface AttemptSpan {
  /** The header for the provider. */
  readonly traceparent: string;
  /** With what was thrown, if something was. */
  end(failure?: unknown): void;
}

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
}

/** Version 00 has exactly this; a later one may go on behind another dash. */
const TRACEPARENT =
  /^(?!ff|00.{54})[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-[!-~]{0,200})?$/;

/** `undefined` for what is no `traceparent` header of W3C's form. */
export function traceContext(traceparent: string): TraceContext | undefined {
  const [, traceId = "", spanId = "", flags = ""] = TRACEPARENT.exec(traceparent) ?? [];
  return traceId === "" ? undefined : { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

/** The header to send on where no traces are made: the caller's own, if it is one. */
export function passedOn(traceparent: string | undefined): string | undefined {
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined;
}

/** What the conventions call `gen_ai.operation.name`: `chat` for `chat.completions.create`. */
export function operationOf(method: string): string {
  return method.split(".", 1)[0] ?? method;
}
