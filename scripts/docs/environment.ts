// docs/environment.md: every environment variable with its default and meaning, grouped as an operator looks for them.

import { VARIABLES } from "../../src/config/env.ts";
import { BUILT_IN } from "../../src/config/providers.ts";

type Name = keyof typeof VARIABLES;

/** Total over VARIABLES: `environmentPage` refuses a variable that stands in no group. */
const GROUPS: readonly [title: string, names: readonly Name[]][] = [
  ["Where it listens", ["HOST", "PORT", "SOCKET_PATH", "SOCKET_MODE", "SOCKET_GROUP", "LISTEN_FDS", "LISTEN_PID"]],
  ["Who may call", ["AUTH", "ADMIN_TOKEN", "HERO_SECRET", "ALLOWED_HOSTS", "CORS_ORIGINS", "TRUSTED_PROXIES"]],
  ["Models and routing", ["MODELS_CONFIG_PATH", "MCP_CONFIG_PATH", "ROUTING_STRATEGY", "UNKNOWN_PRICE"]],
  ["Files and log", ["DATA_DIR", "LEDGER_SYNC", "RETENTION_DAYS", "RESPONSE_DAYS", "LOG_LEVEL"]],
  [
    "Money and limits",
    ["GLOBAL_BUDGET", "IP_BUDGET", "RATE_LIMIT_RPM", "MAX_CONNECTIONS", "MAX_IN_FLIGHT", "DRAIN_TIMEOUT"],
  ],
  [
    "Retries",
    [
      "CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL",
      "CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL",
      "CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME",
      "CHAT_COMPLETIONS_BACKOFF_MULTIPLIER",
      "CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR",
    ],
  ],
  ["Traces", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME"]],
  ["On the way to providers", ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "USER_AGENT", "HTTP_REFERER", "X_TITLE"]],
];

/** Defaults that depend on the machine, in words. */
const IN_WORDS: Partial<Record<Name, string>> = {
  DATA_DIR: "the platform's data folder, on Linux `~/.local/share/aibroker`",
};

const HEAD = `# Environment

Written by \`node scripts/docs.ts\` from \`src/config/env.ts\`. Do not edit.

The broker reads its environment once, at start. A malformed value stops the start with one line that names the variable.
An empty value counts as not set, except that an empty \`SOCKET_PATH\` means: no socket. No \`.env\` file is read. Every
variable that is not secret is a flag of \`aibroker serve\` too: \`--drain-timeout 5s\` is \`DRAIN_TIMEOUT=5s\`, and the
flag wins. The variables of proxies are known in lower case too.

Durations take a unit (\`500ms\`, \`30s\`, \`2m\`, \`1h\`). A bare number counts seconds, and milliseconds in the
\`CHAT_COMPLETIONS_BACKOFF_*\` variables. Lists are separated by commas.
`;

const PROVIDERS = `## Providers

| variable | meaning |
|---|---|
| \`<PROVIDER>_API_KEY\`, \`<PROVIDER>_API_KEYS\` | one key, or a list of keys that share the load; both together make one pool |
| \`<PROVIDER>_BASE_URL\`, \`<PROVIDER>_API_BASE\` | another address: a proxy, a region, a local server |

\`<PROVIDER>\` is the provider's name in capitals, with \`_\` for \`-\`. A provider of your own in \`modelsconfig.yml\` reads
its variables in the same way. The built-in ones:

| provider | variables | address unless changed |
|---|---|---|
`;

export function environmentPage(): string {
  const grouped = new Set(GROUPS.flatMap(([, names]) => names));
  const forgotten = Object.keys(VARIABLES).filter((name) => !grouped.has(name as Name));
  if (forgotten.length > 0) throw new Error(`scripts/docs/environment.ts: put ${forgotten.join(", ")} into a group`);
  const sections = GROUPS.map(([title, names]) => {
    const rows = names.map((name) => `| \`${name}\` | ${defaultOf(name)} | ${cell(VARIABLES[name].help)} |`);
    return `## ${title}\n\n| variable | default | meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  const providers = Object.entries(BUILT_IN)
    .filter(([, { dialect }]) => dialect !== "embedded")
    .map(([name, { auth, base_url }]) => {
      const key = auth === "bearer" ? `\`${name.toUpperCase()}_API_KEY\`` : "no key needed";
      return `| ${name} | ${key} | ${base_url} |`;
    });
  return `${[HEAD, ...sections, PROVIDERS].join("\n").trimEnd()}\n${providers.join("\n")}\n`;
}

function defaultOf(name: Name): string {
  const { default: value } = VARIABLES[name];
  return IN_WORDS[name] ?? (value === undefined || value === "" ? "" : `\`${value}\``);
}

/** Pipes would end a cell. */
function cell(text: string): string {
  const sentence = `${text[0]?.toUpperCase()}${text.slice(1)}`;
  return sentence.replaceAll("|", "\\|").replace(/ \*( |$)/g, " `*`$1");
}
