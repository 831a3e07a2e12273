// A pool of MCP servers for tests, closed after the test, and what a call needs.

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { settingsOf } from "../../../src/config/mcp-settings.ts";
import { BrokerError } from "../../../src/core/errors.ts";
import type { McpServerSettings } from "../../../src/core/mcp-server.ts";
import type { Peer, ToolOrder } from "../../../src/core/tool.ts";
import type { McpProgress, McpServerConfig } from "../../../src/generated/types.ts";
import { createServerPool, type ServerPool, type ServerPoolDeps } from "../../../src/mcp/client/pool.ts";

export interface House {
  readonly pool: ServerPool;
  /** Lines of the log. */
  readonly log: string[];
  apply(servers: Readonly<Record<string, McpServerConfig>>): void;
}

export function openHouse(
  t: TestContext,
  servers: Readonly<Record<string, McpServerConfig>>,
  deps: Partial<ServerPoolDeps> = {},
): House {
  const log: string[] = [];
  const line = (facts: object, message: string): void => {
    log.push(`${JSON.stringify(facts)} ${message}`);
  };
  const pool = createServerPool({
    environment: { PATH: process.env.PATH ?? "" },
    now: Date.now,
    ticks: () => performance.now(),
    random: () => 0,
    log: { info: line, warn: line },
    ...deps,
  });
  t.after(() => pool.close());
  const apply: House["apply"] = (next) => pool.apply(settingsFor(next));
  apply(servers);
  return { pool, log, apply };
}

export function settingsFor(servers: Readonly<Record<string, McpServerConfig>>): McpServerSettings[] {
  return Object.entries(servers).map(([name, config]) => settingsOf(name, config, (variable) => VARS[variable]));
}

export const VARS: Record<string, string | undefined> = {};

export interface Ordered extends ToolOrder {
  readonly progress: McpProgress[];
  readonly controller: AbortController;
}

export function orderFor(owner: string, peer?: Peer): Ordered {
  const controller = new AbortController();
  const progress: McpProgress[] = [];
  const onProgress = (value: McpProgress): void => {
    progress.push(value);
  };
  return { owner, peer, signal: controller.signal, onProgress, progress, controller };
}

/** Calls by name and gives the text of the answer. */
export async function textOf(
  pool: ServerPool,
  name: string,
  args: object = {},
  order: ToolOrder = orderFor("a"),
): Promise<string> {
  const result = await pool.call(pool.tool(name), args as Record<string, unknown>, order);
  return String(result.content[0]?.text);
}

/** What the call is refused with; anything else is a bug. */
export async function failure(call: Promise<unknown>): Promise<BrokerError> {
  const error = await call.then(
    () => assert.fail("it must be refused"),
    (cause) => cause,
  );
  assert.ok(error instanceof BrokerError, `a bug: ${error}`);
  return error;
}

export function stateOf(pool: ServerPool, name: string) {
  return pool.servers().find((server) => server.name === name);
}
