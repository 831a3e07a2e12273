// Walks over JSON Schemas and references, for the lint.

export type Keywords = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Keywords whose value is a schema, a list of schemas, or a map of schemas. */
const SCHEMA = ["items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"];
const LISTS = ["oneOf", "anyOf", "allOf", "prefixItems"];
const MAPS = ["properties", "patternProperties", "$defs", "dependentSchemas"];
/** Schemas there only narrow what their parent has bounded. */
const NARROWING = new Set(["if", "then", "else", "not", "propertyNames"]);

/** A schema and all schemas inside it, references not followed; conditions are left out, since they bound nothing. */
export function* subschemas(schema: unknown, at: string): Generator<{ at: string; schema: Keywords }> {
  if (!isRecord(schema)) return;
  yield { at, schema };
  for (const key of SCHEMA) if (!NARROWING.has(key)) yield* subschemas(schema[key], `${at}/${key}`);
  for (const key of LISTS) {
    for (const [index, each] of ((schema[key] as unknown[] | undefined) ?? []).entries()) {
      yield* subschemas(each, `${at}/${key}/${index}`);
    }
  }
  for (const key of MAPS) {
    for (const [name, each] of Object.entries((schema[key] as Keywords | undefined) ?? {})) {
      yield* subschemas(each, `${at}/${name}`);
    }
  }
}

/** Every `$ref` in a value, at any depth. Examples hold plain data and are passed over. */
export function* refsOf(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === "$ref" && typeof each === "string") yield each;
    else if (key !== "examples") yield* refsOf(each);
  }
}

/** What a local reference points to. */
export function resolve(document: unknown, ref: string): unknown {
  if (!ref.startsWith("#/")) return undefined;
  return ref
    .slice(2)
    .split("/")
    .reduce<unknown>((node, step) => (isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined), document);
}
