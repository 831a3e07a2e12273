// What to do about a failed upstream call, before the first byte has gone to the client. After that nothing is tried again.

import { type Ended, LONGEST_MS } from "./breaker.ts";
import { BrokerError, type ErrorFacts } from "./errors.ts";
import type { ProviderFailure } from "./provider.ts";

/** Backoff between rounds over all targets; milliseconds. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly maxElapsedMs: number;
  readonly multiplier: number;
  /** 0..1: how far a delay may stray from its value, both ways. */
  readonly randomization: number;
}

/** Upstream calls made for one request at most, however long the backoff would allow. */
export const MAX_ATTEMPTS = 16;

/**
 * `next`: another target may do better, this one may recover. `drop`: this key is refused. `larger` and `other`: this model
 * can't take the request (too long for it, or against its policy), another model may. `reject`: the request itself is at
 * fault. `cancelled`: nobody waits any more.
 */
export type Verdict = "next" | "drop" | "larger" | "other" | "reject" | "cancelled";

export function judge(failure: ProviderFailure): Verdict {
  switch (failure.kind) {
    case "aborted":
      return "cancelled";
    case "connect":
    case "timeout":
    case "cut":
    case "garbled":
      return "next";
    case "status":
      if (isUnpaid(failure)) return "drop";
      return refusedModel(failure) ?? judgeStatus(failure.status ?? 502);
  }
}

function judgeStatus(status: number): Exclude<Verdict, "larger" | "other" | "cancelled"> {
  if (status === 401 || status === 402 || status === 403) return "drop";
  if (status === 408 || status === 429 || status >= 500) return "next";
  return status < 400 ? "next" : "reject"; // a redirect is the operator's fault, not the request's
}

const TOO_LONG =
  /context[_ ]?(length|window|size|limit)|prompt is too long|input is too long|exceed_context|maximum number of tokens/i;
const AGAINST_POLICY = /content[_ -]?(filter|policy|management)|responsible_?ai|moderation/i;

/** 403 is there because some vendors refuse contents so, and a prompt must not take their key out. */
function refusedModel({ status, upstream }: ProviderFailure): "larger" | "other" | undefined {
  if (!upstream || !(status === 400 || status === 403 || status === 413 || status === 422)) return undefined;
  const words = `${upstream.code ?? ""} ${upstream.type ?? ""} ${upstream.message}`;
  if (TOO_LONG.test(words)) return "larger";
  return AGAINST_POLICY.test(words) ? "other" : undefined;
}

/** At the beginning alone: a vendor's words may quote the request. */
const KEY_AT_FAULT = /^(your credit balance is too low|you have reached your specified api usage|api key not valid)/i;
const UNPAID_CODES: ReadonlySet<unknown> = new Set(["insufficient_quota", "billing_hard_limit_reached"]);
const TOO_DEAR = /fewer max_tokens|can only afford/i;

/** What is 402 or 401 elsewhere: OpenAI says it with 429 or 400, Anthropic and Gemini with 400. It may be mended at any time. */
function isUnpaid({ status, upstream }: ProviderFailure): boolean {
  if (!upstream || !(status === 400 || status === 429)) return false;
  if (UNPAID_CODES.has(upstream.code) || UNPAID_CODES.has(upstream.type)) return true;
  return status === 400 && KEY_AT_FAULT.test(upstream.message);
}

/** OpenRouter's 402 may be about the length of this one answer. */
function isTooDear({ status, upstream }: ProviderFailure): boolean {
  return status === 402 && TOO_DEAR.test(upstream?.message ?? "");
}

/** Milliseconds for which the target is to be left alone, as its provider told or as it takes to be paid for. */
export function hintMs(failure: ProviderFailure): number | undefined {
  const { retryAfterMs } = failure;
  return isUnpaid(failure) ? Math.max(LONGEST_MS, retryAfterMs ?? 0) : retryAfterMs;
}

/** What a failure tells of its target's health, and whether its key is refused everywhere (401, 402) or here alone. */
export function endedAs(failure: ProviderFailure): Ended | "key_out" {
  switch (judge(failure)) {
    case "next":
      return failure.status === 429 ? "limited" : "failed";
    case "drop":
      if (isUnpaid(failure)) return "failed";
      if (isTooDear(failure)) return "neutral";
      // A page in the way of the API (a firewall, a proxy) refuses one request, not the key.
      if (failure.status === 403) return failure.upstream?.type || failure.upstream?.code ? "out" : "failed";
      return "key_out";
    case "larger":
    case "other":
    case "reject":
    case "cancelled":
      return "neutral";
  }
}

/** Milliseconds to wait before round `round` (1 is the first repetition); `chance` is uniform in [0, 1). */
export function delayMs(backoff: Backoff, round: number, chance: number): number {
  const base = Math.min(backoff.maxMs, backoff.initialMs * backoff.multiplier ** (round - 1));
  return base * (1 + backoff.randomization * (2 * chance - 1));
}

/** The caller's view of a failure that no other target could mend. */
export function toBrokerError(failure: ProviderFailure, provider: string): BrokerError {
  const facts = { provider, ...(failure.status === undefined ? {} : { upstream_status: failure.status }) };
  const retry = failure.retryAfterMs === undefined ? {} : { retry_after_ms: failure.retryAfterMs };
  switch (failure.kind) {
    case "aborted":
      return new BrokerError("cancelled");
    case "timeout":
      return new BrokerError("provider_timeout", `${provider} did not answer in time`, facts);
    case "connect":
      return unreachable(failure, provider, facts);
    case "cut":
      return new BrokerError("stream_cut", `The answer of ${provider} ended early`, facts);
    case "garbled":
      return new BrokerError("provider_failed", `${provider} sent an answer that can't be read`, facts);
    case "status":
      return ofStatus(failure, failure.status ?? 502, provider, { ...facts, ...retry });
  }
}

function unreachable({ reason }: ProviderFailure, provider: string, facts: ErrorFacts): BrokerError {
  const message = `${provider} could not be reached`;
  if (reason === undefined) return new BrokerError("provider_failed", message, facts);
  return new BrokerError("provider_failed", `${message} (${reason})`, { ...facts, reason });
}

function ofStatus(failure: ProviderFailure, status: number, provider: string, facts: ErrorFacts): BrokerError {
  const told = failure.upstream?.message;
  switch (judge(failure)) {
    case "drop":
      return new BrokerError("provider_credentials_exhausted", `${provider} accepts none of the broker's keys`, facts);
    case "next":
      if (status === 429) return new BrokerError("provider_rate_limited", told ?? `${provider} limits the rate`, facts);
      if (status === 408) return new BrokerError("provider_timeout", `${provider} did not answer in time`, facts);
      return new BrokerError("provider_failed", told ? `${provider}: ${told}` : `${provider} failed`, facts);
    default: // too long for this model or against its policy, too: no other is left
      return new BrokerError("provider_rejected", told ?? `${provider} refused the request`, {
        ...facts,
        ...(failure.upstream?.param ? { param: failure.upstream.param } : {}),
        upstream: { message: `${provider} refused the request`, ...failure.upstream, status },
      });
  }
}
