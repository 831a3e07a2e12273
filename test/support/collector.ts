// A collector of traces: a real HTTP server that takes OTLP as JSON.

import type { TestContext } from "node:test";
import { createUpstream, type UpstreamAnswer, type UpstreamRequest } from "./upstream.ts";

type Value = string | number | boolean;

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, Value>>;
}

export interface SentSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly KeyValue[];
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

export interface Collector {
  readonly url: string;
  readonly requests: readonly UpstreamRequest[];
  /** All that arrived, in whatever order. */
  spans(): SentSpan[];
  resource(): Record<string, Value>;
  text(): string;
  /** From now on every request is refused. */
  refuse(): void;
  /** From now on no request is answered. */
  hang(): void;
}

export async function openCollector(t: TestContext): Promise<Collector> {
  const server = await createUpstream();
  t.after(() => server.close());
  let answer: UpstreamAnswer = { json: {} };
  server.fallback(() => answer);
  const sent = (): Sent["resourceSpans"] =>
    server.requests.flatMap((request) => (request.json() as unknown as Sent).resourceSpans);
  return {
    url: server.url,
    requests: server.requests,
    spans: () => sent().flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    resource: () => toRecord(sent()[0]?.resource.attributes ?? []),
    text: () => server.requests.map(({ body }) => body).join(""),
    refuse() {
      answer = { status: 400, json: { message: "no" } };
    },
    hang() {
      answer = { before: new Promise(() => {}) };
    },
  };
}

export function attributesOf({ attributes }: SentSpan): Record<string, Value> {
  return toRecord(attributes);
}

function toRecord(pairs: readonly KeyValue[]): Record<string, Value> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0] as Value]));
}
