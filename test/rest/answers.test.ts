// Answers in one piece: results, headers, and every kind of error as the OpenAI SDKs read it.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { BrokerError, KINDS } from "../../src/core/errors.ts";
import type { NanoUsd } from "../../src/core/money.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { decimalUsd } from "../../src/rest/respond.ts";
import { CHAT, echo, errorOf, failed, ok, openHouse, RECEIPT, requestBytes } from "./house.ts";

describe("results", () => {
  test("carry type, length, request id and the waist's own words", async (t) => {
    const house = await openHouse(t, echo);
    const response = await house.fetch("/v1/models?usable=true&other=1");
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal(response.headers.get("x-request-id"), "req_1");
    const text = await response.text();
    assert.equal(response.headers.get("content-length"), String(Buffer.byteLength(text)));
    assert.deepEqual(JSON.parse(text), { method: "models.list", params: { usable: true } });
    assert.equal(house.calls[0]?.requestId, "req_1");
    for (const name of ["x-broker-model", "x-broker-cost", "access-control-allow-origin", "vary"]) {
      assert.equal(response.headers.get(name), null, name);
    }
  });

  test("tell what served them", async (t) => {
    const receipt = { model: "modèle", provider: "pro\r\nx: y", attempts: 3, costNanoUsd: 1_230 as NanoUsd };
    const house = await openHouse(t, () => ({ ok: true, requestId: "", result: { é: "ü" }, receipt }));
    const { headers } = await house.post(CHAT, { model: "m" });
    assert.equal(headers.get("x-broker-model"), "mod%C3%A8le");
    assert.equal(headers.get("x-broker-provider"), "pro%0D%0Ax%3A%20y");
    assert.equal(headers.get("x-broker-attempts"), "3");
    assert.equal(headers.get("x-broker-cost"), "0.00000123");
  });

  test("as text are text, as openrpc.json a constant param", async (t) => {
    const house = await openHouse(t, (request) => ok(request, { text: "up 1\n" }));
    const response = await house.fetch("/metrics");
    assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert.equal(await response.text(), "up 1\n");
    assert.equal(house.calls[0]?.open, "loopback");
    await house.fetch("/openrpc.json");
    assert.deepEqual(house.calls[1]?.params, { format: "openrpc" });
    assert.equal(house.calls[1]?.open, undefined);
  });

  test("health is 503 while draining, other results with that status are not", async (t) => {
    const house = await openHouse(t, (request) => ok(request, { status: "draining" }));
    assert.equal((await house.fetch("/health")).status, 503);
    assert.equal((await house.fetch("/v1/models")).status, 200);
  });

  test("HEAD has the headers of GET and no body", async (t) => {
    const house = await openHouse(t, echo);
    const get = await house.fetch("/v1/models");
    const head = await house.fetch("/v1/models", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("content-length"), get.headers.get("content-length"));
    assert.equal(await head.text(), "");
  });

  test("that are no JSON are a bug, told without details", async (t) => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const results: object[] = [cycle, { big: 1n }];
    const house = await openHouse(t, (request) => ok(request, results.shift() ?? {}));
    for (const _ of [1, 2]) {
      const response = await house.fetch("/v1/models");
      assert.equal(response.status, 500);
      const error = await errorOf(response);
      assert.equal(error.code, "internal");
      assert.equal(error.message, "Internal error");
    }
    assert.equal((await house.fetch("/v1/models")).status, 200);
  });

  test("a waist that rejects or throws is a bug too", async (t) => {
    const house = await openHouse(t, () => {
      throw new TypeError("sk-secret");
    });
    const response = await house.post(CHAT, { stream: true });
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /secret/);
  });
});

test("costs are plain decimals", () => {
  const rows: readonly (readonly [nano: number, text: string])[] = [
    [0, "0"],
    [1, "0.000000001"],
    [10, "0.00000001"],
    [3_000_000, "0.003"],
    [1_000_000_000, "1"],
    [12_340_000_000, "12.34"],
    [9_007_199_254_740_991, "9007199.254740991"],
  ];
  for (const [nano, text] of rows) assert.equal(decimalUsd(nano as NanoUsd), text);
});

