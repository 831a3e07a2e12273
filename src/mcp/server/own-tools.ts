// The broker's own methods as tools, by a rule over the document: what costs money and takes JSON, and what tells of models.
// A tool takes the method's params, but for those about streaming, and answers the method's result.

import { isObject } from "../../core/json-object.ts";
import type { Dispatcher } from "../../dispatch/request.ts";
import { METHODS, VERSION } from "../../generated/methods.ts";
import type { MethodName } from "../../generated/types.ts";

export interface OwnTool {
  readonly method: MethodName;
  /** As it is listed. */
  readonly shown: { readonly name: string };
  /** The result has audio in base64. */
  readonly speaks: boolean;
}

/** By name: `chat.completions.create` is `chat_completions_create`. */
export type OwnTools = ReadonlyMap<string, OwnTool>;

type Schema = Readonly<Record<string, unknown>>;

interface DocumentParam {
  readonly name: string;
  readonly summary?: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface DocumentMethod {
  readonly name: string;
  readonly summary?: string;
  readonly params: readonly (DocumentParam | { readonly $ref: string })[];
}

interface Document {
  readonly methods: readonly DocumentMethod[];
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const SCHEMAS = "#/components/schemas/";
/** A tool answers in one piece. */
const ABOUT_STREAMS: ReadonlySet<string> = new Set(["stream", "stream_options"]);

/** Reads the document when first called. The answer rejects with nothing: without a document there are no tools of ours. */
export function createOwnTools(dispatcher: Dispatcher): () => Promise<OwnTools> {
  let tools: Promise<OwnTools> | undefined;
  const load = async (): Promise<OwnTools> => {
    const caller = { ip: "mcp", loopback: true, trusted: false };
    const { signal } = new AbortController();
    const outcome = await dispatcher.dispatch({ method: "rpc.discover", params: {}, caller, signal });
    return outcome.ok ? ownTools(outcome.result as unknown as Document) : new Map();
  };
  return () => {
    tools ??= load();
    return tools;
  };
}

export function ownTools({ methods, components }: Document): OwnTools {
  const tools = methods.filter(isTool).map((method) => toTool(method, components.schemas));
  return new Map(tools.map((tool) => [tool.shown.name, tool]));
}

function isTool({ name }: DocumentMethod): boolean {
  const row = Object.hasOwn(METHODS, name) ? METHODS[name as MethodName] : undefined;
  if (row?.scope !== "inference" || row.rest.length === 0 || name.startsWith("mcp.")) return false;
  const takesJson = row.rest.every(({ body }) => body !== "multipart");
  return takesJson && (row.billable || name.startsWith("models."));
}

function toTool({ name, summary, params }: DocumentMethod, schemas: Document["components"]["schemas"]): OwnTool {
  const method = name as MethodName;
  const { billable, idempotent, rest } = METHODS[method];
  const shown = {
    name: name.replaceAll(".", "_"),
    description: summary ?? name,
    inputSchema: inputSchema(params, schemas),
    annotations: { readOnlyHint: !billable && idempotent, openWorldHint: billable },
    _meta: { "aibroker/method": name, "aibroker/version": VERSION },
  };
  return { method, shown, speaks: rest.some(({ response }) => response === "audio") };
}

function inputSchema(params: DocumentMethod["params"], schemas: Document["components"]["schemas"]): Schema {
  const own = params.filter((param): param is DocumentParam => "schema" in param && !ABOUT_STREAMS.has(param.name));
  const properties = own.map(({ name, summary, schema }) => [
    name,
    summary === undefined || schema.$ref !== undefined
      ? bundled(schema)
      : { description: summary, ...(bundled(schema) as Schema) },
  ]);
  const $defs: Record<string, unknown> = {};
  for (const { schema } of own) collect(schema, schemas, $defs);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: own.filter(({ required }) => required).map(({ name }) => name),
    ...(Object.keys($defs).length > 0 ? { $defs } : {}),
  };
}

/** The schemas that are pointed to, and those that they point to. */
function collect(value: unknown, schemas: Document["components"]["schemas"], found: Record<string, unknown>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, schemas, found);
  if (!isObject(value)) return;
  const { $ref } = value;
  if (typeof $ref === "string" && $ref.startsWith(SCHEMAS)) {
    const name = $ref.slice(SCHEMAS.length);
    const schema = schemas[name];
    if (schema === undefined || Object.hasOwn(found, name)) return;
    found[name] = bundled(schema);
    collect(schema, schemas, found);
    return;
  }
  for (const each of Object.values(value)) collect(each, schemas, found);
}

/** The same schema with its pointers going to `$defs`, without what only the document's readers want. */
function bundled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bundled);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("x-") && key !== "examples");
  return Object.fromEntries(
    entries.map(([key, each]) =>
      key === "$ref" && typeof each === "string" ? [key, each.replace(SCHEMAS, "#/$defs/")] : [key, bundled(each)],
    ),
  );
}
