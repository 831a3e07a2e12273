// What is done about each way an upstream call can fail, how long to wait, and what the caller is told in the end.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Backoff, delayMs, endedAs, hintMs, judge, toBrokerError, type Verdict } from "../../src/core/fallback.ts";
import { type FailureKind, ProviderFailure } from "../../src/core/provider.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { seeded } from "../support/random.ts";

const status = (code: number, facts: object = {}): ProviderFailure =>
  new ProviderFailure("status", `status ${code}`, { status: code, ...facts });

/** One row a failure: the verdict before the first byte, and the error when no other target could mend it. */
const TABLE: readonly [failure: FailureKind | number, verdict: Verdict, kind: ErrorKind, httpStatus: number][] = [
  ["aborted", "cancelled", "cancelled", 499],
  ["connect", "next", "provider_failed", 502],
  ["timeout", "next", "provider_timeout", 504],
  ["cut", "next", "stream_cut", 502],
  ["garbled", "next", "provider_failed", 502],
  [301, "next", "provider_failed", 502],
  [304, "next", "provider_failed", 502],
  [400, "reject", "provider_rejected", 400],
  [401, "drop", "provider_credentials_exhausted", 502],
  [402, "drop", "provider_credentials_exhausted", 502],
  [403, "drop", "provider_credentials_exhausted", 502],
  [404, "reject", "provider_rejected", 404],
  [408, "next", "provider_timeout", 504],
  [413, "reject", "provider_rejected", 413],
  [422, "reject", "provider_rejected", 422],
  [429, "next", "provider_rate_limited", 429],
  [500, "next", "provider_failed", 502],
  [503, "next", "provider_failed", 502],
  [529, "next", "provider_failed", 502],
];

describe("a failure", () => {
  for (const [what, verdict, kind, httpStatus] of TABLE) {
    const failure = typeof what === "number" ? status(what) : new ProviderFailure(what, "x");
    test(`${what}: ${verdict}, in the end ${kind} (${httpStatus})`, () => {
      assert.equal(judge(failure), verdict);
      const error = toBrokerError(failure, "groq");
      assert.equal(error.kind, kind);
      assert.equal(error.status, httpStatus);
      if (kind === "cancelled") return;
      assert.equal(error.facts.provider, "groq");
      assert.ok(error.message.includes("groq"), error.message);
      assert.equal(error.facts.upstream_status, typeof what === "number" ? what : undefined);
    });
  }

  test("of status without a number counts as 502", () => {
    const failure = new ProviderFailure("status", "error in a 200");
    assert.equal(judge(failure), "next");
    assert.equal(toBrokerError(failure, "groq").kind, "provider_failed");
  });

  test("keeps the time that the provider asked for, in the caller's error", () => {
    for (const code of [429, 503]) {
      assert.equal(toBrokerError(status(code, { retryAfterMs: 2000 }), "groq").facts.retry_after_ms, 2000);
    }
    assert.ok(!("retry_after_ms" in toBrokerError(status(429), "groq").facts));
  });

  test("that is a refusal passes on the provider's words, type, code and param", () => {
    const upstream = { message: "no such tool", type: "invalid_request_error", code: "bad_tool", param: "tools[0]" };
    const { message, facts } = toBrokerError(status(400, { upstream }), "openai");
    assert.equal(message, "no such tool");
    assert.equal(facts.param, "tools[0]");
    assert.deepEqual(facts.upstream, { ...upstream, status: 400 });
  });

  test("that is about a key says nothing of the key", () => {
    const upstream = { message: "Incorrect API key provided: sk-live-1234" };
    const error = toBrokerError(status(401, { upstream }), "openai");
    assert.ok(!JSON.stringify([error.message, error.facts]).includes("sk-live"));
  });
});

/** How vendors say that a request is too long for a model, or against its policy. */
const REFUSED: readonly [status: number, words: { message: string; type?: string; code?: string }, verdict: Verdict][] =
  [
    [400, { message: "Too much", code: "context_length_exceeded" }, "larger"],
    [400, { message: "This model's maximum context length is 8192 tokens. However, you requested 9000" }, "larger"],
    [400, { message: "prompt is too long: 200001 tokens > 200000 maximum" }, "larger"],
    [400, { message: "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000" }, "larger"],
    [400, { message: "the request exceeds the available context size", type: "exceed_context_size_error" }, "larger"],
    [400, { message: "The input token count (1) exceeds the maximum number of tokens allowed (0)" }, "larger"],
    [413, { message: "prompt is too long" }, "larger"],
    [400, { message: "Your request was rejected", code: "content_policy_violation" }, "other"],
    [400, { message: "The response was filtered", code: "content_filter" }, "other"],
    [400, { message: "Triggered Azure OpenAI's content management policy" }, "other"],
    [403, { message: "Your input was flagged by moderation" }, "other"],
    [403, { message: "Country not supported" }, "drop"],
    [400, { message: "max_tokens is too large" }, "reject"],
    [413, { message: "Request body too large" }, "reject"],
    [401, { message: "content filter" }, "drop"],
    [429, { message: "context length" }, "next"],
    [500, { message: "content_filter" }, "next"],
  ];