describe("errors", () => {
  for (const kind of Object.keys(KINDS) as ErrorKind[]) {
    test(`${kind} is ${KINDS[kind].status} in OpenAI's shape`, async (t) => {
      const error = new BrokerError(kind, "What is wrong", { param: "/messages/0", secret: "hidden" });
      const house = await openHouse(t, (request) => failed(request, error));
      for (const stream of [false, true]) {
        const response = await house.post(CHAT, { stream });
        assert.equal(response.status, KINDS[kind].status);
        assert.equal(response.headers.get("content-type"), "application/json");
        assert.equal(response.headers.get("x-should-retry"), String(KINDS[kind].retryable));
        assert.equal(response.headers.get("www-authenticate"), kind === "unauthorized" ? "Bearer" : null);
        assert.equal(response.headers.get("retry-after"), null);
        const id = response.headers.get("x-request-id");
        assert.deepEqual(await response.json(), {
          error: {
            message: "What is wrong",
            type: KINDS[kind].openaiType,
            param: "/messages/0",
            code: kind,
            request_id: id,
          },
        });
      }
    });
  }

  test("tell when to try again, in whole seconds and in milliseconds", async (t) => {
    const error = new BrokerError("overloaded", undefined, { retry_after_ms: 1200.5 });
    const house = await openHouse(t, (request) => failed(request, error));
    const { headers } = await house.fetch("/v1/models");
    assert.equal(headers.get("retry-after"), "2");
    assert.equal(headers.get("retry-after-ms"), "1201");
  });

  test("a provider's refusal keeps its status, type and code; a status that is none of an error does not pass", async (t) => {
    const upstream = { status: 422, message: "no", type: "strange_error", code: "bad_image" };
    const errors = [
      new BrokerError("provider_rejected", "no", { upstream }),
      new BrokerError("provider_rejected", "no", { upstream: { status: 200, message: "no" } }),
      new BrokerError("provider_rejected", "no", { upstream: { status: 99999, message: "no" } }),
      new BrokerError("provider_failed", "no", { upstream }),
    ];
    const house = await openHouse(t, (request) => failed(request, errors.shift() as BrokerError));
    const seen = [];
    for (let left = errors.length; left > 0; left--) {
      const response = await house.fetch("/v1/models");
      const { type, code } = await errorOf(response);
      seen.push([response.status, type, code]);
    }
    assert.deepEqual(seen, [
      [422, "strange_error", "bad_image"],
      [400, "invalid_request_error", "provider_rejected"],
      [400, "invalid_request_error", "provider_rejected"],
      [502, "server_error", "provider_failed"],
    ]);
  });

  test("tell what was tried", async (t) => {
    const house = await openHouse(t, (request) => ({
      ...failed(request, new BrokerError("provider_failed")),
      receipt: { ...RECEIPT, attempts: 4 },
    }));
    for (const stream of [true, false]) {
      assert.equal((await house.post(CHAT, { stream })).headers.get("x-broker-attempts"), "4");
    }
  });

  test("a draining broker closes the connection", async (t) => {
    const house = await openHouse(t, (request) => failed(request, new BrokerError("draining")));
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/v1/models"));
    await wire.closed;
    assert.match(wire.received, /^HTTP\/1\.1 503 .*connection: close\r\n/is);
  });

  test("of the path have their status, and the connection lives on", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    wire.write(requestBytes("POST", "/nope", ["content-type: application/json"], '{"a":1}'));
    await wire.until('"route_not_found"');
    wire.write(requestBytes("PUT", "/v1/models", [], "body"));
    assert.match(await wire.until('"verb_not_allowed"'), /\r\nallow: GET, HEAD\r\n/);
    wire.write(requestBytes("OPTIONS", "/v1/models"));
    wire.write(requestBytes("GET", "/v1/models/%zz"));
    wire.write(requestBytes("POST", CHAT, ["content-type: text/plain"], "{}"));
    wire.write(requestBytes("POST", CHAT, [], "{"));
    wire.write(requestBytes("GET", "/v1/models"));
    const received = await wire.until('"models.list"');
    assert.deepEqual(
      [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => match[1]),
      ["404", "405", "405", "400", "415", "400", "200"],
    );
    assert.equal(house.calls.length, 1);
  });
});

describe("callers", () => {
  test("show their credential in one of three headers", async (t) => {
    const house = await openHouse(t, echo);
    for (const headers of [{ authorization: "bEaReR  key " }, { "x-api-key": "key" }, { "api-key": "key" }]) {
      await house.fetch("/v1/models", { headers });
      assert.equal(house.calls.at(-1)?.credential, "key");
    }
    await house.fetch("/v1/models", { headers: { authorization: "Basic abc" } });
    assert.equal(house.calls.at(-1)?.credential, undefined);
    const long = await house.fetch("/v1/models", { headers: { authorization: `Bearer ${"x".repeat(8193)}` } });
    assert.equal(long.status, 401);
  });

  test("are the peer, or who a trusted proxy says", async (t) => {
    const house = await openHouse(t, echo, { trustedProxies: ["127.0.0.1"] });
    await house.fetch("/v1/models");
    assert.deepEqual(house.calls[0]?.caller, { ip: "127.0.0.1", loopback: true, trusted: false });
    await house.fetch("/v1/models", { headers: { "x-forwarded-for": "127.0.0.1, 203.0.113.5" } });
    assert.deepEqual(house.calls[1]?.caller, { ip: "203.0.113.5", loopback: false, trusted: false });
  });

  test("get a caller of their own for each request of a connection", async (t) => {
    const house = await openHouse(t, echo);
    const wire = await house.wire();
    wire.write(requestBytes("GET", "/health").repeat(2));
    await wire.until(/(system\.health.*){2}/s);
    assert.equal(house.calls.length, 2);
    assert.notEqual(house.calls[0]?.caller, house.calls[1]?.caller);
  });

  test("of a Unix socket may name any host", async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "ab-"));
    t.after(() => rm(folder, { recursive: true }));
    const socketPath = join(folder, "s");
    const house = await openHouse(t, echo, { socketPath });
    const status = await new Promise((resolve, reject) => {
      const options = { socketPath, path: "/v1/models", headers: { host: "broker", origin: "http://x" } };
      httpRequest(options, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
    assert.equal(status, 200);
    assert.equal(house.calls[0]?.caller.trusted, true);
  });
});

