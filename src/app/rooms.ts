// What the composition root opens before there is a waist, and what its parts are handed.

import type { Health } from "../broker/health.ts";
import type { Speeds } from "../broker/speeds.ts";
import type { Cookie } from "../config/cookie.ts";
import type { Env } from "../config/env.ts";
import type { McpServersConfig } from "../config/mcp.ts";
import type { Models } from "../config/models.ts";
import type { Billing } from "../core/billing.ts";
import type { Keys } from "../core/key.ts";
import type { Ledger, Spending } from "../core/ledger.ts";
import type { Provider } from "../core/provider.ts";
import type { ResponseStore } from "../core/response-store.ts";
import type { ToolServers } from "../core/tool.ts";
import type { Tracing } from "../core/trace.ts";
import type { Waist } from "../dispatch/dispatch.ts";
import type { Dialect } from "../generated/types.ts";
import type { Log, LogSink } from "../log.ts";

/** What only the process can tell. */
export interface ProcessFacts {
  readonly pid: number;
  /** `process.version`. */
  readonly node: string;
  readonly isAlive: (pid: number) => boolean;
}

/** What stands on the one database of the data folder. */
export interface Store {
  readonly ledger: Ledger;
  readonly keys: Keys;
  readonly spending: Spending;
  readonly billing: Billing;
  readonly responses: ResponseStore;
  /** Writes what waits and closes the database. */
  close(): Promise<void>;
}

/** What the waist and the servers stand on. */
export interface Rooms {
  readonly env: Env;
  readonly facts: ProcessFacts;
  readonly log: Log;
  readonly lines: LogSink["lines"];
  readonly flush: () => void;
  readonly providers: Readonly<Record<Dialect, Provider>>;
  readonly models: Models;
  readonly mcp: McpServersConfig;
  readonly tools: ToolServers;
  readonly store: Store;
  readonly speeds: Speeds;
  readonly health: Health;
  readonly tracing: Tracing | undefined;
  readonly cookie: Cookie;
  readonly folder: string;
}

/** What is known only once the servers are there. */
export interface Facts {
  readonly waist: () => Waist;
  readonly listeners: () => readonly string[];
  readonly uptime: () => number;
}
