// The lint of openrpc.json: valid OpenRPC, everything described, bounded, referenced and shown by an example.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { validateOpenRPCDocument } from "@open-rpc/schema-utils-js";
import { calls, type Method, paramsOf, pascal, type RestRow, ROOT } from "../../scripts/generate/document.ts";
import { document } from "../support/document.ts";
import { isRecord, refsOf, resolve, subschemas } from "./schemas.ts";

const notifications = document.methods.filter((method) => method.tags.some(({ name }) => name === "notification"));

describe("openrpc.json is OpenRPC", () => {
  test("as it stands, and it says 1.3.2", () => {
    assert.equal(document.openrpc, "1.3.2");
    assert.equal(validateOpenRPCDocument(structuredClone(document) as never), true);
  });

  test("for readers of the next minor version too", () => {
    assert.equal(validateOpenRPCDocument({ ...structuredClone(document), openrpc: "1.4.1" } as never), true);
  });

  test("its version is the package's", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.equal(document.info.version, version, "bump both package.json and info.version of openrpc.json");
  });
});

describe("every method", () => {
  for (const method of document.methods) {
    test(`${method.name} is described, scoped, has errors and an example`, () => {
      assert.ok(method.summary?.length > 0 && method.summary.length <= 80, "give it a summary of one short line");
      assert.ok(!method.summary.endsWith("."), "a summary is a heading, without a full stop");
      assert.ok(method.description?.length > method.summary.length, "give it a description");
      assert.ok(method.tags?.length > 0, "give it a tag");
      assert.ok(["public", "inference", "admin"].includes(method["x-scope"]), "give it an x-scope");
      assert.match(method["x-since"] ?? "", /^\d+\.\d+\.\d+$/, "give it an x-since");
      assert.ok(method.errors?.length > 0, "list its errors");
      assert.ok(method.examples?.length > 0, "give it an example");
      for (const error of method.errors) assert.ok(isRecord(resolve(document, error.$ref)), `${error.$ref} is missing`);
      assert.equal(new Set(method.errors.map((error) => error.$ref)).size, method.errors.length, "an error twice");
    });
  }

  test("is a call with a result or a notification without one, never something between", () => {
    for (const method of document.methods) {
      const notification = notifications.includes(method);
      assert.equal(method.result === undefined, notification, `${method.name}: tag it or give it a result`);
      assert.equal(method.name.startsWith("$/"), notification, `${method.name}: notifications begin with $/`);
    }
  });

  test("that is a call takes _meta, refuses bad params, and is named namespace.verb", () => {
    for (const method of calls(document)) {
      const names = paramsOf(document, method).map((param) => param.name);
      assert.ok(names.includes("_meta"), `${method.name}: add the Meta content descriptor to its params`);
      assert.equal(new Set(names).size, names.length, `${method.name}: a param twice`);
      assert.match(method.name, /^[a-z]+(\.[a-zA-Z]+)+$/, `${method.name}: namespace.noun.verb`);
      assert.ok(
        method.errors.some((error) => error.$ref.endsWith("/InvalidParams")),
        `${method.name}: list InvalidParams`,
      );
    }
  });

  test("that needs a scope can answer that it is not given", () => {
    for (const method of calls(document)) {
      const errors = method.errors.map((error) => error.$ref.split("/").at(-1));
      if (method["x-scope"] !== "public") assert.ok(errors.includes("Unauthorized"), `${method.name}: Unauthorized`);
      if (method["x-scope"] === "admin") assert.ok(errors.includes("Forbidden"), `${method.name}: list Forbidden`);
    }
  });

  test("that is billable can answer overload, drain, cancellation and a full disk", () => {
    for (const method of calls(document).filter((each) => each["x-billable"])) {
      for (const error of ["Overloaded", "Draining", "Cancelled", "StorageUnavailable"]) {
        assert.ok(
          method.errors.some(({ $ref }) => $ref === `#/components/errors/${error}`),
          `${method.name}: list ${error}`,
        );
      }
    }
  });

  test("names its result and progress by $ref, so that they have a type", () => {
    for (const method of calls(document)) {
      assert.equal(typeof method.result?.schema.$ref, "string", `${method.name}: its result`);
      if (method["x-progress"]) assert.equal(typeof method["x-progress"].$ref, "string", `${method.name}: x-progress`);
    }
  });
});

