// Part of the composition root: the waist with every handler behind it.

import { randomBytes } from "node:crypto";
import { callTool } from "./broker/call-tool.ts";
import { type CompleteDeps, complete } from "./broker/complete.ts";
import { completeText } from "./broker/complete-text.ts";
import { embed } from "./broker/embed.ts";
import { Gate } from "./broker/gate.ts";
import type { Health } from "./broker/health.ts";
import { InFlight } from "./broker/in-flight.ts";
import { makeImages } from "./broker/make-images.ts";
import { createMetrics, type Metrics } from "./broker/metrics.ts";
import { moderate } from "./broker/moderate.ts";
import { planChat } from "./broker/plan-chat.ts";
import { respond } from "./broker/respond.ts";
import { speak } from "./broker/speak.ts";
import type { Speeds } from "./broker/speeds.ts";
import { Sticky } from "./broker/sticky.ts";
import { createTokenCounter } from "./broker/token-counter.ts";
import { transcribe } from "./broker/transcribe.ts";
import { ResponsesUnderWay } from "./broker/under-way.ts";
import type { Cookie } from "./config/cookie.ts";
import type { Env } from "./config/env.ts";
import type { Models } from "./config/models.ts";
import type { Billing } from "./core/billing.ts";
import type { Call } from "./core/call.ts";
import type { Keys } from "./core/key.ts";
import type { Ledger, Spending } from "./core/ledger.ts";
import { toUsd } from "./core/money.ts";
import type { Provider } from "./core/provider.ts";
import type { ResponseStore } from "./core/response-store.ts";
import type { ToolServers } from "./core/tool.ts";
import type { Tracing } from "./core/trace.ts";
import { createAuthenticator } from "./dispatch/authenticate.ts";
import { createDispatcher, type Handlers, type Waist } from "./dispatch/dispatch.ts";
import type { ChatCompletion, ChatCompletionsCreateParams, Dialect, Document } from "./generated/types.ts";
import type { Log, LogSink } from "./log.ts";
import { audioMethods } from "./methods/audio.ts";
import { billingMethods } from "./methods/billing.ts";
import { chatMethods } from "./methods/chat.ts";
import { completionsMethods } from "./methods/completions.ts";
import { embeddingsMethods } from "./methods/embeddings.ts";
import { imagesMethods } from "./methods/images.ts";
import { keysMethods } from "./methods/keys.ts";
import { logsMethods } from "./methods/logs.ts";
import { mcpMethods } from "./methods/mcp.ts";
import { messagesMethods } from "./methods/messages.ts";
import { modelsMethods } from "./methods/models.ts";
import { moderationsMethods } from "./methods/moderations.ts";
import { responsesMethods } from "./methods/responses.ts";
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

