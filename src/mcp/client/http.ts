// The fetch below the SDK's HTTP transports: bounds what comes back, and follows redirects a few steps, without our headers
// once they leave the server's origin, and not to addresses of this machine or network. A session goes back to the origin
// that gave it, so that a server may be elsewhere than its URL says.

import { createRequire } from "node:module";
import type { Agent, Dispatcher, EnvHttpProxyAgent } from "undici";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import { agentOptions, type Proxies } from "../../core/proxies.ts";
import { isPrivate, PrivateAddress, publicLookup } from "./addresses.ts";
import { answerOf } from "./answer.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface GuardedHttp {
  /** For the requests of one connection to a server. */
  fetchOf(settings: Pick<McpServerSettings, "allowPrivateRedirects">, mostBytes: number): Fetch;
  close(): Promise<void>;
}

/** Of a request: bytes that its answer may have. Never sent. */
export const LIMIT_HEADER = "x-most-bytes";
const MAX_REDIRECTS = 5;
const CONNECT_MS = 30_000;
/** To one origin. */
const MOST_CONNECTIONS = 1024;
const SESSION = "mcp-session-id";
/** What a request may be sent with to another origin. */
const HARMLESS = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "last-event-id"];

/** Whoever has no servers over HTTP need not load what reaches them: 14 MB, and 50 ms of every start. */
const load = createRequire(import.meta.url);
const undici = (): typeof import("undici") => load("undici");

/** Where a proxy looks up the names, no lookup of ours can tell that an address is private. */
export function createGuardedHttp(proxies: Proxies | undefined): GuardedHttp {
  const open = (connect: { readonly timeout: number; readonly lookup?: typeof publicLookup }): Reach => {
    // Calls have their own time limits.
    const options = { headersTimeout: 0, bodyTimeout: 0, connections: MOST_CONNECTIONS, connect };
    if (!proxies) return new (undici().Agent)(options);
    return new (undici().EnvHttpProxyAgent)({ ...options, ...agentOptions(proxies), connectTimeout: connect.timeout });
  };
  let own: Reach | undefined;
  let outward: Reach | undefined;
  const publicAgent = (): Reach => {
    outward ??= open({ timeout: CONNECT_MS, lookup: publicLookup });
    return outward;
  };
  return {
    fetchOf(settings, mostBytes) {
      own ??= open({ timeout: CONNECT_MS });
      const agent = own;
      const reach = settings.allowPrivateRedirects ? agent : publicAgent;
      const guards: Guards = { agent, outward: reach, session: undefined };
      return async (url, init = {}) => {
        const headers = new Headers(init.headers);
        const most = Number(headers.get(LIMIT_HEADER) ?? mostBytes);
        headers.delete(LIMIT_HEADER);
        return follow(new URL(url), { ...init, headers }, guards, most);
      };
    },
    async close() {
      await Promise.all([own?.destroy(), outward?.destroy()]);
    },
  };
}

type Reach = Agent | EnvHttpProxyAgent;

interface Guards {
  readonly agent: Reach;
  readonly outward: Reach | (() => Reach);
  /** The one that was given last. */
  session: { readonly id: string; readonly origin: string } | undefined;
}

async function follow(first: URL, init: RequestInit, guards: Guards, most: number): Promise<Response> {
  let url = first;
  let next = init;
  for (let steps = 0; ; steps++) {
    const away = url.origin !== first.origin;
    const response = await send(url, next, away ? outwardOf(url, guards) : guards.agent, most);
    const target = redirectOf(response, url);
    if (target === undefined || !keepsMethod(response, init)) {
      const id = response.headers.get(SESSION);
      if (id !== null) guards.session = { id, origin: url.origin };
      return response;
    }
    await response.body?.cancel();
    if (steps === MAX_REDIRECTS) throw new Redirected(`more than ${MAX_REDIRECTS} redirects`);
    if (target.username || target.password) throw new Redirected("redirected to a URL with credentials");
    if (target.origin !== first.origin) next = { ...init, headers: harmless(init, target, guards) };
    url = target;
  }
}

/** An address in the URL itself is never looked up, so it is checked here. */
function outwardOf(url: URL, { outward }: Guards): Reach {
  if (typeof outward !== "function") return outward;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (/^[\d.]+$|:/.test(host) && isPrivate(host)) throw new PrivateAddress();
  return outward();
}

async function send(url: URL, init: RequestInit, dispatcher: Dispatcher, most: number): Promise<Response> {
  const headers = Object.fromEntries(new Headers(init.headers));
  const method = init.method as Dispatcher.HttpMethod | undefined;
  const body = typeof init.body === "string" ? init.body : null;
  const asked = { method: method ?? "GET", headers, body, signal: init.signal ?? null, dispatcher };
  return answerOf(await undici().request(url, asked), most);
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  const target = URL.parse(headers.get("location") ?? "", from.href);
  if (target?.protocol === "http:" || target?.protocol === "https:") return target;
  return undefined;
}

function keepsMethod({ status }: Response, { method = "GET" }: RequestInit): boolean {
  return status === 307 || status === 308 || method === "GET";
}

function harmless({ headers }: RequestInit, { origin }: URL, { session }: Guards): Headers {
  const own = session?.origin === origin ? session.id : undefined;
  const all = [...new Headers(headers)];
  return new Headers(all.filter(([name, value]) => HARMLESS.includes(name) || (name === SESSION && value === own)));
}

class Redirected extends Error {
  override readonly name = "Redirected";
}
