// The OpenAPI 3.1 form of the REST rows, for tools that read no OpenRPC. Derived from the document alone: its schemas move
// over as they are, since both are JSON Schema 2020-12 and keep them in the same place.

import { KINDS } from "../core/errors.ts";
import type { RestRow } from "../generated/methods.ts";
import type { ErrorKind } from "../generated/types.ts";

type Json = { readonly [member: string]: unknown };
type Ref = { readonly $ref: string };

interface Param {
  readonly name: string;
  readonly summary?: string;
  readonly required?: boolean;
  readonly schema: Json;
}

interface Method {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string }[];
  readonly params: readonly (Param | Ref)[];
  readonly result?: { readonly description?: string; readonly schema: Json };
  readonly errors: readonly Ref[];
  readonly "x-scope": string;
  readonly "x-rest"?: RestRow | readonly RestRow[];
  readonly "x-progress"?: Json;
  readonly "x-billable"?: boolean;
  readonly "x-unknown"?: "keep" | "refuse";
}

interface OpenRpc {
  readonly info: Json;
  readonly methods: readonly Method[];
  readonly components: {
    readonly contentDescriptors: Readonly<Record<string, Param>>;
    readonly errors: Readonly<
      Record<string, { readonly message: string; readonly data: { readonly kind: ErrorKind } }>
    >;
    readonly schemas: Readonly<Record<string, Json>>;
  };
}

const ERROR_REF = { $ref: "#/components/schemas/RestError" };
const REQUEST_ID = { "x-request-id": { description: "Names the request in the log.", schema: { type: "string" } } };
const RPC_NOTE =
  "JSON-RPC 2.0 serves every method of `/openrpc.json`, those without a path here too: POST /rpc and POST /, a WebSocket at /rpc, and raw sockets.";

