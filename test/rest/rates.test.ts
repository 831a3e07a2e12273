// Limits as headers: of results, of streams with their first byte, of errors.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { RateStates } from "../../src/core/call.ts";
import { BrokerError } from "../../src/core/errors.ts";
import { durationText } from "../../src/rest/rates.ts";
import { CHAT, failed, ok, openHouse, RECEIPT } from "./house.ts";

const RATES: RateStates = {
  requests: { limit: 60, remaining: 59, resetMs: 1000 },
  tokens: { limit: 10_000, remaining: 0, resetMs: 90_120 },
};
const HEADERS = {
  "x-ratelimit-limit-requests": "60",
  "x-ratelimit-remaining-requests": "59",
  "x-ratelimit-reset-requests": "1s",
  "x-ratelimit-limit-tokens": "10000",
  "x-ratelimit-remaining-tokens": "0",
  "x-ratelimit-reset-tokens": "1m30.12s",
};

function ratesOf({ headers }: Response): object {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-ratelimit-")));
}

test("a result, a stream and an error tell the limits", async (t) => {
  const receipt = { ...RECEIPT, rates: RATES };
  const house = await openHouse(t, async (request) => {
    if (!request.progress) return { ...ok(request), receipt };
    request.onReceipt?.(receipt);
    await request.progress({ values: [{ n: 1 }] });
    return ok(request);
  });
  assert.deepEqual(ratesOf(await house.post(CHAT, {})), HEADERS);
  assert.deepEqual(ratesOf(await house.post(CHAT, { stream: true })), HEADERS);
});

test("an error tells them once, from its facts or its receipt", async (t) => {
  const error = new BrokerError("rate_limited", undefined, { retry_after_ms: 5, rates: RATES });
  const receipts = [undefined, { ...RECEIPT, rates: RATES }];
  const house = await openHouse(t, (request) => ({ ...failed(request, error), receipt: receipts.shift() }));
  for (const _ of [1, 2]) {
    const response = await house.post(CHAT, {});
    assert.equal(response.status, 429);
    assert.deepEqual(ratesOf(response), HEADERS);
    assert.doesNotMatch(await response.text(), /rates/);
  }
});

test("only the limits that there are", async (t) => {
  const rates = { requests: { limit: 1, remaining: 1, resetMs: 0 } };
  const house = await openHouse(t, (request) => ({ ...ok(request), receipt: { ...RECEIPT, rates } }));
  assert.deepEqual(ratesOf(await house.post(CHAT, {})), {
    "x-ratelimit-limit-requests": "1",
    "x-ratelimit-remaining-requests": "1",
    "x-ratelimit-reset-requests": "0s",
  });
});

test("durations have OpenAI's form, rounded up", () => {
  const rows: readonly (readonly [ms: number, text: string])[] = [
    [-5, "0s"],
    [0, "0s"],
    [0.2, "1ms"],
    [120, "120ms"],
    [999.5, "1s"],
    [1000, "1s"],
    [8640, "8.64s"],
    [59_999, "59.999s"],
    [60_000, "1m0s"],
    [360_000, "6m0s"],
    [3_600_000, "1h0m0s"],
    [90_061_500, "25h1m1.5s"],
  ];
  for (const [ms, text] of rows) assert.equal(durationText(ms), text);
});
