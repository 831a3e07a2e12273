// Every environment variable of the broker, in one table: name, parser, default, meaning. The command line's flags are the
// same table (`--drain-timeout` is DRAIN_TIMEOUT). Read once, as data; a malformed value stops the start with one line.

import { homedir } from "node:os";
import { join } from "node:path";
import { BrokerError } from "../core/errors.ts";
import { mask, Secret } from "../core/secret.ts";
import {
  apiKeys,
  budget,
  decimal,
  duration,
  headerText,
  httpUrl,
  integer,
  list,
  Malformed,
  mode,
  oneOf,
  proxyUrl,
  text,
} from "./units.ts";

export type Vars = Readonly<Record<string, string | undefined>>;

interface Variable<T> {
  readonly parse: (value: string) => T;
  readonly default: string | undefined;
  readonly help: string;
  readonly secret?: true;
  /** Known in lower case too, as to other programs. */
  readonly lower?: true;
}

function variable<T>(parse: (value: string) => T, value: string, help: string): Variable<T> & { default: string } {
  return { parse, default: value, help };
}

function optional<T>(parse: (value: string) => T, help: string): Variable<T | undefined> {
  return { parse, default: undefined, help };
}

function secret(help: string): Variable<Secret | undefined> {
  return { parse: (value) => new Secret(value), default: undefined, help, secret: true };
}

function proxy(help: string): Variable<Secret | undefined> {
  return { parse: proxyUrl, default: undefined, help, secret: true, lower: true };
}

