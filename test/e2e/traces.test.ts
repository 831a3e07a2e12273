// Traces of a whole broker, as a collector gets them.

import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { describe, type TestContext, test } from "node:test";
import { startBroker, type TestBroker, type Vars } from "../support/broker.ts";
import { openAiCompletion } from "../support/bytes.ts";
import { attributesOf, openCollector } from "../support/collector.ts";
import { createUpstream, type Upstream } from "../support/upstream.ts";

const MODELS = `
models:
  fast:
    context_window: 128000
    backends:
      - { provider: openai, model_id: gpt-fast, priority: 1, input_cost: 2.5, output_cost: 10 }
      - { provider: groq, model_id: groq-fast, priority: 2, input_cost: 1, output_cost: 2 }
`;
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const HEADER = `00-${TRACE}-00f067aa0ba902b7-01`;
const ANSWER = openAiCompletion("Hello!", { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } });

/** Modules of the SDK and its exporter, in the order in which they were loaded. */
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    if (/@opentelemetry\/(sdk|exporter)/.test(url)) loaded.push(url);
    return next(url, context);
  },
});

async function open(t: TestContext, vars: Vars = {}): Promise<{ broker: TestBroker; vendor: Upstream }> {
  const vendor = await createUpstream();
  t.after(() => vendor.close());
  const broker = await startBroker(
    {
      OPENAI_API_KEY: "sk-upstream-first-0001",
      OPENAI_BASE_URL: `${vendor.url}/v1`,
      GROQ_API_KEY: "gsk-upstream-second-0002",
      GROQ_BASE_URL: `${vendor.url}/groq`,
      ...vars,
    },
    MODELS,
  );
  t.after(() => broker.stop());
  return { broker, vendor };
}

async function chat(broker: TestBroker, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${broker.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "fast", messages: [{ role: "user", content: "canary of content" }] }),
  });
  await response.text();
  return response.status;
}

describe("without a collector", () => {
  test("nothing of OpenTelemetry's SDK is loaded", async (t) => {
    const { broker, vendor } = await open(t);
    vendor.fallback(() => ({ json: ANSWER }));
    await chat(broker, { traceparent: HEADER });
    assert.deepEqual(loaded, []);
  });

  test("the caller's trace context goes on as it is", async (t) => {
    const { broker, vendor } = await open(t);
    vendor.fallback(() => ({ json: ANSWER }));
    await chat(broker, { traceparent: HEADER });
    await chat(broker);
    await chat(broker, { traceparent: "nonsense" });
    assert.deepEqual(
      vendor.requests.map(({ headers }) => headers.traceparent),
      [HEADER, undefined, undefined],
    );
  });
});

describe("with a collector", () => {
  test("a call that fell back is one tree, and each provider was told its own branch", async (t) => {
    const collector = await openCollector(t);
    const { broker, vendor } = await open(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: "my-broker",
    });
    vendor.script({ status: 500, json: { error: { message: "down" } } }, { json: ANSWER });
    assert.equal(await chat(broker, { traceparent: HEADER }), 200);
    await broker.app.stop();

    const spans = collector.spans();
    assert.deepEqual(spans.map(({ name }) => name).sort(), ["chat fast", "chat gpt-fast", "chat groq-fast"]);
    const of = (name: string) => spans.find((span) => span.name === name)!;
    assert.equal(of("chat fast").parentSpanId, HEADER.split("-")[2]);
    assert.equal(attributesOf(of("chat fast"))["gen_ai.provider.name"], "groq");
    assert.equal(attributesOf(of("chat fast"))["aibroker.cost_usd"], 0.00002);
    assert.equal(attributesOf(of("chat gpt-fast"))["error.type"], "500");
    const sent = vendor.requests.map(({ headers }) => headers.traceparent);
    assert.deepEqual(
      sent,
      ["chat gpt-fast", "chat groq-fast"].map((name) => `00-${TRACE}-${of(name).spanId}-01`),
    );
    for (const span of spans) assert.equal(span.traceId, TRACE);
    assert.equal(collector.resource()["service.name"], "my-broker");
    assert.ok(loaded.length > 0);
    assert.doesNotMatch(collector.text(), /canary|Hello|upstream-first|upstream-second/);
  });

  test("that is not there calls go on, and the broker stops in time", async (t) => {
    const { broker, vendor } = await open(t, { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
    vendor.fallback(() => ({ json: ANSWER }));
    assert.equal(await chat(broker), 200);
    await broker.app.stop();
  });
});