/** `document`: the parsed openrpc.json. It is not changed, and the answer shares its schemas. */
export function toOpenApi(document: object): object {
  const { info, methods, components } = document as OpenRpc;
  const paths: Record<string, Record<string, Json>> = { "/rpc": { post: rpcOperation() } };
  for (const method of methods) {
    for (const [index, row] of [method["x-rest"] ?? []].flat().entries()) {
      paths[row.path] ??= {};
      const item = paths[row.path] as Record<string, Json>;
      item[row.verb.toLowerCase()] = operation(method, row, index, components);
    }
  }
  const tags = [...new Set(methods.filter((method) => method["x-rest"]).flatMap(({ tags }) => tags.map(nameOf)))];
  return {
    openapi: "3.1.0",
    info: { ...info, description: RPC_NOTE },
    servers: [{ url: "/" }],
    tags: [...tags, "rpc"].filter((tag, at, all) => all.indexOf(tag) === at).map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...components.schemas, RestError: restError() },
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
      },
    },
  };
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function operation(method: Method, row: RestRow, index: number, components: OpenRpc["components"]): Json {
  const params = method.params.map((param) => resolve(param, components.contentDescriptors));
  const inPath = new Set([...row.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  const inQuery = new Set(row.query);
  const parameters = params
    .filter(({ name }) => inPath.has(name) || inQuery.has(name))
    .map(({ name, summary, required, schema }) => ({
      name,
      in: inPath.has(name) ? "path" : "query",
      ...(summary === undefined ? {} : { description: summary }),
      required: inPath.has(name) || required === true,
      schema,
    }));
  const members = params.filter(
    ({ name }) => !inPath.has(name) && !inQuery.has(name) && !Object.hasOwn(row.params ?? {}, name),
  );
  return {
    operationId: index === 0 ? method.name : `${method.name}.${index + 1}`,
    summary: method.summary,
    description: method.description,
    tags: method.tags.map(nameOf),
    security: security(method["x-scope"], row),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(row.body === "json" || row.body === "multipart"
      ? { requestBody: requestBody(row, members, keepsUnknown(method)) }
      : {}),
    responses: responses(method, row, components.errors),
  };
}

function resolve(param: Param | Ref, descriptors: Readonly<Record<string, Param>>): Param {
  return "$ref" in param ? (descriptors[param.$ref.split("/").at(-1) ?? ""] as Param) : param;
}

/** An empty requirement: works without a credential, at least for some callers. */
function security(scope: string, row: RestRow): Json[] {
  if (scope === "public") return [];
  const either = [{ bearer: [] }, { apiKey: [] }];
  return scope === "inference" || row.open ? [...either, {}] : either;
}

function keepsUnknown(method: Method): boolean {
  return (method["x-unknown"] ?? (method["x-billable"] === true ? "keep" : "refuse")) === "keep";
}

/** What goes upstream keeps members that the document does not know. */
function requestBody({ body, body_as }: RestRow, members: readonly Param[], open: boolean): Json {
  const form = body === "multipart" ? "multipart" : "json";
  const whole = members.find(({ name }) => name === body_as);
  if (whole) return { content: { [BODY_TYPES[form]]: { schema: whole.schema } } };
  const required = members.filter((member) => member.required).map(nameOf);
  const properties = Object.fromEntries(
    members.map(({ name, summary, schema }) => [
      name,
      summary === undefined ? schema : { ...schema, description: summary },
    ]),
  );
  return {
    required: required.length > 0,
    content: { [BODY_TYPES[form]]: { schema: { type: "object", required, properties, additionalProperties: open } } },
  };
}

const BODY_TYPES = { json: "application/json", multipart: "multipart/form-data" } as const;
const TEXT = { schema: { type: "string" } };

/** Content types of an answer, as the shim writes it. */
function contentOf(method: Method, { response = "json" }: RestRow): Json {
  const whole = { "application/json": { schema: method.result?.schema ?? {} } };
  switch (response) {
    case "text":
      return { "text/plain": TEXT };
    case "csv":
      return { "text/csv": TEXT };
    case "audio":
      return { "audio/*": { schema: { type: "string", contentMediaType: "application/octet-stream" } } };
    case "transcription":
      return { ...whole, "text/plain": TEXT, "text/vtt": TEXT };
    case "sse":
      return { ...whole, "text/event-stream": { schema: method["x-progress"] ?? {} } };
    case "json":
      return whole;
  }
}

function responses(method: Method, row: RestRow, errors: OpenRpc["components"]["errors"]): Json {
  const byStatus: Record<string, string[]> = {};
  for (const { $ref } of method.errors) {
    const error = errors[$ref.split("/").at(-1) ?? ""];
    if (!error) continue;
    const told = `${error.message} (\`${error.data.kind}\`)`;
    const { status } = KINDS[error.data.kind];
    byStatus[status] = [...(byStatus[status] ?? []), told];
  }
  const failures = Object.entries(byStatus).map(([status, told]) => [status, failure(told.join(". "))]);
  return {
    "200": {
      description: method.result?.description ?? method.summary,
      headers: REQUEST_ID,
      content: contentOf(method, row),
    },
    ...Object.fromEntries(failures),
    default: failure("Any other error"),
  };
}

function failure(description: string): Json {
  return { description, headers: REQUEST_ID, content: { "application/json": { schema: ERROR_REF } } };
}

function restError(): Json {
  const text = { type: "string" };
  const properties = { message: text, type: text, param: { type: ["string", "null"] }, code: text, request_id: text };
  const told = { usage: { type: "object", description: "What the call took and cost until it failed." } };
  const error = { type: "object", required: Object.keys(properties), properties: { ...properties, ...told } };
  return { type: "object", required: ["error"], properties: { error } };
}

function rpcOperation(): Json {
  const request = {
    type: "object",
    required: ["jsonrpc", "method"],
    properties: {
      jsonrpc: { const: "2.0" },
      id: { type: ["string", "number", "null"] },
      method: { type: "string" },
      params: { type: ["object", "array"] },
    },
  };
  const response = { type: "object", required: ["jsonrpc", "id"], properties: { jsonrpc: { const: "2.0" } } };
  const oneOrMore = (schema: Json) => ({ oneOf: [schema, { type: "array", items: schema, minItems: 1 }] });
  return {
    operationId: "rpc",
    summary: "JSON-RPC 2.0",
    description: RPC_NOTE,
    tags: ["rpc"],
    security: [{ bearer: [] }, { apiKey: [] }, {}],
    requestBody: { required: true, content: { "application/json": { schema: oneOrMore(request) } } },
    responses: {
      "200": {
        description: "Responses, errors among them",
        content: { "application/json": { schema: oneOrMore(response) }, "text/event-stream": { schema: response } },
      },
      "204": { description: "Notifications only" },
    },
  };
}
