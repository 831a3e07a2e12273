// One MCP server as it is configured, with names, defaults and environment variables filled in: plain data, so that two of
// them are the same server if and only if they are deeply equal.

import type { NanoUsd } from "./money.ts";

export type McpTransport = "stdio" | "http" | "sse";

export interface McpServerSettings {
  /** As `serverSlug` gives it. */
  readonly name: string;
  readonly transport: McpTransport;
  /** The transport was not given: where http is refused, sse is tried. */
  readonly guessed: boolean;
  readonly command: string;
  readonly args: readonly string[];
  /** All that the program is given, but for PATH and the like. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly disabled: boolean;
  /** One connection for all callers. */
  readonly shared: boolean;
  /** Patterns of the server's own tool names; `undefined`: all. */
  readonly allowTools: readonly string[] | undefined;
  readonly denyTools: readonly string[];
  /** Of one call. */
  readonly cost: NanoUsd;
  readonly toolCosts: Readonly<Record<string, NanoUsd>>;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  readonly allowPrivateRedirects: boolean;
  /** Why it can't be used, for example a variable that is not set. */
  readonly fault: string | undefined;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** Takes what is secret out of a text that others wrote. */
export function masked(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    shown = shown.replaceAll(secret, "…");
    const inJson = JSON.stringify(secret).slice(1, -1);
    if (inJson !== secret) shown = shown.replaceAll(inJson, "…");
  }
  return shown;
}
