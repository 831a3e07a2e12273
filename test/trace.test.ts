import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BrokerError } from "../src/core/errors.ts";
import type { NanoUsd } from "../src/core/money.ts";
import { ProviderFailure } from "../src/core/provider.ts";
import { NO_TOKENS } from "../src/core/usage.ts";
import { createTracing } from "../src/trace.ts";
import { attributesOf, openCollector, type SentSpan } from "./support/collector.ts";
import { end, start } from "./support/entries.ts";
import { createTarget, SECRET } from "./support/target.ts";

const START = start({ startedAt: 1_000, ip: "203.0.113.7", keyId: "key_1", modelAsked: "smart", stream: true });
const END = end({
  finishedAt: 1_500,
  ttftMs: 120,
  ...{ provider: "vendor", modelId: "vendor-model", keyLabel: "vendor-0" },
  tokens: { ...NO_TOKENS, inputUncached: 100, cacheRead: 20, outputText: 50, reasoning: 5 },
  costNanoUsd: 1_500_000 as NanoUsd,
});
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER_SPAN = "00f067aa0ba902b7";
const [SERVER, CLIENT] = [2, 3];
const ERROR = 2;
const target = createTarget({ url: "http://127.0.0.1:9" });

async function open(t: TestContext, ticks = () => 0) {
  const collector = await openCollector(t);
  const faults: string[] = [];
  const tracing = createTracing({
    endpoint: `${collector.url}/`,
    serviceName: "my-broker",
    onFault: (reason) => faults.push(reason),
    ticks,
  });
  return { collector, tracing, faults };
}

function named(spans: readonly SentSpan[], name: string): SentSpan {
  const found = spans.filter((span) => span.name === name);
  assert.equal(found.length, 1, `one span is called ${name}`);
  return found[0] as SentSpan;
}

describe("a trace", () => {
  test("has a span for the call and one below it for each upstream call", async (t) => {
    const { collector, tracing } = await open(t);
    const call = tracing.begin(START, undefined);
    const first = call.attempt(target);
    first.end(new ProviderFailure("status", "too many", { status: 429 }));
    const second = call.attempt(createTarget({ url: "http://127.0.0.1:9", modelId: "other-model" }));
    second.end();
    call.end(END);
    await tracing.close();

    const spans = collector.spans();
    assert.equal(spans.length, 3);
    const server = named(spans, "chat smart");
    const refused = named(spans, "chat vendor-model");
    const served = named(spans, "chat other-model");
    assert.equal(server.kind, SERVER);
    assert.equal(server.parentSpanId ?? "", "");
    for (const attempt of [refused, served]) {
      assert.equal(attempt.kind, CLIENT);
      assert.equal(attempt.parentSpanId, server.spanId);
      assert.equal(attempt.traceId, server.traceId);
    }
    assert.equal(first.traceparent, `00-${server.traceId}-${refused.spanId}-01`);
    assert.equal(second.traceparent, `00-${server.traceId}-${served.spanId}-01`);
    assert.equal(refused.status.code, ERROR);
    assert.equal(attributesOf(refused)["error.type"], "429");
    assert.notEqual(served.status.code, ERROR);
    assert.equal(collector.resource()["service.name"], "my-broker");
  });

  test("tells of a call what the conventions for generative AI ask for", async (t) => {
    const { collector, tracing } = await open(t);
    tracing.begin(START, undefined).end(END);
    await tracing.close();
    assert.deepEqual(attributesOf(named(collector.spans(), "chat smart")), {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "smart",
      "gen_ai.request.stream": true,
      "rpc.system.name": "jsonrpc",
      "rpc.method": "chat.completions.create",
      "aibroker.request_id": "req_1",
      "gen_ai.provider.name": "vendor",
      "gen_ai.response.model": "vendor-model",
      "gen_ai.response.time_to_first_chunk": 0.12,
      "gen_ai.usage.input_tokens": 120,
      "gen_ai.usage.output_tokens": 55,
      "gen_ai.usage.cache_read.input_tokens": 20,
      "gen_ai.usage.cache_creation.input_tokens": 0,
      "gen_ai.usage.reasoning.output_tokens": 5,
      "aibroker.model": "gpt4o",
      "aibroker.attempts": 2,
      "aibroker.cost_usd": 0.0015,
    });
  });

  test("tells of an upstream call to whom it went, and no secret", async (t) => {
    const { collector, tracing } = await open(t);
    const call = tracing.begin(START, undefined);
    call.attempt(target).end(new ProviderFailure("timeout", "slow"));
    call.end(END);
    await tracing.close();
    assert.deepEqual(attributesOf(named(collector.spans(), "chat vendor-model")), {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": target.backend.provider.name,
      "gen_ai.request.model": "vendor-model",
      "aibroker.key": "vendor-0",
      "error.type": "timeout",
    });
    assert.ok(!collector.text().includes(SECRET));
    assert.ok(!collector.text().includes("203.0.113.7"));
  });

  const cut = new BrokerError("stream_cut");
  cut.cause = new ProviderFailure("cut", "the answer ended early");
  const failures: [unknown, string][] = [
    [new ProviderFailure("status", "no", { status: 503 }), "503"],
    [new ProviderFailure("connect", "no"), "connect"],
    [cut, "cut"],
    [new BrokerError("cancelled"), "cancelled"],
    [new TypeError("a bug"), "_OTHER"],
  ];
  for (const [failure, type] of failures) {
    test(`says ${type} of an upstream call that ended by ${failure}`, async (t) => {
      const { collector, tracing } = await open(t);
      const call = tracing.begin(START, undefined);
      call.attempt(target).end(failure);
      call.end(END);
      await tracing.close();
      assert.equal(attributesOf(named(collector.spans(), "chat vendor-model"))["error.type"], type);
    });
  }

  test("marks a call that failed, and leaves one that was cancelled to its caller", async (t) => {
    const { collector, tracing } = await open(t);
    const nothing = { tokens: NO_TOKENS, usageSource: "none" as const, provider: undefined, ttftMs: undefined };
    tracing
      .begin({ ...START, modelAsked: "a" }, undefined)
      .end({ ...END, ...nothing, status: "error", errorKind: "model_not_found" });
    tracing
      .begin({ ...START, modelAsked: "b" }, undefined)
      .end({ ...END, status: "cancelled", errorKind: "cancelled" });
    await tracing.close();
    const failed = named(collector.spans(), "chat a");
    assert.equal(failed.status.code, ERROR);
    assert.equal(attributesOf(failed)["error.type"], "model_not_found");
    assert.ok(!("gen_ai.usage.input_tokens" in attributesOf(failed)));
    const cancelled = named(collector.spans(), "chat b");
    assert.notEqual(cancelled.status.code, ERROR);
    assert.equal(attributesOf(cancelled)["error.type"], "cancelled");
  });

  test("cuts the model's name that a caller made up", async (t) => {
    const { collector, tracing } = await open(t);
    tracing.begin({ ...START, modelAsked: "m".repeat(100_000) }, undefined).end(END);
    await tracing.close();
    assert.ok(collector.text().length < 5_000);
  });
});

