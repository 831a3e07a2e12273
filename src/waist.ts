// Part of the composition root: the waist with every handler behind it.

import { randomBytes } from "node:crypto";
import { type CompleteDeps, complete } from "./broker/complete.ts";
import { InFlight } from "./broker/in-flight.ts";
import type { Metrics } from "./broker/metrics.ts";
import { createTokenCounter } from "./broker/token-counter.ts";
import type { Cookie } from "./config/cookie.ts";
import type { Env } from "./config/env.ts";
import type { Models } from "./config/models.ts";
import type { Ledger } from "./core/ledger.ts";
import type { Provider } from "./core/provider.ts";
import { createAuthenticator } from "./dispatch/authenticate.ts";
import { createDispatcher, type Waist } from "./dispatch/dispatch.ts";
import type { Dialect, Document } from "./generated/types.ts";
import type { Log } from "./log.ts";
import { chatMethods } from "./methods/chat.ts";
import { modelsMethods } from "./methods/models.ts";
import { rpcMethods } from "./methods/rpc.ts";
import { sessionMethods } from "./methods/session.ts";
import { systemMethods } from "./methods/system.ts";

/** What only the process can tell. */
export interface ProcessFacts {
  readonly pid: number;
  /** `process.version`. */
  readonly node: string;
  readonly isAlive: (pid: number) => boolean;
}

/** What the waist and the servers stand on. */
export interface Rooms {
  readonly env: Env;
  readonly facts: ProcessFacts;
  readonly log: Log;
  readonly flush: () => void;
  readonly providers: Readonly<Record<Dialect, Provider>>;
  readonly models: Models;
  readonly ledger: Ledger;
  readonly cookie: Cookie;
  readonly folder: string;
}

/** What is known only once the servers are there. */
export interface Facts {
  readonly waist: () => Waist;
  readonly listeners: () => readonly string[];
  readonly uptime: () => number;
}

export function createWaist(rooms: Rooms, metrics: Metrics, { waist, listeners, uptime }: Facts): Waist {
  const { env, log, models, ledger, cookie, facts } = rooms;
  const catalogue = () => models.catalogue;
  const deps = completeDeps(rooms, metrics);
  return createDispatcher({
    handlers: {
      ...rpcMethods({ documents: { openrpc: readDocument, openapi: readOpenApi } }),
      ...sessionMethods(),
      ...systemMethods({
        catalogue,
        models,
        ledger,
        metrics,
        waist,
        listeners,
        uptime,
        environment: env.shown,
        node: facts.node,
      }),
      ...modelsMethods({ catalogue, loadedAt: () => models.loadedAt }),
      ...chatMethods({ complete: (params, call) => complete(deps, params, call) }),
    },
    authenticator: createAuthenticator({
      adminSecrets: [cookie.secret, ...(env.ADMIN_TOKEN ? [env.ADMIN_TOKEN] : [])],
      mode: env.AUTH ?? (isLoopback(env.HOST) ? "optional" : "required"),
    }),
    log,
    now: Date.now,
    newRequestId,
    maxInFlight: env.MAX_IN_FLIGHT,
  });
}

function completeDeps({ env, providers, models, ledger }: Rooms, metrics: Metrics): CompleteDeps {
  return {
    catalogue: () => models.catalogue,
    providers,
    ledger,
    counter: createTokenCounter(),
    strategy: env.ROUTING_STRATEGY,
    inFlight: new InFlight(),
    backoff: {
      initialMs: env.CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL,
      maxMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL,
      maxElapsedMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME,
      multiplier: env.CHAT_COMPLETIONS_BACKOFF_MULTIPLIER,
      randomization: env.CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR,
    },
    now: Date.now,
    random: Math.random,
    onEnd: metrics.ended,
  };
}

/** Read when first asked for: it is large and few ask. */
async function readDocument(): Promise<Document> {
  return (await import("../openrpc.json", { with: { type: "json" } })).default;
}

async function readOpenApi(): Promise<Document> {
  const { toOpenApi } = await import("./rest/openapi.ts");
  return toOpenApi(await readDocument()) as Document;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

const ID_PREFIX = `req_${randomBytes(9).toString("base64url").replaceAll(/[-_]/g, "0")}`;
let lastId = 0;

/** Unique over processes by its prefix, within one by a counter; cheaper than chance for each. */
export function newRequestId(): string {
  return `${ID_PREFIX}${(++lastId).toString(36).padStart(6, "0")}`;
}