describe("names are unique", () => {
  const unique = (what: string, names: readonly unknown[]) =>
    test(what, () => {
      const twice = names.filter((name, index) => names.indexOf(name) !== index);
      assert.deepEqual(twice, [], `${what} must be unique`);
    });
  const errors = Object.values(document.components.errors);

  unique(
    "method names",
    document.methods.map((method) => method.name),
  );
  unique(
    "generated names of params",
    calls(document).map((method) => pascal(method.name)),
  );
  unique(
    "error codes",
    errors.map((error) => error.code),
  );
  unique(
    "error kinds",
    errors.map((error) => error.data.kind),
  );
  unique(
    "default messages of errors",
    errors.map((error) => error.message),
  );
  test("schema titles are the component's name", () => {
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      assert.equal(schema.title, name, `give #/components/schemas/${name} the title "${name}"`);
    }
  });
  test("error components are the Pascal case of their kind", () => {
    for (const [name, error] of Object.entries(document.components.errors)) {
      assert.equal(name, pascal(error.data.kind));
    }
  });
});

/** Errors of the entries, from before a method is known, and the bug that any method can have. */
const OF_NO_METHOD = [
  "ParseError",
  "MethodNotFound",
  "Internal",
  "RequestTimeout",
  "RouteNotFound",
  "VerbNotAllowed",
  "UnsupportedMediaType",
];
/** Schemas that are read from a file and not from a message. */
const OF_NO_MESSAGE = ["ModelsConfig", "McpConfig"];

describe("references", () => {
  const used = new Set(refsOf(document));

  test("all resolve", () => {
    for (const ref of used) assert.ok(isRecord(resolve(document, ref)), `${ref} points nowhere`);
  });

  test("reach every component", () => {
    const spare = new Set([...OF_NO_METHOD, ...OF_NO_MESSAGE]);
    for (const [kind, components] of Object.entries(document.components)) {
      for (const name of Object.keys(components)) {
        const referenced = used.has(`#/components/${kind}/${name}`);
        if (spare.has(name)) assert.ok(!referenced, `${name} has a reference: take it off the list in this test`);
        else assert.ok(referenced, `#/components/${kind}/${name} is used nowhere: use it or remove it`);
      }
    }
  });
});

describe("bounds", () => {
  const roots: [string, unknown][] = [
    ...Object.entries(document.components.schemas),
    ...document.methods.flatMap((method) => [
      ...paramsOf(document, method).map((param): [string, unknown] => [`${method.name}(${param.name})`, param.schema]),
      ...(method.result ? ([[`${method.name} result`, method.result.schema]] as [string, unknown][]) : []),
    ]),
  ];

  for (const [name, root] of roots) {
    test(`every string, list and map of ${name} has one`, () => {
      for (const { at, schema } of subschemas(root, name)) {
        const types = [schema.type].flat();
        const listed = "enum" in schema || "const" in schema;
        if (types.includes("string") && !listed) {
          assert.ok(typeof schema.maxLength === "number", `${at}: a string needs maxLength, enum or const`);
        }
        if (types.includes("array")) {
          assert.ok(typeof schema.maxItems === "number", `${at}: a list needs maxItems`);
          assert.ok(isRecord(schema.items), `${at}: say what the list's items are`);
        }
        if (isRecord(schema.additionalProperties)) {
          assert.ok(typeof schema.maxProperties === "number", `${at}: a map needs maxProperties`);
        }
      }
    });
  }

  test("every number that a caller can send has one", () => {
    const seen = new Set<unknown>();
    const check = (root: unknown, name: string): void => {
      if (seen.has(root)) return;
      seen.add(root);
      for (const { at, schema } of subschemas(root, name)) {
        if (typeof schema.$ref === "string") check(resolve(document, schema.$ref), `${name} → ${schema.$ref}`);
        const types = [schema.type].flat();
        if (!types.includes("integer") && !types.includes("number")) continue;
        assert.ok(typeof schema.minimum === "number", `${at}: a number that is sent to us needs a minimum`);
        assert.ok(typeof schema.maximum === "number", `${at}: a number that is sent to us needs a maximum`);
      }
    };
    for (const method of document.methods.filter(({ name }) => name !== "$/progress")) {
      for (const param of paramsOf(document, method)) check(param.schema, `${method.name}(${param.name})`);
    }
    for (const name of OF_NO_MESSAGE) check(document.components.schemas[name], name);
  });
});

