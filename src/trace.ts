// Traces by OpenTelemetry: a span for each billable call and one for each upstream call of it, sent in batches as OTLP
// over HTTP. This file loads the packages, so it is itself loaded only where OTEL_EXPORTER_OTLP_ENDPOINT is set. A collector
// that fails costs spans, never calls, and one log line a minute. Spans hold no content of messages.

import { setTimeout as sleep } from "node:timers/promises";
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";
import { BrokerError } from "./core/errors.ts";
import type { CallEnd, CallStart } from "./core/ledger.ts";
import { toUsd } from "./core/money.ts";
import { ProviderFailure } from "./core/provider.ts";
import type { Target } from "./core/target.ts";
import { type AttemptSpan, type CallSpan, operationOf, type Tracing, traceContext } from "./core/trace.ts";
import { inputTokens, outputTokens, type TokenParts } from "./core/usage.ts";
import { VERSION } from "./generated/methods.ts";

export interface TracingOptions {
  /** Base URL of the collector; spans go to `/v1/traces` below it. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** Told why spans were lost, at most once a minute. */
  readonly onFault: (reason: string) => void;
  /** Milliseconds that never go back. */
  readonly ticks: () => number;
}

/** Spans that may wait for the collector; more are lost. */
const MOST_WAITING = 8192;
const BATCH = 512;
const BATCH_MS = 2000;
const EXPORT_MS = 5000;
const CLOSE_MS = 2000;
const FAULT_MS = 60_000;
/** Callers write what they like. */
const MOST_NAME = 256;

/** Headers, certificates and compression come from the exporter's own variables (`OTEL_EXPORTER_OTLP_HEADERS` ...). */
export function createTracing(options: TracingOptions): Tracing {
  const url = `${options.endpoint.replace(/\/+$/, "")}/v1/traces`;
  const exporter = quiet(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }), options);
  const limits = { maxQueueSize: MOST_WAITING, maxExportBatchSize: BATCH, scheduledDelayMillis: BATCH_MS };
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": options.serviceName, "service.version": VERSION }),
    spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: EXPORT_MS, ...limits })],
  });
  const tracer = provider.getTracer("aibroker", VERSION);
  return {
    begin: (start, traceparent) => new TracedCall(tracer, start, traceparent),
    close: () => Promise.race([provider.shutdown().catch(() => undefined), sleep(CLOSE_MS, undefined, { ref: false })]),
  };
}

/** Faults are told here, so the layers above hear of none: they would tell them to nobody. */
function quiet(exporter: SpanExporter, { onFault, ticks }: TracingOptions): SpanExporter {
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.code !== EXPORTED && ticks() - toldAt >= FAULT_MS) {
          toldAt = ticks();
          onFault(result.error?.message ?? "the collector took no spans");
        }
        done({ code: EXPORTED });
      });
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

/** `ExportResultCode.SUCCESS`. */
const EXPORTED = 0;

class TracedCall implements CallSpan {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #operation: string;

  constructor(tracer: Tracer, start: CallStart, traceparent: string | undefined) {
    const operation = operationOf(start.method);
    const model = start.modelAsked.slice(0, MOST_NAME);
    this.#tracer = tracer;
    this.#operation = operation;
    this.#span = tracer.startSpan(
      `${operation} ${model}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          "gen_ai.operation.name": operation,
          "gen_ai.request.model": model,
          "gen_ai.request.stream": start.stream,
          "rpc.system.name": "jsonrpc",
          "rpc.method": start.method,
          "aibroker.request_id": start.requestId,
        },
      },
      callerContext(traceparent),
    );
  }

  attempt({ backend, key }: Target): AttemptSpan {
    const provider = backend.provider.name;
    const span = this.#tracer.startSpan(
      `${this.#operation} ${backend.modelId.slice(0, MOST_NAME)}`,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          "gen_ai.operation.name": this.#operation,
          "gen_ai.provider.name": provider,
          "gen_ai.request.model": backend.modelId.slice(0, MOST_NAME),
          "aibroker.key": key.label,
        },
      },
      trace.setSpan(ROOT_CONTEXT, this.#span),
    );
    return { traceparent: traceparentOf(span), end: (failure) => endAttempt(span, failure) };
  }

  end(end: CallEnd): void {
    this.#span.setAttributes(endAttributes(end));
    if (end.status === "error") this.#span.setStatus({ code: SpanStatusCode.ERROR });
    this.#span.end();
  }
}

function callerContext(traceparent: string | undefined) {
  const caller = traceparent === undefined ? undefined : traceContext(traceparent);
  if (!caller) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = caller;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: flags, isRemote: true });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

function endAttempt(span: Span, failure: unknown): void {
  if (failure !== undefined) {
    span.setAttribute("error.type", failureType(failure));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The provider's status or how else it failed, also where the caller is told in the broker's own words. */
function failureType(failure: unknown): string {
  if (failure instanceof ProviderFailure) return String(failure.status ?? failure.kind);
  if (!(failure instanceof BrokerError)) return "_OTHER";
  return failure.cause instanceof ProviderFailure ? failureType(failure.cause) : failure.kind;
}

/** What is undefined is left out. */
function endAttributes(end: CallEnd): Attributes {
  return {
    "gen_ai.provider.name": end.provider,
    "gen_ai.response.model": end.modelId,
    "gen_ai.response.time_to_first_chunk": end.ttftMs === undefined ? undefined : end.ttftMs / 1000,
    ...(end.usageSource === "none" ? {} : usageAttributes(end.tokens)),
    "error.type": end.errorKind,
    "aibroker.model": end.modelServed,
    "aibroker.attempts": end.attempts,
    "aibroker.cost_usd": toUsd(end.costNanoUsd),
  };
}

function usageAttributes(tokens: TokenParts): Attributes {
  return {
    "gen_ai.usage.input_tokens": inputTokens(tokens),
    "gen_ai.usage.output_tokens": outputTokens(tokens),
    "gen_ai.usage.cache_read.input_tokens": tokens.cacheRead,
    "gen_ai.usage.cache_creation.input_tokens": tokens.cacheWrite + tokens.cacheWrite1h,
    "gen_ai.usage.reasoning.output_tokens": tokens.reasoning,
  };
}
