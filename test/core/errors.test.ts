// A BrokerError's kind fixes its code, status and retryability; facts ride along and nothing else does.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError, KINDS, toWireError } from "../../src/core/errors.ts";
import { ERRORS } from "../../src/generated/methods.ts";
import type { ErrorKind } from "../../src/generated/types.ts";

describe("a BrokerError", () => {
  for (const kind of Object.keys(KINDS) as ErrorKind[]) {
    test(`of kind ${kind} has the catalogue's code and message and the table's status`, () => {
      const error = new BrokerError(kind);
      assert.equal(error.code, ERRORS[kind].code);
      assert.equal(error.message, ERRORS[kind].message);
      assert.equal(error.status, KINDS[kind].status);
      assert.equal(error.retryable, KINDS[kind].retryable);
      assert.ok(error instanceof Error && error.name === "BrokerError");
    });
  }

  test("that is to tell more is another one, the same in all else", () => {
    const error = new BrokerError("stream_cut", "It ended early", { provider: "p", usage: 1 });
    error.cause = new TypeError("why");
    const fuller = error.with({ usage: 2, updates: 3 });
    assert.deepEqual([fuller.kind, fuller.message, fuller.cause], ["stream_cut", "It ended early", error.cause]);
    assert.deepEqual(fuller.facts, { provider: "p", usage: 2, updates: 3 });
    assert.deepEqual(error.facts, { provider: "p", usage: 1 });
  });

  test("with a message of its own keeps it", () => assert.equal(new BrokerError("internal", "x").message, "x"));

  test("that passes a provider's refusal on keeps the provider's status", () => {
    const status = (upstream: number): number =>
      new BrokerError("provider_rejected", "no", { upstream: { status: upstream, message: "no" } }).status;
    assert.deepEqual([400, 404, 422].map(status), [400, 404, 422]);
    assert.equal(new BrokerError("provider_rejected").status, 400);
  });
});

describe("on the wire", () => {
  test("an error is code, message and data with kind, retryable, request_id and facts", () => {
    const error = new BrokerError("provider_rate_limited", "slow down", { provider: "groq", retry_after_ms: 1500 });
    assert.deepEqual(toWireError(error, "req_1"), {
      code: 1304,
      message: "slow down",
      data: {
        kind: "provider_rate_limited",
        retryable: true,
        request_id: "req_1",
        provider: "groq",
        retry_after_ms: 1500,
      },
    });
  });

  test("there is no request_id where none is known", () => {
    assert.deepEqual(toWireError(new BrokerError("parse_error")).data, { kind: "parse_error", retryable: false });
  });

  test("neither stack nor cause goes out", () => {
    const error = new BrokerError("internal");
    error.cause = new TypeError("secret detail");
    const text = JSON.stringify(toWireError(error, "req_1"));
    assert.ok(!text.includes("secret detail") && !text.includes(".ts"), text);
  });
});
