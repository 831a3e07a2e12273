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