/** What stands on the database. */
export interface Stores {
  readonly ledger: Ledger;
  readonly keys: Keys;
  readonly spending: Spending;
  readonly billing: Billing;
  readonly responses: ResponseStore;
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
  readonly tools: ToolServers;
  readonly store: Stores;
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

export function createWaist(rooms: Rooms, facts: Facts): Waist {
  const { env, log, store, cookie } = rooms;
  const gate = createGate(rooms, (limit) => metrics.refused(limit));
  const metrics = createMetricsOf(rooms, gate, facts);
  const deps = completeDeps(rooms, gate, metrics);
  return createDispatcher({
    handlers: createHandlers(rooms, deps, metrics, facts),
    authenticator: createAuthenticator({
      adminSecrets: [cookie.secret, ...(env.ADMIN_TOKEN ? [env.ADMIN_TOKEN] : [])],
      keys: store.keys,
      jwtSecret: env.HERO_SECRET,
      mode: env.AUTH ?? (isLoopback(env.HOST) ? "optional" : "required"),
      now: Date.now,
    }),
    log,
    now: Date.now,
    newRequestId,
    maxInFlight: env.MAX_IN_FLIGHT,
    failed: metrics.failed,
    pass: (call) => gate.pass(call),
  });
}

function createHandlers(rooms: Rooms, deps: CompleteDeps, metrics: Metrics, facts: Facts): Handlers {
  const { env, models, tools, store, lines } = rooms;
  const { catalogue, gate } = deps;
  const units = { ...deps, catalogues: () => models.catalogues };
  const chat = (params: ChatCompletionsCreateParams, call: Call): Promise<ChatCompletion> =>
    complete(deps, params, call);
  const respondDeps = {
    complete: chat,
    responses: store.responses,
    underWay: new ResponsesUnderWay(),
    now: Date.now,
    newStem: () => randomBytes(20).toString("hex"),
    onFault: (reason: string) => rooms.log.error(`a response can't be kept: ${reason}`),
  };
  return {
    ...rpcMethods({ documents: { openrpc: readDocument, openapi: readOpenApi } }),
    ...sessionMethods(),
    ...systemMethods({
      ...{ catalogue, models, metrics },
      ledger: store.ledger,
      waist: facts.waist,
      listeners: facts.listeners,
      uptime: facts.uptime,
      environment: env.shown,
      node: rooms.facts.node,
    }),
    ...logsMethods({ lines }),
    ...modelsMethods({
      catalogues: units.catalogues,
      loadedAt: () => models.loadedAt,
      plan: (params, call) => planChat(deps, params, call),
    }),
    ...keysMethods({ keys: store.keys, now: Date.now, budgetStates: (key) => gate.standings(key) }),
    ...billingMethods({ billing: store.billing, now: Date.now }),
    ...chatMethods({ complete: chat }),
    ...embeddingsMethods({ embed: (params, call) => embed(units, params, call) }),
    ...audioMethods({
      speak: (params, call) => speak(units, params, call),
      transcribe: (params, call, translate) => transcribe(units, params, call, translate),
    }),
    ...moderationsMethods({ moderate: (params, call) => moderate(units, params, call) }),
    ...imagesMethods({ makeImages: (params, call) => makeImages(units, params, call) }),
    ...completionsMethods({ completeText: (params, call) => completeText({ complete: chat }, params, call) }),
    ...mcpMethods({ tools, callTool: (params, call) => callTool({ ...deps, tools }, params, call) }),
    ...messagesMethods({ complete: chat, counter: deps.counter, catalogue }),
    ...responsesMethods({
      responses: store.responses,
      underWay: respondDeps.underWay,
      respond: (params, call) => respond(respondDeps, params, call),
    }),
  };
}

function createGate({ env, log, store }: Rooms, onRefusal: (limit: string) => void): Gate {
  return new Gate({
    spending: store.spending,
    globalBudget: env.GLOBAL_BUDGET,
    ipBudget: env.IP_BUDGET,
    ipRequestsPerMinute: env.RATE_LIMIT_RPM,
    now: Date.now,
    ticks,
    onAlert: (scope, { budget, spent }) =>
      log.warn({ ...scope, period: budget.period, usd: toUsd(budget.limit), spent_usd: toUsd(spent) }, "budget alert"),
    onRefusal,
  });
}

function createMetricsOf({ models, store, health }: Rooms, gate: Gate, { waist }: Facts): Metrics {
  return createMetrics({
    inFlight: () => waist().inFlight,
    breakers: () => health.states(),
    ledgerLagMs: () => store.ledger.lagMs,
    ledgerUnwritten: () => store.ledger.unwritten,
    taken: () => gate.taken,
    knows: (model) => models.catalogue.byName.has(model),
  });
}

function completeDeps(rooms: Rooms, gate: Gate, metrics: Metrics): CompleteDeps {
  const { env, providers, models, store, speeds, health, tracing } = rooms;
  return {
    catalogue: () => models.catalogue,
    ...{ providers, gate, speeds, health, tracing },
    ledger: store.ledger,
    counter: createTokenCounter(),
    strategy: env.ROUTING_STRATEGY,
    unknownPrice: env.UNKNOWN_PRICE,
    inFlight: new InFlight(),
    sticky: new Sticky({ now: ticks }),
    backoff: {
      initialMs: env.CHAT_COMPLETIONS_BACKOFF_INITIAL_INTERVAL,
      maxMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_INTERVAL,
      maxElapsedMs: env.CHAT_COMPLETIONS_BACKOFF_MAX_ELAPSED_TIME,
      multiplier: env.CHAT_COMPLETIONS_BACKOFF_MULTIPLIER,
      randomization: env.CHAT_COMPLETIONS_BACKOFF_RANDOMIZATION_FACTOR,
    },
    now: Date.now,
    ticks,
    random: Math.random,
    onEnd: metrics.ended,
  };
}

const ticks = (): number => performance.now();

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
