// The command line: a command and flags that mirror the environment (`--drain-timeout 5s` is DRAIN_TIMEOUT=5s). A flag
// wins over its variable. Secrets have no flag: arguments are visible to every process of the machine.

import { parseArgs } from "node:util";
import { BrokerError } from "../core/errors.ts";
import { VARIABLES, type Vars } from "./env.ts";

export type CommandLine =
  | { readonly command: "serve" | "mcp"; readonly vars: Vars }
  | { readonly command: "mcp-server"; readonly server: string; readonly vars: Vars }
  | { readonly command: "help" | "version" };

const FLAGS = Object.entries<{ readonly help: string; readonly default: string | undefined; readonly secret?: true }>(
  VARIABLES,
)
  .filter(([name, { secret }]) => !secret && !name.startsWith("LISTEN_"))
  .map(([name, row]) => ({ name, flag: name.toLowerCase().replaceAll("_", "-"), ...row }));

/** Throws `config_invalid` for an unknown command or flag. */
export function parseCommandLine(args: readonly string[], vars: Vars): CommandLine {
  const options = Object.fromEntries(FLAGS.map(({ flag }) => [flag, { type: "string" as const }]));
  const { values, positionals } = parse(args, {
    ...options,
    help: { type: "boolean", short: "h" },
    version: { type: "boolean", short: "v" },
  });
  if (values.help || positionals[0] === "help") return { command: "help" };
  if (values.version) return { command: "version" };
  if (positionals[0] === "mcp-server") return bundledServer(positionals.slice(1), vars);
  const [command = "serve", extra] = positionals;
  if ((command !== "serve" && command !== "mcp") || extra !== undefined) {
    throw new BrokerError("config_invalid", `unknown command "${extra ?? command}": try aibroker --help`);
  }
  const given = FLAGS.filter(({ flag }) => typeof values[flag] === "string");
  return {
    command,
    vars: { ...vars, ...Object.fromEntries(given.map(({ name, flag }) => [name, values[flag] as string])) },
  };
}

function bundledServer([server, ...rest]: readonly string[], vars: Vars): CommandLine {
  if (server !== undefined && rest.length === 0) return { command: "mcp-server", server, vars };
  throw new BrokerError("config_invalid", "mcp-server takes one name: try aibroker --help");
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

function parse(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split(". ")[0] : String(cause);
    throw new BrokerError("config_invalid", `${reason}: try aibroker --help`);
  }
}

/** The text of `aibroker --help`. */
export function usage(): string {
  const rows = FLAGS.map(({ flag, help, default: value }) => {
    const preset = value === undefined || value === "" ? "" : ` (default ${value})`;
    return `  --${flag.padEnd(46)} ${help}${preset}`;
  });
  return [
    "aibroker serve [flags]      run the broker",
    "aibroker mcp [flags]        be an MCP server on standard input and output, listening nowhere",
    "aibroker mcp-server <name>  be an MCP server on stdin and stdout: serper, serpapi, exa, scraperapi, scrapfly or ping;",
    "                            <NAME>_API_KEY is its key, <NAME>_BASE_URL and <NAME>_TIMEOUT where and how long it asks",
    "aibroker --version          print the version",
    "",
    "Each flag is an environment variable too: --drain-timeout is DRAIN_TIMEOUT. Only in the environment: ADMIN_TOKEN,",
    "HERO_SECRET and <PROVIDER>_API_KEY, <PROVIDER>_API_KEYS, <PROVIDER>_BASE_URL of every provider (OPENAI_API_KEY ...).",
    "",
    ...rows,
    "",
  ].join("\n");
}
