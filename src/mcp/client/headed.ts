// In the newer era a tool's schema may say that arguments go into headers of the request as well; the SDK does that for the
// tools that it knows. Found out once for each tool.

import type { McpTool } from "../../generated/types.ts";
import type { Headed } from "./connection.ts";

/** What the SDK has to know of the tool, if anything. */
export function createHeaded(): (tool: McpTool) => Headed | undefined {
  const known = new WeakMap<object, Headed | undefined>();
  return ({ tool, inputSchema }) => {
    if (!known.has(inputSchema)) {
      const has = JSON.stringify(inputSchema).includes('"x-mcp-header"');
      known.set(inputSchema, has ? { name: tool, inputSchema: { ...inputSchema, type: "object" } } : undefined);
    }
    return known.get(inputSchema);
  };
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: readonly unknown[] = ["string", "integer", "boolean"];
/** What stands below these is data and no schema. */
const DATA = ["const", "enum", "default", "examples"];

/**
 * Whether what a schema says of headers makes sense: names that headers can have, each once, on plain values that are
 * reached by `properties` alone. In the newer era a tool for which it doesn't is not to be called.
 */
export function headsAreValid(schema: object): boolean {
  if (!JSON.stringify(schema).includes('"x-mcp-header"')) return true;
  const names = new Set<string>();
  const valid = (at: unknown, reached: boolean): boolean => {
    if (typeof at !== "object" || at === null) return true;
    const { "x-mcp-header": name, properties, type, ...rest } = at as Record<string, unknown>;
    if (name !== undefined) {
      if (!reached || typeof name !== "string" || !NAME.test(name) || !TYPES.includes(type)) return false;
      if (names.has(name.toLowerCase())) return false;
      names.add(name.toLowerCase());
    }
    return (
      Object.values(properties ?? {}).every((child) => valid(child, reached)) &&
      Object.entries(rest).every(([key, child]) => DATA.includes(key) || valid(child, false))
    );
  };
  return valid(schema, true);
}
