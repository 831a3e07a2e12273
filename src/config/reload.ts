// All configuration files read again at once: either every one of them is in force afterwards, or none.

import type { ReloadDiff } from "../generated/types.ts";
import type { McpServersConfig } from "./mcp.ts";
import type { Models } from "./models.ts";

/** Throws `config_invalid` of the first faulty file. */
export function reloadAll({ models, mcp }: { readonly models: Models; readonly mcp: McpServersConfig }): ReloadDiff {
  const putInForce = mcp.read();
  const diff = models.reload();
  putInForce();
  return diff;
}
