// The composition root: reads the environment and builds the house from the stores up to the servers. Nothing imports
// this but main and tests. A fault of the configuration is thrown as `config_invalid` before anything listens.

import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { newRequestId } from "./app/request-id.ts";
import type { ProcessFacts, Rooms } from "./app/rooms.ts";
import { createServers, type Servers } from "./app/servers.ts";
import { openStore } from "./app/storage.ts";
import { createWaist } from "./app/waist.ts";
import { Health } from "./broker/health.ts";
import { Speeds } from "./broker/speeds.ts";
import { banner } from "./cli/banner.ts";
import { createCookie } from "./config/cookie.ts";
import { type Env, readEnv, type Vars } from "./config/env.ts";
import { type McpServersConfig, openMcpServers } from "./config/mcp.ts";
import { type Models, openModels } from "./config/models.ts";
import { reloadAll } from "./config/reload.ts";
import { BrokerError } from "./core/errors.ts";
import type { Proxies } from "./core/proxies.ts";
import type { Tracing } from "./core/trace.ts";
import type { Waist } from "./dispatch/dispatch.ts";
import { createLog, type Log } from "./log.ts";
import { createServerPool, type ServerPool } from "./mcp/client/pool.ts";
import { createHttp } from "./providers/http.ts";
import { createProviders } from "./providers/registry.ts";

export interface App {
  /** `http://host:port`, when listening on TCP. */
  readonly url: string | undefined;
  readonly socketPath: string | undefined;
  /** One MCP client over two streams; resolves when it has gone. */
  serveMcp(input: Readable, output: Writable): Promise<void>;
  /** For people, once up. */
  banner(): string;
  /** Reads the configuration files again; a fault is logged. */
  reload(): void;
  /** Stops accepting, lets calls under way end within DRAIN_TIMEOUT, flushes the log, closes everything. */
  stop(): Promise<void>;
  /** A bug ends the process: writes what the log still has, and the bug last. */
  crashed(bug: unknown): void;
}

const DISCOVERY_MS = 30_000;
/** The start does not wait longer than this for local servers to tell their models. */
const FIRST_DISCOVERY_MS = 300;
/** Nor for MCP servers to tell their tools. */
const FIRST_TOOLS_MS = 300;
/** A client on standard input asks for the tools once, and at once. */
const ONLY_TOOLS_MS = 5000;
/** For calls that were cut at the end of a drain to write their rows. */
const LAST_ROWS_MS = 5000;

/**
 * Rejects with `config_invalid` when the environment, the models file, the data folder or an address can't serve. One that
 * does not listen can stand beside one that does, in the same folder.
 */
export async function createApp(vars: Vars, facts: ProcessFacts, { listens = true } = {}): Promise<App> {
  const env = readEnv(vars);
  const { log, lines, flush } = createLog(env.LOG_LEVEL);
  const proxies = proxiesOf(env);
  const providers = createProviders({ http: createHttp({ headers: upstreamHeaders(env), proxies }) });
  const speeds = new Speeds({ now: steadyNow });
  const health = new Health({ now: steadyNow, speeds });
  const models = openModels({
    path: modelsPath(env),
    env,
    now: Date.now,
    ask: (provider) => providers[provider.dialect].discover?.(provider, AbortSignal.timeout(2000)),
    changed: () => health.reset(),
  });
  const { mcp, tools } = openTools(env, log, proxies);
  const folder = resolve(env.DATA_DIR);
  const store = openStore(env, folder, facts, log);
  const cookie = createCookie(folder, randomBytes(32).toString("base64url"));
  const tracing = await openTracing(env, log);
  tools.apply(mcp.servers); // not before: programs that have begun keep alive a process that can't serve
  await Promise.all([
    Promise.race([models.discover(), sleep(FIRST_DISCOVERY_MS, undefined, { ref: false })]),
    tools.tried(listens ? FIRST_TOOLS_MS : ONLY_TOOLS_MS),
  ]);
  const rooms = {
    ...{ env, facts, log, lines, flush, providers, models, mcp, tools },
    ...{ store, speeds, health, tracing, cookie, folder },
  };
  const house = new House(rooms);
  try {
    await house.open(listens);
  } catch (cause) {
    await house.stop();
    throw cause;
  }
  return house;
}

class House implements App {
  readonly #rooms: Rooms & { readonly tools: ServerPool };
  readonly #waist: Waist;
  readonly #servers: Servers;
  readonly #startedAt = performance.now();
  readonly #discovery: NodeJS.Timeout;
  #stopped: Promise<void> | undefined;