describe("a caller's trace", () => {
  test("goes on", async (t) => {
    const { collector, tracing } = await open(t);
    const call = tracing.begin(START, `00-${TRACE}-${CALLER_SPAN}-01`);
    const { traceparent } = call.attempt(target);
    call.end(END);
    await tracing.close();
    const server = named(collector.spans(), "chat smart");
    assert.equal(server.traceId, TRACE);
    assert.equal(server.parentSpanId, CALLER_SPAN);
    assert.match(traceparent, new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  });

  test("that is not recorded stays so, on the way up too", async (t) => {
    const { collector, tracing } = await open(t);
    const call = tracing.begin(START, `00-${TRACE}-${CALLER_SPAN}-00`);
    const attempt = call.attempt(target);
    attempt.end();
    call.end(END);
    await tracing.close();
    assert.deepEqual(collector.spans(), []);
    assert.match(attempt.traceparent, new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  test("that can't be read is another one", async (t) => {
    const { collector, tracing } = await open(t);
    tracing.begin(START, "00-nonsense").end(END);
    await tracing.close();
    const { traceId, parentSpanId } = named(collector.spans(), "chat smart");
    assert.match(traceId, /^[0-9a-f]{32}$/);
    assert.equal(parentSpanId ?? "", "");
  });
});

describe("a collector", () => {
  test("gets many spans in few requests", async (t) => {
    const { collector, tracing } = await open(t);
    for (let at = 0; at < 1000; at++) tracing.begin(START, undefined).end(END);
    await tracing.close();
    assert.equal(collector.spans().length, 1000);
    assert.ok(collector.requests.length <= 4, `${collector.requests.length} requests`);
    assert.equal(collector.requests[0]?.path, "/v1/traces");
  });

  test("that refuses is told of once a minute", async (t) => {
    let now = 0;
    let looks = 0;
    const { collector, tracing, faults } = await open(t, () => {
      looks++;
      return now;
    });
    collector.refuse();
    /** The clock is looked at whenever an export has failed. */
    const failedBatch = async (): Promise<void> => {
      const before = looks;
      for (let at = 0; at < 512; at++) tracing.begin(START, undefined).end(END);
      while (looks === before) await nextTurn();
    };
    await failedBatch();
    assert.equal(faults.length, 1);
    await failedBatch();
    assert.equal(faults.length, 1);
    now = 60_000;
    await failedBatch();
    assert.equal(faults.length, 2);
    await tracing.close();
  });

  test("that does not answer holds nobody up for longer than 2 s", async (t) => {
    const { collector, tracing } = await open(t);
    collector.hang();
    tracing.begin(START, undefined).end(END);
    const began = performance.now();
    await tracing.close();
    assert.ok(performance.now() - began < 4900, "the export itself gives up after 5 s");
  });
});
