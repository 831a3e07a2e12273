import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type CallCourse, createMetrics, type MetricsDeps } from "../../src/broker/metrics.ts";
import type { CallEnd } from "../../src/core/ledger.ts";
import { fromUsd, type NanoUsd, ZERO } from "../../src/core/money.ts";
import { NO_TOKENS } from "../../src/core/usage.ts";
import { end, start } from "../support/entries.ts";

const IDLE: MetricsDeps = {
  inFlight: () => 0,
  breakers: () => [],
  ledgerLagMs: () => 0,
  ledgerUnwritten: () => 0,
  taken: () => ({ held: ZERO, running: 0 }),
  knows: (model) => model === "gpt4o",
};
const START = start({ startedAt: 1_000, ip: "203.0.113.7", keyId: "key_secretive", modelAsked: "smart", stream: true });
const END = end({
  finishedAt: 1_500,
  ttftMs: 120,
  tokens: { ...NO_TOKENS, inputUncached: 100, cacheRead: 20, outputText: 50, reasoning: 5 },
  costNanoUsd: 1_500_000 as NanoUsd,
  attempts: 1,
});
const COURSE: CallCourse = { overheadMs: 0.25, fallbacks: 0 };

function endedBy(changes: Partial<CallEnd>): CallEnd {
  return { ...END, ...changes };
}

/** Samples of one metric as `{labels} value`, without those of empty buckets. */
function samples(text: string, name: string): string[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length).trim());
}

function bucket(text: string, name: string, le: string): string[] {
  return samples(text, `${name}_bucket`).filter((line) => line.includes(`le="${le}"`));
}

const GEN_AI = 'gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt4o"';
const OURS = 'method="chat.completions.create",provider="openai",model="gpt4o"';

