// src/generated/validators.js: ajv's stand-alone code for the params of every method and for the configuration file,
// so that start-up compiles nothing. Lengths count UTF-16 units: bounds guard memory, not typography.

import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { calls, type Document, paramsSchema, pascal, type Schema } from "./document.ts";

const ROOT_ID = "openrpc.json";

export function validatorsSource(document: Document): string {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
    discriminator: true,
    unicode: false,
    logger: false, // it calls `unicode` deprecated
    code: { source: true, esm: true },
    schemas: [{ $id: ROOT_ID, $defs: { schemas: JSON.parse(absolute(document.components.schemas)) } }],
  });
  ajv.addVocabulary(["tsType"]); // for the types alone
  const names: Record<string, string> = {};
  for (const [name, schema] of Object.entries(validated(document))) {
    ajv.addSchema({ ...JSON.parse(absolute(schema)), $id: name });
    names[name] = name;
  }
  const code = (standalone.default as (ajv: Ajv2020, names: Record<string, string>) => string)(ajv, names);
  const imports: string[] = [];
  const body = code.replace(/const (\w+) = require\("([^"]+)"\)\.default;/g, (_, variable, module) => {
    imports.push(`import ${variable}Module from "${module}.js";\nconst ${variable} = ${variable}Module.default;`);
    return "";
  });
  const table = calls(document).map((method) => `  ${JSON.stringify(method.name)}: ${pascal(method.name)}Params,`);
  return [
    ...imports,
    body.replace('"use strict";', ""),
    "/** Params validators by method name. */",
    `export const PARAMS = {\n${table.join("\n")}\n};`,
    "",
  ].join("\n");
}

/** Params by method, and the schemas that are validated by name. Results are validated by the tests only. */
function validated(document: Document): Record<string, Schema> {
  const schemas: Record<string, Schema> = {
    ModelsConfig: { $ref: "#/components/schemas/ModelsConfig" },
    McpConfig: { $ref: "#/components/schemas/McpConfig" },
  };
  for (const method of calls(document)) schemas[`${pascal(method.name)}Params`] = paramsSchema(document, method);
  return schemas;
}

function absolute(schema: unknown): string {
  return JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${ROOT_ID}#/$defs/schemas/`);
}

/** Its declarations; plain JavaScript loads without type stripping, and there is a lot of it. */
export const VALIDATORS_TYPES = `/** One fault of a value, as ajv reports it. */
export interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly Fault[] | null;
}
export const ModelsConfig: Validator;
export const McpConfig: Validator;
/** Params validators by method name. */
export const PARAMS: Readonly<Record<string, Validator>>;
`;
