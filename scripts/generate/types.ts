// src/generated/types.ts: one type per component schema, params and result of every method, error kinds.

import { compile } from "json-schema-to-typescript";
import { calls, type Document, paramsSchema, pascal, type Schema } from "./document.ts";

export async function typesSource(document: Document): Promise<string> {
  const definitions: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(document.components.schemas)) definitions[name] = tidy(schema);
  for (const method of calls(document)) {
    definitions[`${pascal(method.name)}Params`] = tidy({
      ...paramsSchema(document, method),
      title: `${pascal(method.name)}Params`,
    });
  }
  const root = JSON.parse(
    JSON.stringify({ title: "Root", type: "object", additionalProperties: false, $defs: definitions }).replaceAll(
      "#/components/schemas/",
      "#/$defs/",
    ),
  );
  const declarations = await compile(root, "Root", {
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    bannerComment: "",
    format: false,
  });
  return `${declarations.replace(/^export interface Root \{\}\n/m, "")}\n${methodTypes(document)}`;
}

/** TypeScript has no conditional schemas; they stay the validators' business. */
function tidy(schema: unknown): Schema {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key === "if" || key === "then" || key === "else" || key === "discriminator" ? undefined : value,
    ),
  );
}

function methodTypes(document: Document): string {
  const rows = calls(document).map((method) => {
    const result = typeOf(method.result?.schema);
    const progress = method["x-progress"] ? typeOf(method["x-progress"]) : "never";
    return `  ${JSON.stringify(method.name)}: { params: ${pascal(method.name)}Params; result: ${result}; progress: ${progress} };`;
  });
  const kinds = Object.values(document.components.errors).map((error) => JSON.stringify(error.data.kind));
  return [
    "/** Every method of the document: what it takes, gives and streams. */",
    "export interface Methods {",
    ...rows,
    "}",
    "export type MethodName = keyof Methods;",
    "",
    "/** The closed set of error kinds, `data.kind` on the wire. */",
    `export type ErrorKind = ${kinds.join(" | ")};`,
    "",
  ].join("\n");
}

function typeOf(schema: Schema | undefined): string {
  const ref = schema?.$ref;
  if (typeof ref !== "string") throw new Error("results and progress values are named by $ref");
  return ref.split("/").at(-1) ?? "";
}