describe("calls", () => {
  test("count once, with their tokens by kind and their cost", async () => {
    const metrics = createMetrics(IDLE);
    metrics.ended(START, END, COURSE);
    metrics.ended(START, END, COURSE);
    const text = await metrics.text();
    assert.deepEqual(samples(text, "aibroker_requests_total"), [`{${OURS},status="ok"} 2`]);
    assert.deepEqual(samples(text, "aibroker_tokens_total"), [
      `{${OURS},kind="input"} 200`,
      `{${OURS},kind="cached_input"} 40`,
      `{${OURS},kind="output"} 100`,
      `{${OURS},kind="reasoning"} 10`,
    ]);
    assert.deepEqual(samples(text, "aibroker_cost_usd_total"), [`{${OURS}} 0.003`]);
    assert.deepEqual(await metrics.text().then((again) => samples(again, "aibroker_requests_total")), [
      `{${OURS},status="ok"} 2`,
    ]);
  });

  test("fill the histograms of OpenTelemetry's names, every bucket with all below it", async () => {
    const metrics = createMetrics(IDLE);
    metrics.ended(START, END, COURSE);
    metrics.ended(START, endedBy({ finishedAt: 1_020, ttftMs: 10 }), COURSE);
    const text = await metrics.text();
    const duration = "gen_ai_server_request_duration_seconds";
    assert.deepEqual(bucket(text, duration, "0.01"), [`{${GEN_AI},le="0.01"} 0`]);
    assert.deepEqual(bucket(text, duration, "0.02"), [`{${GEN_AI},le="0.02"} 1`]);
    assert.deepEqual(bucket(text, duration, "0.64"), [`{${GEN_AI},le="0.64"} 2`]);
    assert.deepEqual(bucket(text, duration, "+Inf"), [`{${GEN_AI},le="+Inf"} 2`]);
    assert.deepEqual(samples(text, `${duration}_sum`), [`{${GEN_AI}} 0.52`]);
    assert.deepEqual(samples(text, `${duration}_count`), [`{${GEN_AI}} 2`]);
    assert.deepEqual(samples(text, "gen_ai_server_time_to_first_token_seconds_sum"), [`{${GEN_AI}} 0.13`]);
    assert.deepEqual(samples(text, "gen_ai_client_token_usage_sum"), [
      `{${GEN_AI},gen_ai_token_type="input"} 240`,
      `{${GEN_AI},gen_ai_token_type="output"} 110`,
    ]);
    assert.match(text, /^# TYPE gen_ai_server_request_duration_seconds histogram$/m);
  });

  test("that failed or were cancelled are told apart by error type, and have no time to first token", async () => {
    const metrics = createMetrics(IDLE);
    metrics.ended(START, endedBy({ status: "error", errorKind: "provider_timeout" }), COURSE);
    metrics.ended(START, endedBy({ status: "error", errorKind: "stream_cut" }), COURSE);
    metrics.ended(START, endedBy({ status: "cancelled", errorKind: "cancelled" }), COURSE);
    const text = await metrics.text();
    assert.deepEqual(samples(text, "gen_ai_server_request_duration_seconds_count"), [
      `{${GEN_AI},error_type="provider_timeout"} 1`,
      `{${GEN_AI},error_type="stream_cut"} 1`,
      `{${GEN_AI},error_type="cancelled"} 1`,
    ]);
    assert.deepEqual(samples(text, "aibroker_requests_total"), [
      `{${OURS},status="error"} 2`,
      `{${OURS},status="cancelled"} 1`,
    ]);
    assert.deepEqual(samples(text, "gen_ai_server_time_to_first_token_seconds_count"), []);
  });

  test("that reached no provider have no tokens to tell", async () => {
    const metrics = createMetrics(IDLE);
    const nowhere = { provider: undefined, modelServed: undefined, ttftMs: undefined, usageSource: "none" as const };
    metrics.ended(
      START,
      endedBy({ ...nowhere, tokens: NO_TOKENS, status: "error", errorKind: "model_not_found" }),
      COURSE,
    );
    const text = await metrics.text();
    assert.deepEqual(samples(text, "aibroker_requests_total"), [
      '{method="chat.completions.create",provider="none",model="none",status="error"} 1',
    ]);
    assert.deepEqual(samples(text, "gen_ai_client_token_usage_count"), []);
  });

  test("tell how long the broker itself took, and what else it tried", async () => {
    const metrics = createMetrics(IDLE);
    metrics.ended(START, END, COURSE);
    metrics.ended(START, endedBy({ attempts: 5 }), { overheadMs: 0.05, fallbacks: 1 });
    metrics.ended(START, END, { overheadMs: -0.01, fallbacks: 0 });
    const text = await metrics.text();
    assert.deepEqual(bucket(text, "aibroker_overhead_seconds", "0.00005"), ['{le="0.00005"} 2']);
    assert.deepEqual(bucket(text, "aibroker_overhead_seconds", "0.0003"), ['{le="0.0003"} 3']);
    assert.deepEqual(samples(text, "aibroker_fallbacks_total"), ["1"]);
    assert.deepEqual(samples(text, "aibroker_retries_total"), ["3"]);
  });
});

describe("labels", () => {
  test("hold no name that a caller made up", async () => {
    const metrics = createMetrics(IDLE);
    for (let at = 0; at < 1000; at++) metrics.ended(START, endedBy({ modelServed: `ollama/made-up-${at}` }), COURSE);
    const text = await metrics.text();
    assert.deepEqual(samples(text, "aibroker_requests_total"), [
      '{method="chat.completions.create",provider="openai",model="other",status="ok"} 1000',
    ]);
    assert.doesNotMatch(text, /made-up/);
  });

  test("hold no key, no address and no request", async () => {
    const metrics = createMetrics(IDLE);
    metrics.ended(START, END, COURSE);
    assert.doesNotMatch(await metrics.text(), /key_secretive|203\.0\.113\.7|req_1|smart/);
  });

  test("are escaped", async () => {
    const metrics = createMetrics({ ...IDLE, knows: () => true });
    metrics.ended(START, endedBy({ modelServed: 'a"b\\c\nd' }), COURSE);
    const text = await metrics.text();
    assert.equal(bucket(text, "gen_ai_server_request_duration_seconds", "+Inf").length, 1);
    assert.match(text, /gen_ai_request_model="a\\"b\\\\c\\nd"/);
  });
});

describe("what is not a call", () => {
  test("is counted by kind of error and by limit", async () => {
    const metrics = createMetrics(IDLE);
    metrics.failed("unauthorized");
    metrics.failed("unauthorized");
    metrics.failed("rate_limited");
    metrics.refused("requests");
    metrics.refused("budget");
    const text = await metrics.text();
    assert.deepEqual(samples(text, "aibroker_errors_total"), ['{kind="unauthorized"} 2', '{kind="rate_limited"} 1']);
    assert.deepEqual(samples(text, "aibroker_rate_limited_total"), ['{limit="requests"} 1']);
    assert.deepEqual(samples(text, "aibroker_budget_refusals_total"), ["1"]);
  });

  test("is read when it is asked for", async () => {
    let state: 0 | 1 | 2 = 2;
    const metrics = createMetrics({
      ...IDLE,
      inFlight: () => 3,
      breakers: () => (state === 0 ? [] : [{ label: "openai-0", state }]),
      ledgerLagMs: () => 1500,
      ledgerUnwritten: () => 7,
      taken: () => ({ held: fromUsd(0.25), running: 4 }),
    });
    const text = await metrics.text();
    assert.deepEqual(samples(text, "aibroker_in_flight"), ["3"]);
    assert.deepEqual(samples(text, "aibroker_breaker_state"), ['{target="openai-0"} 2']);
    assert.deepEqual(samples(text, "aibroker_ledger_lag_seconds"), ["1.5"]);
    assert.deepEqual(samples(text, "aibroker_ledger_unwritten"), ["7"]);
    assert.deepEqual(samples(text, "aibroker_held_usd"), ["0.25"]);
    assert.deepEqual(samples(text, "aibroker_limited_calls"), ["4"]);
    state = 0;
    assert.deepEqual(samples(await metrics.text(), "aibroker_breaker_state"), []);
  });

  test("is told of the process too", async () => {
    const metrics = createMetrics(IDLE);
    assert.match(await metrics.text(), /^process_resident_memory_bytes \d/m);
    assert.match(await metrics.text(), /^nodejs_version_info\{/m, "twice is no fault");
  });
});

test("no two samples have the same name and labels, and none is lost", async () => {
  const metrics = createMetrics({ ...IDLE, knows: () => true });
  // Two methods that are one operation to OpenTelemetry.
  for (const method of ["audio.transcriptions.create", "audio.translations.create"])
    for (const errorKind of [undefined, "stream_cut"])
      metrics.ended({ ...START, method }, endedBy({ errorKind, status: errorKind ? "error" : "ok" }), COURSE);
  const text = await metrics.text();
  assert.deepEqual(
    samples(text, "gen_ai_server_request_duration_seconds_count").map((line) => line.slice(-2)),
    [" 2", " 2"],
  );
  const names = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.slice(0, line.lastIndexOf(" ")));
  assert.deepEqual(
    names.filter((name, at) => names.indexOf(name) !== at),
    [],
  );
});