describe("a refusal of contents", () => {
  for (const [code, upstream, verdict] of REFUSED) {
    test(`${code} "${upstream.code ?? upstream.type ?? upstream.message}": ${verdict}`, () => {
      const failure = status(code, { upstream });
      assert.equal(judge(failure), verdict);
      if (verdict !== "larger" && verdict !== "other") return;
      const error = toBrokerError(failure, "groq");
      assert.equal(error.kind, "provider_rejected");
      assert.equal(error.status, code);
      assert.equal(error.message, upstream.message);
      assert.equal(endedAs(failure), "neutral");
    });
  }
});

/** How vendors say that nobody pays for this key, beside 402; and that one request is too dear for it. */
const UNPAID: readonly [status: number, words: { message: string; type?: string; code?: string }, ended: string][] = [
  [429, { message: "You exceeded your current quota", type: "insufficient_quota" }, "failed"],
  [429, { message: "You exceeded your current quota", code: "insufficient_quota" }, "failed"],
  [400, { message: "Your credit balance is too low to access the Anthropic API.", type: "x" }, "failed"],
  [
    400,
    { message: "You have reached your specified API usage limits. You will regain access on 2026-12-01" },
    "failed",
  ],
  [400, { message: "Billing hard limit has been reached", code: "billing_hard_limit_reached" }, "failed"],
  [400, { message: "API key not valid. Please pass a valid API key.", code: "400" }, "failed"],
  [402, { message: "This request requires more credits, or fewer max_tokens. You can only afford 9." }, "neutral"],
];

describe("a key that is not paid for", () => {
  for (const [code, upstream, ended] of UNPAID)
    test(`${code} "${upstream.message}": another is tried`, () => {
      const failure = status(code, { upstream });
      assert.equal(judge(failure), "drop");
      assert.equal(endedAs(failure), ended);
      assert.equal(toBrokerError(failure, "openai").kind, "provider_credentials_exhausted");
      assert.equal(hintMs(failure), ended === "failed" ? 60_000 : undefined);
    });

  test("is left alone for as long as the provider says", () => {
    const upstream = { message: "no", code: "insufficient_quota" };
    assert.equal(hintMs(status(429, { upstream, retryAfterMs: 90_000 })), 90_000);
    assert.equal(hintMs(status(429, { retryAfterMs: 90_000 })), 90_000);
    assert.equal(hintMs(status(429)), undefined);
  });

  test("is not what a request quotes", () => {
    const upstream = { message: "no model named Your credit balance is too low, API key not valid" };
    assert.equal(judge(status(400, { upstream })), "reject");
  });
});

test("a failure tells of its target, of its key, or of nothing but the caller", () => {
  const ends: Record<string, readonly (FailureKind | number)[]> = {
    failed: ["connect", "timeout", "cut", "garbled", 301, 403, 408, 500, 502, 503, 529],
    limited: [429],
    key_out: [401, 402],
    neutral: ["aborted", 400, 404, 413, 422],
  };
  for (const [ended, failures] of Object.entries(ends))
    for (const what of failures) {
      const failure = typeof what === "number" ? status(what) : new ProviderFailure(what, "x");
      assert.equal(endedAs(failure), ended, String(what));
    }
});

test("403 takes a target out where the API itself says so, not where a page in the way does", () => {
  assert.equal(endedAs(status(403, { upstream: { message: "no", type: "permission_error" } })), "out");
  assert.equal(endedAs(status(403, { upstream: { message: "Forbidden" } })), "failed");
});

describe("delayMs", () => {
  const backoff: Backoff = { initialMs: 100, maxMs: 1000, maxElapsedMs: 40_000, multiplier: 1.5, randomization: 0.5 };

  test("grows by the multiplier up to the longest wait", () => {
    const middle = [1, 2, 3, 6, 7, 50, 5000].map((round) => delayMs(backoff, round, 0.5));
    assert.deepEqual(middle, [100, 150, 225, 759.375, 1000, 1000, 1000]);
  });

  test("strays by the randomization factor both ways and no further", () => {
    const random = seeded(5);
    assert.equal(delayMs(backoff, 1, 0), 50);
    for (let round = 1; round < 2000; round++) {
      const base = Math.min(1000, 100 * 1.5 ** (round - 1));
      const delay = delayMs(backoff, round, random());
      assert.ok(delay >= base * 0.5 && delay < base * 1.5, `round ${round}: ${delay}`);
    }
  });

  test("does not stray without randomization", () => {
    for (const chance of [0, 0.3, 0.999]) assert.equal(delayMs({ ...backoff, randomization: 0 }, 2, chance), 150);
  });

  test("is a number for every backoff that the environment takes", () => {
    const odd: Backoff = { initialMs: 0, maxMs: 0, maxElapsedMs: 0, multiplier: 100, randomization: 1 };
    for (const round of [1, 16]) assert.equal(delayMs(odd, round, 0.7), 0);
  });
});
