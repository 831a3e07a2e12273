// Rows of other dialects than chat, to the byte: named events, pings, errors before and after the first value.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Progress } from "../../src/core/call.ts";
import { BrokerError, type ErrorFacts } from "../../src/core/errors.ts";
import type { DispatchRequest } from "../../src/dispatch/request.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { failed, ok, openHouse } from "./house.ts";

const MESSAGES = "/v1/messages";
const RESPONSES = "/v1/responses";
const STREAM = { stream: true };

function sender({ progress }: DispatchRequest): Progress {
  assert.ok(progress, "the waist was offered no stream");
  return progress;
}

describe("Anthropic's rows", () => {
  test("stream events whose name is their type, and end without [DONE]", async (t) => {
    const house = await openHouse(t, async (request) => {
      const send = sender(request);
      await send({
        values: [
          { type: "message_start", n: 1 },
          { type: "content_block_stop", text: "é\n" },
        ],
      });
      await send({ values: [{ type: "x" }], sse: 'event: x\ndata: {"type": "x"}\n\n' });
      return ok(request);
    });
    const response = await house.post(MESSAGES, STREAM);
    assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
    assert.equal(response.headers.get("request-id"), "req_1");
    assert.equal(response.headers.get("x-request-id"), "req_1");
    assert.equal(
      await response.text(),
      'event: message_start\ndata: {"type":"message_start","n":1}\n\n' +
        'event: content_block_stop\ndata: {"type":"content_block_stop","text":"é\\n"}\n\n' +
        'event: x\ndata: {"type": "x"}\n\n',
    );
  });

  test("fill silence with ping events", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        await sender(request)({ values: [{ type: "message_stop" }] });
        return ok(request);
      },
      { limits: { pingMs: 15 } },
    );
    const text = await (await house.post(MESSAGES, STREAM)).text();
    assert.match(text, /^(event: ping\ndata: \{"type":"ping"\}\n\n)+event: message_stop\n/);
  });

  test("answer another verb, and whoever is not let in, in their own shape too", async (t) => {
    const house = await openHouse(t, async (request) => ok(request));
    for (const init of [{}, { method: "POST", headers: { origin: "https://evil.example" } }]) {
      const response = await house.fetch(`${MESSAGES}?beta=true`, init);
      const { type, error, request_id } = (await response.json()) as Record<string, unknown>;
      assert.equal(type, "error", String(response.status));
      assert.ok(error && request_id);
    }
    const { error } = (await (await house.fetch("/v1/chat/completions")).json()) as { error: { code: string } };
    assert.equal(error.code, "verb_not_allowed");
  });

  test("say after the first value that an answer was cut", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({ values: [{ type: "message_start" }] });
      return failed(request, new BrokerError("overloaded", "Busy"));
    });
    const text = await (await house.post(MESSAGES, STREAM)).text();
    assert.equal(
      text.slice(text.indexOf("event: error")),
      'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Busy"},"request_id":"req_1"}\n\n',
    );
    assert.equal(text.includes("message_stop"), false);
  });

  const upstream = (type: string): ErrorFacts => ({ upstream: { status: 400, message: "no", type } });
  const cases: readonly (readonly [kind: ErrorKind, status: number, type: string, facts?: ErrorFacts])[] = [
    ["invalid_params", 400, "invalid_request_error"],
    ["unauthorized", 401, "authentication_error"],
    ["budget_exceeded", 402, "billing_error"],
    ["model_not_allowed", 403, "permission_error"],
    ["model_not_found", 404, "not_found_error"],
    ["too_large", 413, "request_too_large"],
    ["rate_limited", 429, "rate_limit_error"],
    ["internal", 500, "api_error"],
    ["provider_failed", 502, "api_error"],
    ["provider_timeout", 504, "timeout_error"],
    ["overloaded", 529, "overloaded_error"],
    ["targets_cooling", 529, "overloaded_error"],
    ["provider_rejected", 400, "billing_error", upstream("billing_error")],
    ["provider_rejected", 400, "invalid_request_error", upstream("insufficient_quota")],
  ];
  for (const [kind, status, type, facts] of cases) {
    test(`show ${kind}${facts ? ` (${facts.upstream?.type})` : ""} as ${status} ${type}, streamed or not`, async (t) => {
      const house = await openHouse(t, (request) => failed(request, new BrokerError(kind, "Why", facts)));
      for (const [path, body] of [
        [MESSAGES, STREAM],
        [MESSAGES, {}],
        [`${MESSAGES}/count_tokens`, {}],
      ] as const) {
        const response = await house.post(path, body);
        assert.equal(response.status, status);
        const request_id = response.headers.get("request-id");
        assert.deepEqual(await response.json(), { type: "error", error: { type, message: "Why" }, request_id });
      }
    });
  }

  test("show what never reached the waist the same way, and tell how a call was routed", async (t) => {
    const house = await openHouse(t, (request) =>
      failed(request, new BrokerError("provider_failed", "Why", { route: { requested: "m" } })),
    );
    const garbled = await house.post(MESSAGES, "{");
    assert.equal(garbled.status, 400);
    const { type, error } = (await garbled.json()) as { type: string; error: { type: string } };
    assert.deepEqual([type, error.type], ["error", "invalid_request_error"]);
    const routed = (await (await house.post(MESSAGES, {})).json()) as { error: { route?: unknown } };
    assert.deepEqual(routed.error.route, { requested: "m" });
  });

  test("take Anthropic's headers: the key, betas as a member, a version and a query that say nothing", async (t) => {
    const house = await openHouse(t, (request) => ok(request));
    const headers = { "x-api-key": "sk-1", "anthropic-version": "2023-06-01", "anthropic-beta": "a-1, b-2" };
    await house.post(`${MESSAGES}?beta=true`, { model: "m" }, headers);
    assert.deepEqual(house.calls[0]?.params, { betas: ["a-1", "b-2"], model: "m" });
    assert.equal(house.calls[0]?.credential, "sk-1");
    await house.post("/v1/chat/completions", { model: "m" }, headers);
    assert.deepEqual(house.calls[1]?.params, { model: "m" });
  });
});

