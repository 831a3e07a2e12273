// src/generated/methods.ts: the method table (scope, streaming, REST rows), the error catalogue and the handler type.

import { calls, type Document, literal, type Param, paramsOf, type RestRow } from "./document.ts";

export function methodsSource(document: Document): string {
  const table = Object.fromEntries(
    calls(document).map((method) => [
      method.name,
      {
        scope: method["x-scope"],
        streams: method["x-progress"] !== undefined,
        billable: method["x-billable"] === true,
        idempotent: method["x-idempotent"] === true,
        // By position only where it cannot mislead: at most two required params. `_meta` never takes a place.
        positional:
          paramsOf(document, method).filter((param) => param.required).length <= 2
            ? paramsOf(document, method)
                .map((param) => param.name)
                .filter((name) => name !== "_meta")
            : null,
        rest: rows(method["x-rest"]).map((row) => ({ ...row, ...typesOf(row, paramsOf(document, method)) })),
      },
    ]),
  );
  const errors = Object.fromEntries(
    Object.values(document.components.errors).map((error) => [
      error.data.kind,
      { code: error.code, message: error.message },
    ]),
  );
  return [
    'import type { ErrorKind, MethodName, Methods } from "./types.ts";',
    "",
    PREAMBLE,
    `export const VERSION = ${JSON.stringify(document.info.version)};`,
    "",
    `export const METHODS: Readonly<Record<MethodName, MethodRow>> = ${literal(table)};`,
    "",
    "/** Code and default message of every error kind. */",
    `export const ERRORS: Readonly<Record<ErrorKind, { readonly code: number; readonly message: string }>> = ${literal(errors)};`,
    "",
  ].join("\n");
}

function rows(rest: RestRow | readonly RestRow[] | undefined): readonly RestRow[] {
  if (rest === undefined) return [];
  return Array.isArray(rest) ? rest : [rest as RestRow];
}

/** Params of the path, the query and a form are text; these are meant as something else. */
function typesOf(row: RestRow, params: readonly Param[]): { types?: Record<string, string> } {
  const named = [...(row.query ?? []), ...[...row.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])];
  if (row.body === "multipart") named.push(...params.map((param) => param.name));
  const types = params
    .filter((param) => named.includes(param.name))
    .map((param) => [param.name, [param.schema.type].flat().find((type) => TYPES.includes(String(type)))])
    .filter(([, type]) => type !== undefined);
  return types.length > 0 ? { types: Object.fromEntries(types) } : {};
}

const TYPES = ["boolean", "integer", "number", "array"];

const PREAMBLE = `/** One REST row: a path of the REST surface and the method it calls. */
export interface RestRow {
  readonly verb: string;
  readonly path: string;
  readonly query?: readonly string[];
  readonly body?: "json" | "multipart" | "none";
  /** The body as a whole is this param; else its members are params. */
  readonly body_as?: string;
  readonly response?: "json" | "sse" | "audio" | "text" | "csv" | "transcription";
  /** Whose form errors and streamed events have; OpenAI's chat unless given. */
  readonly dialect?: "anthropic" | "responses";
  /** Params that the row fixes. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Callers from this machine need no credential. */
  readonly open?: "loopback";
  /** Params of the path, the query and a form that are no strings. */
  readonly types?: Readonly<Record<string, "boolean" | "integer" | "number" | "array">>;
}

/** What the waist needs to know of a method. */
export interface MethodRow {
  readonly scope: "public" | "inference" | "admin";
  readonly streams: boolean;
  readonly billable: boolean;
  readonly idempotent: boolean;
  /** Param names in order, where a call may give them by position. */
  readonly positional: readonly string[] | null;
  readonly rest: readonly RestRow[];
}

/** Handlers of one namespace (\`models\`, \`chat\` ...), or of all: a missing one does not compile. */
export type HandlersOf<Namespace extends string, Call> = {
  [M in MethodName as M extends \`\${Namespace}.\${string}\` ? M : never]: (
    params: Methods[M]["params"],
    call: Call,
  ) => Methods[M]["result"] | Promise<Methods[M]["result"]>;
};
`;