  constructor(rooms: Rooms & { readonly tools: ServerPool }) {
    this.#rooms = rooms;
    this.#waist = createWaist(rooms, {
      waist: () => this.#waist,
      listeners: () => this.#servers.addresses,
      uptime: () => (performance.now() - this.#startedAt) / 1000,
    });
    this.#servers = createServers({
      env: rooms.env,
      waist: this.#waist,
      tools: rooms.tools,
      log: rooms.log,
      folder: rooms.folder,
      pid: rooms.facts.pid,
      newRequestId,
    });
    this.#discovery = setInterval(() => void rooms.models.discover(), DISCOVERY_MS).unref();
  }

  get url(): string | undefined {
    return this.#servers.url;
  }

  get socketPath(): string | undefined {
    return this.#servers.socketPath;
  }

  async open(listens: boolean): Promise<void> {
    if (listens) {
      await this.#servers.listen();
      this.#rooms.cookie.write(); // not before: the one there may be that of a broker on the same port
    }
    const { models, mcp } = this.#rooms;
    models.watch((outcome) => this.#tellReload(outcome));
    mcp.watch((fault) => this.#tellReload(fault ?? "MCP servers"));
  }

  serveMcp(input: Readable, output: Writable): Promise<void> {
    return this.#servers.serveMcp(input, output);
  }

  banner(): string {
    const { models, cookie, folder } = this.#rooms;
    return banner({
      catalogues: models.catalogues,
      url: this.url,
      socketPath: this.socketPath,
      cookiePath: cookie.path,
      databasePath: join(folder, "requests.db"),
      notices: this.#servers.notices,
    });
  }

  reload(): void {
    try {
      this.#tellReload(reloadAll(this.#rooms));
    } catch (cause) {
      if (!(cause instanceof BrokerError)) throw cause;
      this.#tellReload(cause);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  crashed(bug: unknown): void {
    this.#rooms.log.fatal({ err: bug }, "ended by a bug");
    this.#rooms.flush();
  }

  async #stop(): Promise<void> {
    const { env, providers, models, mcp, tools, store, cookie, lines, tracing } = this.#rooms;
    clearInterval(this.#discovery);
    models.close();
    mcp.close();
    this.#waist.drain();
    lines.endReaders();
    const gone = this.#servers.close();
    await Promise.race([gone, sleep(env.DRAIN_TIMEOUT, undefined, { ref: false })]);
    this.#servers.destroyAll();
    for (const until = performance.now() + LAST_ROWS_MS; this.#waist.inFlight > 0 && performance.now() < until; ) {
      await sleep(5);
    }
    await Promise.all([store.close(), tools.close()]);
    await Promise.all([tracing?.close(), ...Object.values(providers).map((provider) => provider.close())]);
    cookie.remove();
    this.#rooms.flush();
  }

  #tellReload(outcome: ReturnType<Models["reload"]> | BrokerError | "MCP servers"): void {
    const { log } = this.#rooms;
    if (outcome instanceof BrokerError) log.error(`the old configuration stays: ${outcome.message}`);
    else if (outcome === "MCP servers") log.info("configuration of MCP servers read again");
    else log.info(outcome, "configuration read again");
  }
}

/** Unix milliseconds of a clock that never goes back: a wrong clock that is put right lengthens no cool-down. */
function steadyNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Nothing is connected to before servers are applied. */
function openTools(env: Env, log: Log, proxies: Proxies | undefined): { mcp: McpServersConfig; tools: ServerPool } {
  const path = env.MCP_CONFIG_PATH === undefined ? undefined : resolve(env.MCP_CONFIG_PATH);
  const mcp = openMcpServers({ path, lookup: env.lookup, changed: (servers) => tools.apply(servers) });
  const tools = createServerPool({
    ...{ log, environment: env.programs, proxies },
    ...{ now: Date.now, ticks: () => performance.now(), random: Math.random },
  });
  return { mcp, tools };
}

/** The packages for traces are loaded only where traces are wanted. */
async function openTracing(env: Env, log: Log): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: serviceName } = env;
  if (endpoint === undefined) return undefined;
  const { createTracing } = await import("./trace.ts");
  const onFault = (reason: string): void => log.warn(`traces can't be sent: ${reason}`);
  return createTracing({ endpoint, serviceName, onFault, ticks: () => performance.now() });
}

/** The file of this folder, else the one that the package brings. */
function modelsPath(env: Env): string {
  if (env.MODELS_CONFIG_PATH !== undefined) return resolve(env.MODELS_CONFIG_PATH);
  const here = resolve("modelsconfig.yml");
  return existsSync(here) ? here : join(import.meta.dirname, "../modelsconfig.yml");
}

/** `undefined`: there is none. */
function proxiesOf({ HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: except }: Env): Proxies | undefined {
  return https || http ? { https, http, except } : undefined;
}

function upstreamHeaders(env: Env): Record<string, string> {
  const headers = { "user-agent": env.USER_AGENT, "http-referer": env.HTTP_REFERER, "x-title": env.X_TITLE };
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
