// The OpenAPI document: complete, and right in the places that tools trip over.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { METHODS } from "../../src/generated/methods.ts";
import { toOpenApi } from "../../src/rest/openapi.ts";

const openrpc = JSON.parse(readFileSync(join(import.meta.dirname, "../../openrpc.json"), "utf8"));
const before = JSON.stringify(openrpc);

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: object;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: object }>> }
    >
  >;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}
interface Schema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, object>>;
  readonly additionalProperties: boolean;
}
interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: object; readonly securitySchemes: object };
}

const api = toOpenApi(openrpc) as OpenApi;
const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
);

function at(path: string, verb: string): Operation {
  const operation = api.paths[path]?.[verb];
  assert.ok(operation, `${verb} ${path} is missing`);
  return operation;
}

test("the original is not changed, and the answer is plain JSON", () => {
  assert.equal(JSON.stringify(openrpc), before);
  assert.deepEqual(JSON.parse(JSON.stringify(api)), api);
  assert.equal(api.openapi, "3.1.0");
  assert.equal(api.info.version, openrpc.info.version);
  assert.equal(api.info.title, openrpc.info.title);
});

test("every REST row is an operation", () => {
  for (const { rest } of Object.values(METHODS)) for (const row of rest) at(row.path, row.verb.toLowerCase());
  const rows = Object.values(METHODS).flatMap(({ rest }) => rest);
  assert.equal(operations.length, rows.length + 1, "and /rpc");
});

test("operations are named once, told about, tagged with known tags, and answer 200", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length, String(ids));
  const tags = new Set(api.tags.map(({ name }) => name));
  assert.equal(tags.size, api.tags.length);
  for (const { path, verb, operation } of operations) {
    assert.ok(operation.summary, path);
    assert.match(verb, /^(get|post|put|patch|delete)$/);
    for (const tag of operation.tags) assert.ok(tags.has(tag), tag);
    assert.ok(operation.responses["200"], path);
    for (const [status, { description }] of Object.entries(operation.responses)) {
      assert.match(status, /^(?:[2-5]\d\d|default)$/);
      assert.ok(description, `${path} ${status}`);
    }
    const schemes = Object.keys(api.components.securitySchemes);
    for (const need of operation.security) for (const name of Object.keys(need)) assert.ok(schemes.includes(name));
  }
});

test("path params are those of the path, once each and required", () => {
  for (const { path, operation } of operations) {
    const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
    assert.deepEqual(inPath.map(({ name }) => name).sort(), [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort());
    for (const parameter of operation.parameters ?? []) {
      assert.ok(parameter.schema);
      if (parameter.in === "path") assert.equal(parameter.required, true);
    }
  }
});

test("every reference leads somewhere", () => {
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { $ref } = value as { $ref?: unknown };
    if (typeof $ref === "string") {
      const path = $ref.replace(/^#\//, "").split("/");
      let target: unknown = api;
      for (const part of path) target = (target as Record<string, unknown> | undefined)?.[part];
      assert.ok(target, $ref);
    }
    Object.values(value).forEach(visit);
  };
  visit(api);
});

test("chat: the body is its params, the answer comes whole or as events, errors by status", () => {
  const { requestBody, responses, parameters } = at("/v1/chat/completions", "post");
  assert.equal(parameters, undefined);
  const body = requestBody?.content["application/json"]?.schema;
  assert.deepEqual(body?.required, ["model", "messages"]);
  assert.equal(body?.additionalProperties, true);
  assert.ok(body?.properties.tools);
  assert.deepEqual(Object.keys(responses["200"]?.content ?? {}), ["application/json", "text/event-stream"]);
  assert.deepEqual(responses["200"]?.content?.["text/event-stream"]?.schema, {
    $ref: "#/components/schemas/ChatChunk",
  });
  assert.match(responses["404"]?.description ?? "", /model_not_found/);
  assert.deepEqual(responses["404"]?.content?.["application/json"]?.schema, { $ref: "#/components/schemas/RestError" });
});

test("constants of a row are no parameters, text is text, public needs nothing", () => {
  assert.equal(at("/openapi.json", "get").parameters, undefined);
  assert.deepEqual(at("/openapi.json", "get").security, []);
  assert.deepEqual(Object.keys(at("/metrics", "get").responses["200"]?.content ?? {}), ["text/plain"]);
  assert.deepEqual(at("/system/info", "get").security, [{ bearer: [] }, { apiKey: [] }]);
  const [usable] = at("/v1/models", "get").parameters ?? [];
  assert.deepEqual([usable?.name, usable?.in, usable?.required], ["usable", "query", false]);
});

test("files, audio, tables and transcriptions have their own content types", () => {
  const types = (path: string, verb: string): string[] => Object.keys(at(path, verb).responses["200"]?.content ?? {});
  const { requestBody } = at("/v1/audio/transcriptions", "post");
  assert.deepEqual(Object.keys(requestBody?.content ?? {}), ["multipart/form-data"]);
  assert.deepEqual(types("/v1/audio/transcriptions", "post"), ["application/json", "text/plain", "text/vtt"]);
  assert.deepEqual(types("/v1/audio/speech", "post"), ["audio/*"]);
  assert.deepEqual(types("/billing/export", "get"), ["text/csv"]);
});