describe("REST rows", () => {
  const rows = calls(document).flatMap((method) =>
    [method["x-rest"] ?? []].flat().map((row) => ({ method, row: row as RestRow })),
  );

  test("each verb and path is one method's", () => {
    const names = rows.map(({ row }) => `${row.verb} ${row.path.replaceAll(/\{[^}]+\}/g, "{}")}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  test("say only what the shim knows", () => {
    const known = ["verb", "path", "query", "body", "body_as", "response", "params", "open", "dialect"];
    for (const { method, row } of rows) {
      for (const key of Object.keys(row))
        assert.ok(known.includes(key), `${method.name}: ${key} is no member of a row`);
      assert.match(row.verb, /^(GET|POST|PUT|PATCH|DELETE)$/, method.name);
      assert.match(row.path, /^(\/([\w.-]+|\{\w+\}))+$/, method.name);
      if (row.verb === "GET") assert.ok(!row.body, `${method.name}: GET has no body`);
      else assert.ok(row.body, `${method.name}: say what body ${row.verb} takes: json, multipart or none`);
    }
  });

  test("path, query and fixed names are params, and no param comes from two places", () => {
    for (const { method, row } of rows) {
      const params = new Set(paramsOf(document, method).map((param) => param.name));
      const path = [...row.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
      const names = [...path, ...(row.query ?? []), ...Object.keys(row.params ?? {})];
      for (const name of names) assert.ok(params.has(name), `${method.name}: "${name}" of ${row.path} is no param`);
      assert.equal(new Set(names).size, names.length, `${method.name}: ${row.path} takes a param from two places`);
    }
  });

  test("required params can be given", () => {
    for (const { method, row } of rows.filter(({ row: { body } }) => body !== "json" && body !== "multipart")) {
      for (const { name, required } of paramsOf(document, method)) {
        const given = row.path.includes(`{${name}}`) || row.query?.includes(name) || row.params?.[name] !== undefined;
        assert.ok(!required || given, `${method.name}: ${row.verb} ${row.path} has no place for "${name}"`);
      }
    }
  });

  test("stream only where the method does", () => {
    for (const { method, row } of rows) {
      if (row.response === "sse") assert.ok(method["x-progress"], `${method.name} has no x-progress to stream`);
    }
  });

  test("need no credential only for reading", () => {
    for (const { method, row } of rows.filter(({ row: { open } }) => open)) {
      assert.equal(row.open, "loopback", method.name);
      assert.equal(row.verb, "GET", `${method.name}: an open row must not change anything`);
    }
  });
});

describe("notifications", () => {
  test("are the two of the wire, with their direction", () => {
    const directions = Object.fromEntries(
      notifications.map((method) => [method.name, (method as Method & { "x-direction"?: string })["x-direction"]]),
    );
    assert.deepEqual(directions, { "$/progress": "server-to-client", "$/cancelRequest": "client-to-server" });
  });
});
