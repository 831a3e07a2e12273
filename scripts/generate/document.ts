// Reads openrpc.json and refuses one that is not valid OpenRPC. References are never dereferenced: the chat schemas may
// recurse, and the library's dereferencer does not end on recursion.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validateOpenRPCDocument } from "@open-rpc/schema-utils-js";

export const ROOT = join(import.meta.dirname, "../..");

export type Schema = { readonly [keyword: string]: unknown };
export interface Param {
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
export interface RestRow {
  readonly verb: string;
  readonly path: string;
  readonly query?: readonly string[];
  readonly body?: string;
  readonly body_as?: string;
  readonly response?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly open?: string;
  readonly dialect?: string;
}
export interface Method {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string }[];
  readonly params: readonly (Param | { readonly $ref: string })[];
  readonly result?: { readonly name: string; readonly schema: Schema };
  readonly errors: readonly { readonly $ref: string }[];
  readonly examples: readonly {
    readonly name: string;
    readonly params: readonly { readonly name: string; readonly value: unknown }[];
    readonly result?: { readonly value: unknown };
  }[];
  readonly "x-scope": "public" | "inference" | "admin";
  readonly "x-rest"?: RestRow | readonly RestRow[];
  readonly "x-progress"?: Schema;
  readonly "x-billable"?: boolean;
  /** Unknown members of billable methods' params are kept (they go upstream), of others refused, unless this says otherwise. */
  readonly "x-unknown"?: "keep" | "refuse";
  readonly "x-idempotent"?: boolean;
  readonly "x-since": string;
}
export interface Document {
  readonly openrpc: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly methods: readonly Method[];
  readonly components: {
    readonly contentDescriptors: Readonly<Record<string, Param>>;
    readonly errors: Readonly<
      Record<string, { readonly code: number; readonly message: string; readonly data: { readonly kind: string } }>
    >;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
}

/** The parsed document; throws when it is not valid OpenRPC. */
export async function readDocument(path = join(ROOT, "openrpc.json")): Promise<Document> {
  const document = JSON.parse(await readFile(path, "utf8"));
  const verdict = validateOpenRPCDocument(structuredClone(document));
  if (verdict !== true) throw verdict;
  return document;
}

/** A method's params with references to components resolved. */
export function paramsOf(document: Document, method: Method): Param[] {
  return method.params.map((param) => {
    if (!("$ref" in param)) return param;
    const name = param.$ref.split("/").at(-1) ?? "";
    const found = document.components.contentDescriptors[name];
    if (!found) throw new Error(`${method.name}: ${param.$ref} does not exist`);
    return found;
  });
}

/** Methods that a client calls and gets an answer to; the rest are notifications. */
export function calls(document: Document): Method[] {
  return document.methods.filter((method) => method.result !== undefined);
}

/** One schema for all params of a method. Billable methods keep unknown members: they go upstream. */
export function paramsSchema(document: Document, method: Method): Schema {
  const params = paramsOf(document, method);
  return {
    type: "object",
    required: params.filter((param) => param.required).map((param) => param.name),
    properties: Object.fromEntries(params.map((param) => [param.name, param.schema])),
    additionalProperties: (method["x-unknown"] ?? (method["x-billable"] === true ? "keep" : "refuse")) === "keep",
  };
}

/** `chat.completions.create` → `ChatCompletionsCreate`. */
export function pascal(name: string): string {
  return name
    .split(/[.$/_-]+/)
    .filter(Boolean)
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join("");
}

/** A value as TypeScript source. */
export function literal(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/^(\s*)"([A-Za-z_$][\w$]*)":/gm, "$1$2:");
}