export const VARIABLES = {
  HOST: variable(text, "127.0.0.1", "address to listen on"),
  PORT: variable(
    integer(0, 65535),
    "3385",
    "TCP port; with SOCKET_PATH set and no PORT the socket alone is listened on",
  ),
  SOCKET_PATH: optional(text, "Unix socket; default aibroker.sock in DATA_DIR, empty for none"),
  SOCKET_MODE: variable(mode, "0600", "file mode of the Unix socket; whoever can open it with 0600 is admin"),
  SOCKET_GROUP: optional(text, "group of the Unix socket"),
  AUTH: optional(
    oneOf("optional", "required"),
    "may callers of this machine go without credential; default optional when HOST is loopback",
  ),
  ADMIN_TOKEN: secret("bearer token of the administrator"),
  HERO_SECRET: secret("secret of JWTs (HS256) that act as admin or for inference, as their scope claim says"),
  ROUTING_STRATEGY: variable(
    oneOf("cheapest", "best", "fastest", "balanced", "priority"),
    "cheapest",
    "how `auto` chooses a model",
  ),
  UNKNOWN_PRICE: variable(
    oneOf("flag", "deny"),
    "flag",
    "models without a known price: serve and mark them, or refuse",
  ),
  GLOBAL_BUDGET: optional(budget, "USD that all calls together may spend, for example 100/month"),
  IP_BUDGET: optional(budget, "USD that calls from one address may spend, for example 5/day"),
  RATE_LIMIT_RPM: optional(
    integer(1, 1_000_000_000),
    "requests a minute from one address (IPv6: one /64), administrators excepted",
  ),
  MODELS_CONFIG_PATH: optional(
    text,
    "models, providers and prices; default modelsconfig.yml here, else the one shipped",
  ),
  MCP_CONFIG_PATH: optional(text, "MCP servers behind the broker (JSON or YAML with mcpServers); none unless set"),
  DATA_DIR: variable(text, dataFolder(), "folder of requests.db, the cookie and the socket"),
  RETENTION_DAYS: optional(integer(1, 36_500), "days for which rows of the request log are kept; default for ever"),
  RESPONSE_DAYS: variable(integer(0, 3650), "30", "days for which responses that say so are kept; 0 keeps none"),
  LEDGER_SYNC: variable(oneOf("NORMAL", "FULL"), "NORMAL", "FULL keeps finished rows through power loss too"),
  LOG_LEVEL: variable(
    oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    "info",
    "log lines on standard error",
  ),
  DRAIN_TIMEOUT: variable(duration(), "30s", "time for calls under way after SIGTERM or SIGINT"),
  MAX_CONNECTIONS: variable(integer(1, 1_000_000), "10000", "open connections"),
  MAX_IN_FLIGHT: variable(integer(1, 1_000_000), "4096", "billable calls at once"),
  CORS_ORIGINS: variable(list, "", "browser origins that may call, comma-separated; * for any"),
  ALLOWED_HOSTS: variable(list, "", "host names besides localhost that a loopback listener answers to"),
  TRUSTED_PROXIES: variable(list, "", "addresses whose X-Forwarded-For is believed"),
  CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL: variable(duration("ms"), "100", "first wait between rounds of tries, ms"),
  CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL: variable(duration("ms"), "1000", "longest wait, ms"),
  CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME: variable(duration("ms"), "40000", "time after which no round begins, ms"),
  CHAT_COMPLETIONS_BACKOFF_MULTIPLIER: variable(decimal(1, 100), "1.5", "growth of the wait"),
  CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR: variable(decimal(0, 1), "0.5", "how far a wait strays"),
  USER_AGENT: optional(headerText, "sent to providers"),
  HTTP_REFERER: optional(headerText, "sent to providers"),
  X_TITLE: optional(headerText, "sent to providers"),
  HTTPS_PROXY: proxy("URL of the proxy to providers and MCP servers at https addresses; default HTTP_PROXY"),
  HTTP_PROXY: proxy("URL of the proxy to those at http addresses; localhost, 127.0.0.1 and ::1 are reached without"),
  NO_PROXY: {
    ...variable(list, "", "hosts that are reached without a proxy, subdomains too; `*` for all"),
    lower: true,
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(httpUrl, "where traces go (OTLP over HTTP); none unless set"),
  OTEL_SERVICE_NAME: variable(text, "aibroker", "name of this service in traces"),
  LISTEN_FDS: optional(integer(0, 64), "sockets inherited from systemd"),
  LISTEN_PID: optional(integer(0, 2 ** 31), "process they are meant for"),
} as const;

type VariableName = keyof typeof VARIABLES;

/** The environment as data: each variable parsed, and the provider variables by provider. */
export type Env = {
  readonly [N in VariableName]: (typeof VARIABLES)[N] extends { readonly default: string }
    ? ReturnType<(typeof VARIABLES)[N]["parse"]>
    : ReturnType<(typeof VARIABLES)[N]["parse"]> | undefined;
} & {
  /** What is set and differs from nothing, secrets masked. */
  readonly shown: Readonly<Record<string, string>>;
  /** What programs that the broker starts are given of the environment: where things are, and nothing secret. */
  readonly programs: Readonly<Record<string, string>>;
  /** Any variable, for configuration files that name it. */
  lookup(name: string): string | undefined;
  /** Whether the variable was given at all. */
  given(name: VariableName): boolean;
  /** `<NAME>_API_KEY(S)` and `<NAME>_BASE_URL` of a provider. */
  provider(name: string): ProviderVars;
};

export interface ProviderVars {
  readonly keys: readonly Secret[];
  readonly baseUrl: string | undefined;
  /** The variable that gives a key, for messages. */
  readonly keyVariable: string;
}

/** Throws `config_invalid`: which variable, what is wrong, what is expected. */
export function readEnv(vars: Vars): Env {
  const values: Record<string, unknown> = {};
  const shown: Record<string, string> = {};
  for (const [name, row] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const value = vars[name] || (row.lower ? vars[name.toLowerCase()] : vars[name]);
    const source = value === undefined || value === "" ? row.default : value;
    values[name] = source === undefined ? undefined : parse(name, source, row.parse);
    if (value !== undefined && value !== "") shown[name] = row.secret ? mask(value) : value;
  }
  // An empty SOCKET_PATH says: none. It differs from a missing one.
  if (vars.SOCKET_PATH === "") values.SOCKET_PATH = "";
  return {
    ...values,
    shown,
    programs: programVars(vars),
    lookup: (name: string) => (Object.hasOwn(vars, name) ? vars[name] : undefined),
    given: (name: VariableName) => vars[name] !== undefined && vars[name] !== "",
    provider: (name: string) => providerVars(vars, name, shown),
  } as Env;
}

const OF_PROGRAMS = [
  ...["PATH", "HOME", "TMPDIR", "LANG"],
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP"], // Windows does nothing without them
  ...["APPDATA", "LOCALAPPDATA", "USERPROFILE", "PROGRAMFILES"],
];

function programVars(vars: Vars): Record<string, string> {
  const set = OF_PROGRAMS.flatMap((name) => (vars[name] === undefined ? [] : [[name, vars[name]] as const]));
  return Object.fromEntries(set);
}

function providerVars(vars: Vars, name: string, shown: Record<string, string>): ProviderVars {
  const prefix = name.toUpperCase().replaceAll("-", "_");
  const keyVariable = `${prefix}_API_KEY`;
  const keys = [`${keyVariable}S`, keyVariable].flatMap((each) => parse(each, vars[each] ?? "", apiKeys));
  if (keys.length > 0) shown[keyVariable] = keys.map(mask).join(",");
  const urlVariable = [`${prefix}_BASE_URL`, `${prefix}_API_BASE`].find((each) => vars[each]);
  const baseUrl = urlVariable && parse(urlVariable, vars[urlVariable] ?? "", httpUrl);
  if (urlVariable && baseUrl) shown[urlVariable] = baseUrl;
  return { keys: [...new Set(keys)].map((key) => new Secret(key)), baseUrl: baseUrl || undefined, keyVariable };
}

function parse<T>(name: string, value: string, parser: (value: string) => T): T {
  try {
    return parser(value);
  } catch (cause) {
    if (cause instanceof Malformed) throw malformed(name, cause.message);
    throw cause;
  }
}

function malformed(name: string, reason: string): BrokerError {
  return new BrokerError("config_invalid", `${name} ${reason}`, { param: name });
}

/** Where the platform keeps a program's data. */
function dataFolder(): string {
  if (process.platform === "darwin") return join(homedir(), "Library/Application Support/aibroker");
  if (process.platform === "win32") return join(process.env.LOCALAPPDATA ?? homedir(), "aibroker");
  return join(process.env.XDG_DATA_HOME || join(homedir(), ".local/share"), "aibroker");
}
