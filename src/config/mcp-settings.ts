// Fills the environment's variables into the configuration of an MCP server: `${NAME}`, or `${NAME:-value}` with a default.
// A variable that is not set, or a value that can't stand where it is put, is a fault of that server alone.

import type { McpServerSettings, McpTransport } from "../core/mcp-server.ts";
import { fromUsd, type NanoUsd } from "../core/money.ts";
import type { McpServerConfig } from "../generated/types.ts";

export type Lookup = (name: string) => string | undefined;

const CONNECT_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 60_000;
const MAX_RESULT_BYTES = 4 * 1024 * 1024;
/** Shorter values would be found by accident in words that are no secret. */
const SHORTEST_SECRET = 6;

export function settingsOf(slug: string, config: McpServerConfig, lookup: Lookup): McpServerSettings {
  const fill = new Filling(lookup);
  const command = fill.text(config.command ?? "");
  const args = (config.args ?? []).map((arg) => fill.text(arg));
  const url = fill.text(config.url ?? "");
  const env = fill.secrets(config.env ?? {});
  const headers = fill.secrets(config.headers ?? {});
  const fault = fill.fault ?? (config.url === undefined ? undefined : urlFault(url)) ?? headerFault(headers);
  return {
    name: slug,
    ...transportOf(config),
    ...{ command, args, env, url, headers },
    cwd: config.cwd,
    disabled: config.disabled ?? false,
    shared: config.shared ?? false,
    allowTools: config.allow_tools,
    denyTools: config.deny_tools ?? [],
    cost: fromUsd(config.cost ?? 0),
    toolCosts: costsOf(config.tool_costs ?? {}),
    connectTimeoutMs: config.connect_timeout_ms ?? CONNECT_TIMEOUT_MS,
    timeoutMs: config.timeout_ms ?? TIMEOUT_MS,
    maxResultBytes: config.max_result_bytes ?? MAX_RESULT_BYTES,
    allowPrivateRedirects: config.allow_private_redirects ?? false,
    fault,
    secrets: longestFirst([...fill.found, ...queryValues(url)]),
  };
}

/** What is wrong with a URL; never with its text, which may hold a secret. */
export function urlFault(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return "must be an http or https URL";
  return url.username || url.password ? "must have no credentials: use headers" : undefined;
}

function headerFault(headers: Readonly<Record<string, string>>): string | undefined {
  const faulty = Object.keys(headers).find((name) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(headers[name] ?? ""));
  return faulty === undefined ? undefined : `the header ${faulty} has a character that no header has`;
}

function transportOf({ transport, type, command }: McpServerConfig): { transport: McpTransport; guessed: boolean } {
  const given = transport ?? type;
  if (command !== undefined) return { transport: "stdio", guessed: false };
  return { transport: given === "sse" ? "sse" : "http", guessed: given === undefined };
}

function costsOf(usd: Readonly<Record<string, number>>): Record<string, NanoUsd> {
  return Object.fromEntries(Object.entries(usd).map(([tool, cost]) => [tool, fromUsd(cost)]));
}

function queryValues(url: string): string[] {
  const values = [...(URL.parse(url)?.searchParams.values() ?? [])];
  return values.flatMap((value) => [value, encodeURIComponent(value)]).filter(isLong);
}

function isLong(text: string): boolean {
  return text.length >= SHORTEST_SECRET;
}

/** So that no secret is left in part because another one is a part of it. */
function longestFirst(secrets: readonly string[]): string[] {
  return [...new Set(secrets)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

class Filling {
  /** Values that are secret. */
  readonly found: string[] = [];
  fault: string | undefined;
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  text(source: string): string {
    return source.replaceAll(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, name: string, preset: string | undefined) => {
      const set = this.#lookup(name);
      const value = set === undefined || (set === "" && preset !== undefined) ? preset : set;
      if (value === undefined) this.fault ??= `the variable ${name} is not set`;
      else if (isLong(value)) this.found.push(value);
      return value ?? "";
    });
  }

  /** All values are secret, and their words: `Bearer x` is not to be told as `x` either. */
  secrets(members: Readonly<Record<string, string>>): Record<string, string> {
    const filled = Object.entries(members).map(([name, source]) => [name, this.text(source)] as const);
    this.found.push(...filled.flatMap(([, value]) => [value, ...value.split(/\s+/)]).filter(isLong));
    return Object.fromEntries(filled);
  }
}
