// The connections to providers: undici pools, one for each origin, long-lived and bounded in number. Keep-alive without
// pipelining, and HTTP/1.1, so that giving up an answer closes exactly its own connection.

import { createRequire } from "node:module";
import type { Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import type { ProviderEntry } from "../core/model.ts";
import { ProviderFailure } from "../core/provider.ts";
import { agentOptions, type Proxies } from "../core/proxies.ts";

/** Origins that keep connections; the one that was asked for longest ago gives way and comes back when it is used. */
const MOST_POOLS = 64;

type Connections = Pool | (EnvHttpProxyAgent & Pick<Pool, "closed">);

export interface Route {
  readonly pool: Connections;
  readonly origin: string;
  /** Milliseconds in which the pool's connections must come about. */
  readonly connectMs: number;
  /** Of the base URL, without a slash at its end. */
  readonly path: string;
}

/** Pools by origin and connect timeout, the one asked for longest ago first. */
export class Pools {
  /** To one origin. */
  readonly #connections: number;
  readonly #proxies: Proxies | undefined;
  readonly #byOrigin = new Map<string, Connections>();
  /** A base URL is taken apart once for each entry of a configuration. */
  readonly #routes = new WeakMap<ProviderEntry, Route>();
  #closed = false;

  constructor(connections: number, proxies: Proxies | undefined) {
    this.#connections = connections;
    this.#proxies = proxies;
  }

  route(provider: ProviderEntry, connectMs: number): Route {
    if (this.#closed) throw new ProviderFailure("connect", `${provider.name}: connections are closed`);
    const known = this.#routes.get(provider);
    if (known && known.connectMs === connectMs && !known.pool.closed) return known;
    const url = new URL(provider.baseUrl);
    const { origin } = url;
    const route = { pool: this.#pool(origin, connectMs), origin, connectMs, path: url.pathname.replace(/\/+$/, "") };
    this.#routes.set(provider, route);
    return route;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#byOrigin.values()].map((pool) => pool.destroy()));
    this.#byOrigin.clear();
  }

  #pool(origin: string, connectTimeout: number): Connections {
    const name = `${origin} ${connectTimeout}`;
    let pool = this.#byOrigin.get(name);
    this.#byOrigin.delete(name);
    pool ??= open(origin, connectTimeout, this.#connections, this.#proxies);
    this.#byOrigin.set(name, pool);
    if (this.#byOrigin.size > MOST_POOLS) this.#dropOldest();
    return pool;
  }

  /** Closing lets running answers end. */
  #dropOldest(): void {
    const [name, pool] = this.#byOrigin.entries().next().value as [string, Connections];
    this.#byOrigin.delete(name);
    void pool.close();
  }
}

const load = createRequire(import.meta.url);

/** The pool's own file instead of the package's door: 14 MB and 50 ms less, and nothing at all before the first call. */
function open(origin: string, connectTimeout: number, connections: number, proxies: Proxies | undefined): Connections {
  const PoolClass = load("undici/lib/dispatcher/pool.js") as typeof Pool;
  const options = {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout,
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 300_000,
  };
  if (!proxies) return new PoolClass(origin, options);
  const { EnvHttpProxyAgent } = load("undici") as typeof import("undici");
  // To the proxy: what it says to CONNECT is part of connecting.
  const clientFactory = (url: URL, own: object): Dispatcher =>
    new PoolClass(url, { ...own, headersTimeout: connectTimeout });
  return new EnvHttpProxyAgent({ ...options, ...agentOptions(proxies), clientFactory }) as Connections;
}
