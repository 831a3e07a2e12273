// The fetch below the SDK's HTTP transports: bounds what comes back, and follows redirects a few steps, without our headers
// once they leave the server's origin, and not to addresses of this machine or network.

import { Agent, type Dispatcher, fetch as undiciFetch } from "undici";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import { isPrivate, PrivateAddress, publicLookup } from "./addresses.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

export interface GuardedHttp {
  /** For the requests to one server. */
  fetchOf(settings: Pick<McpServerSettings, "allowPrivateRedirects">, mostBytes: number): Fetch;
  close(): Promise<void>;
}

/** Of a request: bytes that its answer may have. Never sent. */
export const LIMIT_HEADER = "x-most-bytes";
const MAX_REDIRECTS = 5;
const CONNECT_MS = 30_000;
/** What a request may be sent with to another origin. */
const HARMLESS = ["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "last-event-id"];

export function createGuardedHttp(): GuardedHttp {
  const timeouts = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_MS } }; // calls have their own
  const agent = new Agent(timeouts);
  let outward: Agent | undefined;
  const publicAgent = (): Agent => {
    outward ??= new Agent({ ...timeouts, connect: { timeout: CONNECT_MS, lookup: publicLookup } });
    return outward;
  };
  return {
    fetchOf(settings, mostBytes) {
      return async (url, init = {}) => {
        const headers = new Headers(init.headers);
        const most = Number(headers.get(LIMIT_HEADER) ?? mostBytes);
        headers.delete(LIMIT_HEADER);
        const guards = { agent, outward: settings.allowPrivateRedirects ? agent : publicAgent };
        return bounded(await follow(new URL(url), { ...init, headers }, guards), most);
      };
    },
    async close() {
      await Promise.all([agent.destroy(), outward?.destroy()]);
    },
  };
}

interface Guards {
  readonly agent: Agent;
  readonly outward: Agent | (() => Agent);
}

async function follow(first: URL, init: RequestInit, guards: Guards): Promise<Response> {
  let url = first;
  let next = init;
  for (let steps = 0; ; steps++) {
    const away = url.origin !== first.origin;
    const response = await send(url, next, away ? outwardOf(url, guards) : guards.agent);
    const target = redirectOf(response, url);
    if (target === undefined || !keepsMethod(response, init)) return response;
    await response.body?.cancel();
    if (steps === MAX_REDIRECTS) throw new Redirected(`more than ${MAX_REDIRECTS} redirects`);
    if (target.username || target.password) throw new Redirected("redirected to a URL with credentials");
    if (target.origin !== first.origin) next = { ...next, headers: harmless(new Headers(next.headers)) };
    url = target;
  }
}

/** An address in the URL itself is never looked up, so it is checked here. */
function outwardOf(url: URL, { outward }: Guards): Agent {
  if (typeof outward !== "function") return outward;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (/^[\d.]+$|:/.test(host) && isPrivate(host)) throw new PrivateAddress();
  return outward();
}

async function send(url: URL, init: RequestInit, dispatcher: Dispatcher): Promise<Response> {
  const options = { ...init, redirect: "manual", dispatcher } as Parameters<typeof undiciFetch>[1];
  return (await undiciFetch(url, options)) as unknown as Response;
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

function harmless(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => HARMLESS.includes(name)));
}

class Redirected extends Error {
  override readonly name = "Redirected";
}

/** An answer, or one event of a stream, is longer than it may be. */
export class TooLong extends Error {
  override readonly name = "TooLong";

  constructor(most: number) {
    super(`the answer is longer than ${most} bytes`);
  }
}

/** The same answer, whose body fails beyond the limit: as a whole, or for each event of a stream. */
function bounded(response: Response, most: number): Response {
  if (response.body === null) return response;
  const events = /^text\/event-stream/i.test(response.headers.get("content-type") ?? "");
  let size = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      const end = events ? endOfEvent(bytes) : -1;
      size = end < 0 ? size + bytes.length : bytes.length - end;
      if (size > most || bytes.length > 2 * most + 65_536) controller.error(new TooLong(most));
      else controller.enqueue(bytes);
    },
  });
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(count);
  return new Response([204, 205, 304].includes(status) ? null : body, { status, statusText, headers });
}

/** Behind the last blank line. */
function endOfEvent(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Math.max(buffer.lastIndexOf("\n\n"), buffer.lastIndexOf("\r\n\r\n"));
}
