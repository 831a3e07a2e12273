// The document as a judge: replies are checked against schemas compiled here, at test time, so that the generated code is
// not its own witness. Objects are closed unless their schema says otherwise, as in the generated types.

import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type Method, readDocument, type Schema } from "../../scripts/generate/document.ts";

const ROOT_ID = "document";

export const document = await readDocument();

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allowUnionTypes: true,
  discriminator: true,
  schemas: [{ $id: ROOT_ID, $defs: { schemas: prepared(document.components.schemas) } }],
});
const compiled = new Map<string, ValidateFunction>();

/** Asserts that a value is a result of the method. */
export function resultValidator(method: string): (value: unknown) => void {
  const schema = methodOf(method).result?.schema;
  assert.ok(schema, `${method} has no result`);
  return validator(`result of ${method}`, schema);
}

/** Asserts that a value may be streamed by the method. */
export function progressValidator(method: string): (value: unknown) => void {
  const schema = methodOf(method)["x-progress"];
  assert.ok(schema, `${method} does not stream`);
  return validator(`progress of ${method}`, schema);
}

/** Asserts that a value is an error of the catalogue as it goes over the wire. */
export function validateError(value: unknown): void {
  const { code, message, data } = value as { code: unknown; message: unknown; data: Record<string, unknown> };
  const row = Object.values(document.components.errors).find((error) => error.data.kind === data?.kind);
  assert.ok(row, `no error of the document has the kind ${JSON.stringify(data?.kind)}: ${JSON.stringify(value)}`);
  assert.equal(code, row.code, `the code of ${row.data.kind}`);
  assert.ok(typeof message === "string" && message !== "", "an error has a message");
  assert.equal(typeof data.retryable, "boolean", "an error says whether a retry can help");
}

export function methodOf(name: string): Method {
  const method = document.methods.find((each) => each.name === name);
  assert.ok(method, `the document has no method "${name}"`);
  return method;
}

function validator(name: string, schema: Schema): (value: unknown) => void {
  let check = compiled.get(name);
  if (!check) {
    check = ajv.compile(prepared(schema) as object);
    compiled.set(name, check);
  }
  const compiledCheck = check;
  return (value) => {
    assert.ok(compiledCheck(value), `${name}: ${ajv.errorsText(compiledCheck.errors)} in ${JSON.stringify(value)}`);
  };
}

/** References made absolute, objects closed. */
function prepared(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if (key === "$ref") return value.replace("#/components/", `${ROOT_ID}#/$defs/`);
    const closed = value?.properties && value.type === "object" && value.additionalProperties === undefined;
    return closed && !value.oneOf ? { ...value, additionalProperties: false } : value;
  });
}