describe("browsers", () => {
  const page = { origin: "https://app.example" };

  test("of foreign sites are refused on this machine, whatever name they found it by", async (t) => {
    const house = await openHouse(t, echo);
    for (const headers of [page, { origin: "null" }, { ...page, "access-control-request-method": "POST" }]) {
      const response = await house.fetch("/v1/models", { headers });
      assert.equal(response.status, 403);
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
    const wire = await house.wire();
    wire.write("GET /v1/models HTTP/1.1\r\nhost: evil.example\r\n\r\n");
    assert.match(await wire.until('"forbidden"'), /^HTTP\/1\.1 403/);
    wire.write("POST /rpc HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 2\r\n\r\n{}");
    await wire.until(/(forbidden.*){2}/s);
    assert.equal(house.calls.length, 0);
  });

  test("behind a proxy are no callers of this machine", async (t) => {
    const house = await openHouse(t, echo, { trustedProxies: ["127.0.0.1"] });
    const headers = { ...page, "x-forwarded-for": "203.0.113.5" };
    assert.equal((await house.fetch("/v1/models", { headers })).status, 200);
  });

  test("of listed origins call and read, errors and streams too", async (t) => {
    const house = await openHouse(t, echo, { cors: ["https://app.example"] });
    const init = { headers: page };
    const answers = [
      await house.fetch("/v1/models", init),
      await house.fetch("/nope", init),
      await house.post(CHAT, { stream: true }, page),
      await house.post("/rpc", { jsonrpc: "2.0", id: 1, method: "system.health" }, page),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 404, 200, 200],
    );
    for (const { headers } of answers) {
      assert.equal(headers.get("access-control-allow-origin"), "https://app.example");
      assert.match(headers.get("access-control-expose-headers") ?? "", /x-request-id/);
      assert.equal(headers.get("vary"), "Origin");
    }
  });

  test("ask before they call", async (t) => {
    const house = await openHouse(t, echo, { cors: ["https://app.example"] });
    const ask = (path: string, headers: Record<string, string>) => house.fetch(path, { method: "OPTIONS", headers });
    const asked = {
      ...page,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization",
    };
    for (const path of [CHAT, "/rpc"]) {
      const response = await ask(path, asked);
      assert.equal(response.status, 204);
      assert.equal(response.headers.get("access-control-allow-methods"), "POST");
      assert.equal(response.headers.get("access-control-allow-headers"), "authorization");
      assert.equal(await response.text(), "");
    }
    assert.equal((await ask("/nope", asked)).status, 404);
    assert.equal((await ask(CHAT, page)).status, 405);
    assert.equal((await ask(CHAT, { ...asked, origin: "https://evil.example" })).status, 403);
    assert.equal(house.calls.length, 0);
  });
});

describe("JSON-RPC over HTTP", () => {
  test("is served at /rpc and /, with the request's caller and credential", async (t) => {
    const house = await openHouse(t, echo);
    for (const path of ["/rpc", "/"]) {
      const response = await house.post(
        path,
        { jsonrpc: "2.0", id: 7, method: "system.health" },
        { "x-api-key": "key" },
      );
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), {
        jsonrpc: "2.0",
        id: 7,
        result: { method: "system.health" },
      });
      assert.equal(house.calls.at(-1)?.credential, "key");
    }
    assert.equal((await house.fetch("/rpc")).status, 405);
  });

  test("what is wrong with the request itself is a JSON-RPC error with its status", async (t) => {
    const house = await openHouse(t, echo, { limits: { bodyBytes: 100 } });
    const big = await house.post("/rpc", `"${"x".repeat(200)}"`);
    assert.equal(big.status, 413);
    const { id, error } = (await big.json()) as { id: null; error: { code: number } };
    assert.deepEqual([id, error.code], [null, 1903]);
    const bad = await house.post("/rpc", "{");
    assert.equal(bad.status, 200);
    assert.equal(((await bad.json()) as { error: { code: number } }).error.code, -32700);
    const empty = await house.post("/rpc", "");
    assert.equal(((await empty.json()) as { error: { code: number } }).error.code, -32700);
  });
});
