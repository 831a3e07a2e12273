// The document's catalogue, the code and the pages for people say the same.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pages } from "../../scripts/docs.ts";
import { ROOT } from "../../scripts/generate/document.ts";
import { VARIABLES } from "../../src/config/env.ts";
import { BrokerError, KINDS, toWireError } from "../../src/core/errors.ts";
import { ERRORS } from "../../src/generated/methods.ts";
import type { ErrorKind } from "../../src/generated/types.ts";
import { document, validateError } from "../support/document.ts";

const rows = Object.values(document.components.errors);
/** Codes by family, as CONTRIBUTING.md lists them. */
const FAMILY: Readonly<Record<string, readonly ErrorKind[]>> = {
  10: ["unauthorized", "forbidden"],
  12: ["model_not_found", "no_usable_target", "capability_missing", "context_length_exceeded"],
};

describe("the error catalogue", () => {
  test("and KINDS have the same kinds", () => {
    const kinds = rows.map((error) => error.data.kind);
    for (const kind of kinds) assert.ok(Object.hasOwn(KINDS, kind), `add ${kind} to KINDS in src/core/errors.ts`);
    for (const kind of Object.keys(KINDS)) assert.ok(kinds.includes(kind), `add ${kind} to the document's errors`);
  });

  test("gives each kind its code and message", () => {
    for (const { code, message, data } of rows) {
      assert.deepEqual(ERRORS[data.kind as ErrorKind], { code, message });
    }
  });

  test("keeps to JSON-RPC's codes and to families of hundreds", () => {
    for (const { code, data } of rows) {
      const reserved = [-32700, -32600, -32601, -32602, -32603].includes(code);
      assert.ok(reserved || (code > 1000 && code < 2000 && code % 100 !== 0), `${data.kind} has the code ${code}`);
    }
    for (const [family, kinds] of Object.entries(FAMILY)) {
      for (const kind of kinds) assert.equal(Math.floor(ERRORS[kind].code / 100), Number(family), kind);
    }
  });

  test("maps to HTTP statuses and types that OpenAI's clients know", () => {
    const types: Readonly<Record<number, string>> = {
      401: "authentication_error",
      402: "budget_exceeded",
      403: "permission_error",
      429: "rate_limit_error",
    };
    for (const [kind, { status, openaiType, retryable }] of Object.entries(KINDS)) {
      assert.ok(status >= 400 && status <= 504, kind);
      assert.equal(openaiType, types[status] ?? (status >= 500 ? "server_error" : "invalid_request_error"), kind);
      if (retryable) assert.ok(status >= 500 || status === 429 || status === 408, `${kind}: a retry of ${status}?`);
    }
  });

  test("is what goes over the wire", () => {
    for (const kind of Object.keys(KINDS) as ErrorKind[]) {
      validateError(JSON.parse(JSON.stringify(toWireError(new BrokerError(kind), "req_1"))));
    }
  });
});

describe("pages for people", () => {
  const fresh = pages(document);

  for (const [path, text] of Object.entries(fresh)) {
    test(`${path} is up to date: run \`node scripts/docs.ts\` and commit the result`, () => {
      const file = join(ROOT, path);
      assert.ok(
        existsSync(file) && readFileSync(file, "utf8") === text,
        `${path} is stale: run \`node scripts/docs.ts\``,
      );
    });
  }

  test("name every kind and every variable", () => {
    for (const { data } of rows) assert.ok(fresh["docs/errors.md"]?.includes(`### \`${data.kind}\``), data.kind);
    for (const name of Object.keys(VARIABLES))
      assert.ok(fresh["docs/environment.md"]?.includes(`| \`${name}\` |`), name);
  });

  test("say nothing of the machine that wrote them", () => {
    for (const [path, text] of Object.entries(fresh)) {
      assert.ok(!text.includes(process.env.HOME ?? "/root") && !text.includes(ROOT), path);
    }
  });
});
