// Paths and params: which row a request means, and what it says.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BrokerError } from "../../src/core/errors.ts";
import { METHODS, type MethodRow, type RestRow } from "../../src/generated/methods.ts";
import { findAim } from "../../src/rest/aim.ts";
import { collectParams } from "../../src/rest/params.ts";
import { createRouter } from "../../src/rest/routes.ts";

const router = createRouter(METHODS);

function kindOf(run: () => unknown): BrokerError {
  try {
    run();
  } catch (cause) {
    if (cause instanceof BrokerError) return cause;
    throw cause;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

describe("routes", () => {
  const found: readonly (readonly [verb: string, url: string, method: string, captured?: object])[] = [
    ["GET", "/v1/models", "models.list"],
    ["GET", "/models", "models.list"],
    ["HEAD", "/v1/models", "models.list"],
    ["GET", "/models?usable=true", "models.list"],
    ["GET", "/v1/models/tiny", "models.retrieve", { model: "tiny" }],
    ["GET", "/models/tiny", "models.retrieve", { model: "tiny" }],
    ["GET", "/v1/models/openai/gpt-4o", "models.retrieve", { model: "openai/gpt-4o" }],
    ["GET", "/v1/models/openai%2Fgpt-4o", "models.retrieve", { model: "openai/gpt-4o" }],
    ["GET", "/v1/models/__proto__", "models.retrieve", { model: "__proto__" }],
    ["GET", "/v1/models/caf%C3%A9%3F", "models.retrieve", { model: "café?" }],
    ["POST", "/v1/chat/completions", "chat.completions.create"],
    ["POST", "/chat/completions", "chat.completions.create"],
    ["GET", "/health", "system.health"],
    ["GET", "/openapi.json", "rpc.discover"],
  ];
  for (const [verb, url, method, captured] of found) {
    test(`${verb} ${url} means ${method}`, () => {
      const aim = findAim(router, verb, url);
      assert.equal(aim.route?.method, method);
      assert.deepEqual(aim.captured, captured);
    });
  }

  test("every row of the document is found by its path", () => {
    for (const [method, { rest }] of Object.entries(METHODS)) {
      for (const row of rest) {
        const aim = findAim(router, row.verb, row.path.replaceAll(/\{\w+\}/g, "x"));
        assert.equal(aim.route?.method, method);
        assert.equal(aim.route?.row, row);
      }
    }
  });

  test("POST /rpc and POST / mean JSON-RPC", () => {
    for (const url of ["/rpc", "/", "/rpc?x"]) assert.equal(findAim(router, "POST", url).route, undefined);
  });

  for (const url of [
    "/nope",
    "/v1",
    "/v1/",
    "/v1/nope",
    "//v1/models",
    "/v1/models/",
    "/v1/health",
    "*",
    "",
    "/constructor",
  ]) {
    test(`"${url}" is no path`, () => {
      assert.equal(kindOf(() => findAim(router, "GET", url)).kind, "route_not_found");
    });
  }

  const wrong: readonly (readonly [verb: string, url: string, allow: string])[] = [
    ["POST", "/v1/models", "GET, HEAD"],
    ["DELETE", "/v1/models/x", "GET, HEAD"],
    ["GET", "/v1/chat/completions", "POST"],
    ["OPTIONS", "/v1/chat/completions", "POST"],
    ["GET", "/rpc", "POST"],
    ["get", "/health", "GET, HEAD"],
  ];
  for (const [verb, url, allow] of wrong) {
    test(`${verb} ${url} is told to use ${allow}`, () => {
      const error = kindOf(() => findAim(router, verb, url));
      assert.equal(error.kind, "verb_not_allowed");
      assert.equal(error.facts.allow, allow);
    });
  }

  test("faulty percent-encoding is the caller's fault", () => {
    for (const model of ["%", "%zz", "%ff", "a%2"]) {
      assert.equal(kindOf(() => findAim(router, "GET", `/v1/models/${model}`)).kind, "invalid_request");
    }
  });

  test("a param inside a path takes one part, the one with more fixed text wins", () => {
    const row = (path: string, verb = "GET"): RestRow => ({ verb, path });
    const method = (...rest: RestRow[]): MethodRow => ({
      ...{ scope: "admin", streams: false, billable: false, idempotent: true, positional: null },
      rest,
    });
    const table = {
      "keys.retrieve": method(row("/keys/{id}"), row("/keys/{id}", "DELETE")),
      "keys.rotate": method(row("/keys/{id}/rotate")),
    };
    const other = createRouter(table as unknown as typeof METHODS);
    const aim = (verb: string, url: string) => findAim(other, verb, url);
    assert.equal(aim("GET", "/keys/a/rotate").route?.method, "keys.rotate");
    assert.deepEqual(aim("GET", "/keys/a/rotate").captured, { id: "a" });
    assert.deepEqual(aim("DELETE", "/keys/a/b").captured, { id: "a/b" });
    assert.equal(aim("GET", "/keys/a/rotate/x").route?.method, "keys.retrieve");
  });
});

describe("params", () => {
  const row: RestRow = {
    verb: "GET",
    path: "/x/{id}/{n}",
    query: ["flag", "count", "ratio", "text"],
    params: { fixed: "yes" },
    types: { flag: "boolean", count: "integer", ratio: "number", n: "integer" },
  };
  const read = (query: string, captured = {}, body?: object) => collectParams(row, captured, query, body);

  const queries: readonly (readonly [query: string, params: object])[] = [
    ["flag=true&count=7&ratio=0.5&text=7", { flag: true, count: 7, ratio: 0.5, text: "7" }],
    ["flag=false", { flag: false }],
    ["flag", { flag: true }],
    ["flag=1", { flag: true }],
    ["flag=0", { flag: false }],
    ["flag=maybe&count=x&ratio=NaN", { flag: "maybe", count: "x", ratio: "NaN" }],
    ["count=-3", { count: -3 }],
    ["count=1e3", { count: "1e3" }],
    ["count=99999999999999999999", { count: "99999999999999999999" }],
    ["text=a%20b+c%26", { text: "a b c&" }],
    ["text=%zz", { text: "%zz" }],
    ["text=first&text=second", { text: "first" }],
    ["unknown=1&__proto__=2&constructor=3&fixed=no", {}],
    ["", {}],
  ];
  for (const [query, params] of queries) {
    test(`?${query}`, () => assert.deepEqual(read(query), { ...params, fixed: "yes" }));
  }

  test("path wins over body, the row's constants over everything", () => {
    assert.deepEqual(read("text=q", { id: "p", n: "4" }, { id: "b", text: "b", fixed: "b", more: 1 }), {
      ...{ id: "p", n: 4, text: "q", fixed: "yes", more: 1 },
    });
  });

  test("a body alone is passed on as it is", () => {
    const body = { model: "m" };
    assert.equal(collectParams({ verb: "POST", path: "/x" }, undefined, "", body), body);
    assert.deepEqual(collectParams({ verb: "POST", path: "/x" }, undefined, "a=1", undefined), {});
  });
});
