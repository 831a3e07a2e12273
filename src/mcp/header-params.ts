// Arguments that a tool's schema wants repeated in headers (`x-mcp-header`), so that what stands between client and server
// can route by them. They are primitive, by paths of plain properties, each header once; a schema that says otherwise makes
// the tool one that must not be used over HTTP.

import { isObject } from "../core/json-object.ts";

export interface HeaderParam {
  /** What follows `Mcp-Param-`. */
  readonly header: string;
  /** Names of the properties down to it. */
  readonly path: readonly string[];
}

type Member = Readonly<Record<string, unknown>>;

const MARK = "x-mcp-header";
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const PRIMITIVE: ReadonlySet<unknown> = new Set(["string", "integer", "boolean"]);
/** Their members are schemas by name. */
const NAMED: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "dependentSchemas",
]);
/** Values, not schemas. */
const DATA: ReadonlySet<string> = new Set(["default", "const", "enum", "examples"]);
const DEEPEST = 64;
const NONE: readonly HeaderParam[] = [];

const known = new WeakMap<object, readonly HeaderParam[] | "broken">();

/** `undefined`: the schema breaks the rules. Remembered by the schema's identity. */
export function headerParams(schema: unknown): readonly HeaderParam[] | undefined {
  if (!isObject(schema)) return NONE;
  let found = known.get(schema);
  if (found === undefined) {
    found = read(schema);
    known.set(schema, found);
  }
  return found === "broken" ? undefined : found;
}

/** Header lines for a call; arguments that are missing or null have none. */
export function paramHeaders(schema: unknown, args: Member): Readonly<Record<string, string>> | undefined {
  const params = headerParams(schema);
  if (params === undefined || params.length === 0) return undefined;
  const headers: Record<string, string> = {};
  for (const { header, path } of params) {
    const value = valueAt(args, path);
    if (value !== undefined && value !== null) headers[`Mcp-Param-${header}`] = encoded(String(value));
  }
  return headers;
}

export function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** What a header can't hold as it is goes as base64, marked as such. */
function encoded(text: string): string {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) || text === "";
  return plain && !/^=\?base64\?.*\?=$/.test(text) ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;
}

function read(schema: Member): readonly HeaderParam[] | "broken" {
  const found: HeaderParam[] = [];
  collect(schema, [], found);
  const names = new Set(found.map(({ header }) => header.toLowerCase()));
  const good = found.every(({ header }) => TOKEN.test(header));
  return good && names.size === found.length && marks(schema, 0) === found.length ? found : "broken";
}

/** Those that are where they may be, and of a type that they may have. */
function collect({ properties }: Member, path: readonly string[], found: HeaderParam[]): void {
  if (!isObject(properties) || path.length > DEEPEST) return;
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    const { [MARK]: header, type } = property;
    const here = [...path, name];
    if (typeof header === "string" && PRIMITIVE.has(type)) found.push({ header, path: here });
    collect(property, here, found);
  }
}

/** All there are, wherever they are. */
function marks(schema: unknown, depth: number): number {
  if (depth > DEEPEST) return 0;
  if (Array.isArray(schema)) return schema.reduce((sum: number, each) => sum + marks(each, depth + 1), 0);
  if (!isObject(schema)) return 0;
  let sum = Object.hasOwn(schema, MARK) ? 1 : 0;
  for (const [key, value] of Object.entries(schema)) {
    if (DATA.has(key)) continue;
    if (NAMED.has(key) && isObject(value)) for (const each of Object.values(value)) sum += marks(each, depth + 1);
    else sum += marks(value, depth + 1);
  }
  return sum;
}