describe("responses", () => {
  test("stream events whose name is their type, and end without [DONE]", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({ values: [{ type: "response.created", sequence_number: 0 }] });
      return ok(request);
    });
    assert.equal(
      await (await house.post(RESPONSES, STREAM)).text(),
      'event: response.created\ndata: {"type":"response.created","sequence_number":0}\n\n',
    );
  });

  test("count an error after the first value among the events", async (t) => {
    const house = await openHouse(t, async (request) => {
      await sender(request)({
        values: [
          { type: "a", sequence_number: 0 },
          { type: "b", sequence_number: 7 },
        ],
      });
      return failed(request, new BrokerError("stream_cut", "Cut", { param: "x" }));
    });
    const text = await (await house.post(RESPONSES, STREAM)).text();
    assert.equal(
      text.slice(text.indexOf("event: error")),
      'event: error\ndata: {"type":"error","code":"stream_cut","message":"Cut","param":"x","sequence_number":8}\n\n',
    );
  });

  test("fill silence with comments; an error is the first event then", async (t) => {
    const house = await openHouse(
      t,
      async (request) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return failed(request, new BrokerError("stream_cut", "Cut"));
      },
      { limits: { pingMs: 15 } },
    );
    const text = await (await house.post(RESPONSES, STREAM)).text();
    assert.match(text, /^(: ping\n\n)+event: error\ndata: \{.*"param":null,"sequence_number":0\}\n\n$/);
  });

  test("show errors before that in OpenAI's shape", async (t) => {
    const house = await openHouse(t, (request) => failed(request, new BrokerError("overloaded", "Busy")));
    const response = await house.post(RESPONSES, STREAM);
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("request-id"), null);
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, "overloaded");
  });
});
