// Reads the file that MCP_CONFIG_PATH names, in the list form or in the map form of desktop clients, checked against
// `#/components/schemas/McpConfig` and for what a schema can't say. What depends on environment variables is not known
// here: mcp-settings.ts tells those faults, of one server at a time.

import { serverSlug } from "../core/mcp-names.ts";
import type { McpConfig, McpServerConfig } from "../generated/types.ts";
import { McpConfig as validator } from "../generated/validators.js";
import { type Blame, parseConfig, readText } from "./config-file.ts";
import { urlFault } from "./mcp-settings.ts";

/** A server of the file, under the name that it has here. */
export interface Entry {
  readonly slug: string;
  readonly config: McpServerConfig;
}

/** Throws `config_invalid`. */
export function readMcpFile(path: string): readonly Entry[] {
  return parseMcp(readText(path, "set MCP_CONFIG_PATH to a file with mcpServers"), path);
}

/** `path` is only for messages. */
export function parseMcp(source: string, path: string): readonly Entry[] {
  const { value, blame } = parseConfig(source, path, validator);
  const { mcpServers } = value as McpConfig;
  const named = Array.isArray(mcpServers)
    ? mcpServers.map((config, index) => ({ name: config.name, config, steps: ["mcpServers", String(index)] }))
    : Object.entries(mcpServers).map(([name, config]) => ({ name, config, steps: ["mcpServers", name] }));
  const slugs = new Map<string, string>();
  return named.map(({ name, config, steps }) => {
    if (name === undefined || name === "") throw blame(steps, "needs a name");
    checkForm(config, steps, blame);
    const slug = serverSlug(name);
    const other = slugs.get(slug);
    if (other !== undefined) throw blame(steps, `"${name}" and "${other}" are one name, ${slug}: rename one`);
    slugs.set(slug, name);
    return { slug, config };
  });
}

function checkForm(config: McpServerConfig, steps: readonly string[], blame: Blame): void {
  const { command, url, headers = {}, env = {}, transport, type } = config;
  if ((command === undefined) === (url === undefined)) throw blame(steps, "needs a command or a url, and not both");
  if (transport !== undefined && type !== undefined && transport !== type) {
    throw blame([...steps, "type"], "says something else than transport");
  }
  const given = transport ?? type;
  const said = transport === undefined ? "type" : "transport";
  if (given !== undefined && (given === "stdio") !== (command !== undefined)) {
    throw blame([...steps, said], given === "stdio" ? "stdio needs a command" : `${given} needs a url`);
  }
  // One with a variable in it is looked at once its value is known.
  const fault = url === undefined || url.includes("${") ? undefined : urlFault(url);
  if (fault !== undefined) throw blame([...steps, "url"], fault);
  for (const name of Object.keys(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw blame([...steps, "headers", name], "is no name of a header");
  }
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) throw blame([...steps, "env", name], "is no name of a variable");
  }
}
