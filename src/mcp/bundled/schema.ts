// JSON Schemas of tool arguments, short to write. Each string, number and list is bounded, and no object takes members
// it doesn't name, so that what reaches a vendor is what its tool describes.

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

/** Members of an object by name. */
export type Properties = Readonly<Record<string, Schema>>;

/** Characters of a string that nothing else bounds. */
const MOST_TEXT = 2_048;

export function text(description: string, most = MOST_TEXT): Schema {
  return { type: "string", description, minLength: 1, maxLength: most };
}

/** `pattern` is anchored by its writer. */
export function matching(pattern: string, description: string, most = 64): Schema {
  return { ...text(description, most), pattern };
}

export function oneOf(description: string, ...values: readonly string[]): Schema {
  return { type: "string", description, enum: values };
}

export function flag(description: string): Schema {
  return { type: "boolean", description };
}

export function whole(description: string, minimum: number, maximum: number): Schema {
  return { type: "integer", description, minimum, maximum };
}

export function decimal(description: string, minimum: number, maximum: number): Schema {
  return { type: "number", description, minimum, maximum };
}

export function list(description: string, items: Schema, most: number): Schema {
  return { type: "array", description, items, minItems: 1, maxItems: most };
}

export function anyOf(description: string, ...schemas: readonly Schema[]): Schema {
  return { description, anyOf: schemas };
}

/** Members by any name that fits the pattern. */
export function map(description: string, pattern: string, members: Schema, most: number): Schema {
  const propertyNames = { pattern };
  return { type: "object", description, propertyNames, additionalProperties: members, maxProperties: most };
}

/** JSON that is passed on as it is; its size is bounded with that of the whole request. */
export function json(description: string): Schema {
  return { type: "object", description, maxProperties: 64 };
}

/**
 * The members in `required` are to be given. Rules between members are left to the vendor: models take no `anyOf`
 * or `not` at the top of a tool's schema.
 */
export function object(required: readonly string[], properties: Properties): Schema {
  return { type: "object", properties, required, additionalProperties: false };
}
