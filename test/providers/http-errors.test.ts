// Errors of providers: the vendor's words in every shape, bounded, without the key; hints to retry.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { retryAfterMs } from "../../src/providers/failure.ts";
import { SECRET } from "../support/target.ts";
import { failureOf } from "./collect.ts";
import { http, post, upstream } from "./http-house.ts";

describe("errors in the vendor's words", { timeout: 20_000 }, () => {
  const cases: { name: string; body: string; upstream: object | undefined }[] = [
    {
      name: "OpenAI's",
      body: '{"error":{"message":"Bad seed","type":"invalid_request_error","param":"seed","code":"x"}}',
      upstream: { message: "Bad seed", type: "invalid_request_error", param: "seed", code: "x" },
    },
    {
      name: "a number as code",
      body: '{"error":{"message":"No","code":429}}',
      upstream: { message: "No", code: "429" },
    },
    { name: "Ollama's text", body: '{"error":"model not found"}', upstream: { message: "model not found" } },
    { name: "a bare message", body: '{"message":"Nope"}', upstream: { message: "Nope" } },
    { name: "FastAPI's", body: '{"detail":"Not Found"}', upstream: { message: "Not Found" } },
    {
      name: "Anthropic's",
      body: '{"type":"error","error":{"type":"not_found_error","message":"model: x"}}',
      upstream: { message: "model: x", type: "not_found_error" },
    },
    {
      name: "a list of one",
      body: '[{"error":{"message":"Quota","code":429}}]',
      upstream: { message: "Quota", code: "429" },
    },
    { name: "plain text", body: "upstream connect error", upstream: { message: "upstream connect error" } },
    { name: "a page", body: "<html><body>502</body></html>", upstream: undefined },
    { name: "nothing", body: "", upstream: undefined },
  ];
  for (const { name, body, upstream: words } of cases) {
    test(name, async () => {
      upstream.script({ status: 418, pieces: [body] });
      const failure = await failureOf(http.open(post()));
      assert.equal(failure.kind, "status");
      assert.equal(failure.status, 418);
      assert.deepEqual(failure.upstream, words);
    });
  }

  test("words are bounded, and a body that never ends is left", async () => {
    upstream.script({ status: 500, json: { error: { message: "x".repeat(10_000) } } });
    assert.equal((await failureOf(http.open(post()))).upstream?.message.length, 2_000);
    upstream.script({ status: 500, pieces: [Buffer.alloc(100_000, "x")], ending: "hang" });
    assert.equal((await failureOf(http.open(post()))).status, 500);
    await (await upstream.request(1)).closed;
  });

  test("the key never comes back, at the bound neither", async () => {
    const padding = "x".repeat(1_990);
    for (const message of [`key ${SECRET} is wrong, ${SECRET}!`, `${padding}${SECRET}`]) {
      upstream.script({ status: 401, json: { error: { message, code: SECRET, type: SECRET, param: SECRET } } });
      const failure = await failureOf(http.open(post()));
      const shown = JSON.stringify([failure.message, failure.upstream, String(failure.cause), failure.stack]);
      assert.doesNotMatch(shown, /sk-test|0123456789/);
    }
    upstream.script({ status: 401, json: { error: `no ${SECRET}` } });
    assert.match((await failureOf(http.open(post()))).message, /no sk-…cdef/);
  });

  test("hints to retry", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    const table: [Record<string, string>, number | undefined][] = [
      [{}, undefined],
      [{ "retry-after": "2" }, 2_000],
      [{ "retry-after": "0.5" }, 500],
      [{ "retry-after": "0" }, 0],
      [{ "retry-after": "Sat, 21 Nov 2026 10:00:30 GMT" }, 30_000],
      [{ "retry-after": "Sat, 21 Nov 2026 09:00:00 GMT" }, 0],
      [{ "retry-after": "soon" }, undefined],
      [{ "retry-after": "99999999" }, 86_400_000],
      [{ "retry-after-ms": "1234.5", "retry-after": "9" }, 1_235],
      [{ "retry-after-ms": "x", "retry-after": "9" }, 9_000],
    ];
    for (const [headers, ms] of table) assert.equal(retryAfterMs(headers, now), ms, JSON.stringify(headers));
  });

  test("the hint comes with the failure", async () => {
    upstream.script({ status: 429, headers: { "retry-after": "7" }, json: {} });
    assert.equal((await failureOf(http.open(post()))).retryAfterMs, 7_000);
  });
});
