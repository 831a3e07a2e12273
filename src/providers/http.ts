// HTTP to providers. A request goes to the provider's own origin only, and redirects are never followed, so no key can
// travel elsewhere. Answers come as they arrive (`open`) or whole (`send`); failures are ProviderFailures.

import type { Dispatcher } from "undici";
import type { ProviderEntry, ProviderKey, Timeouts } from "../core/model.ts";
import { type ProviderCall, ProviderFailure } from "../core/provider.ts";
import type { Proxies } from "../core/proxies.ts";
import { type AnswerBody, Exchange, type Head } from "./exchange.ts";
import { garbled, type Peer, statusFailure } from "./failure.ts";
import { Pools, type Route } from "./pools.ts";

/** Bytes of an answer read in one piece. */
const MOST_BODY = 64 * 1_024 * 1_024;
/** Bytes read of an answer that is an error. */
const MOST_ERROR_BODY = 64 * 1_024;

export interface HttpRequest {
  readonly provider: ProviderEntry;
  /** The key in `headers`: kept out of what is thrown. */
  readonly key: ProviderKey | undefined;
  readonly method: "GET" | "POST";
  /** Behind the base URL, with a leading slash. */
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly body?: Uint8Array | string;
  /** Aborting closes the connection at once. */
  readonly signal: AbortSignal;
  /** In place of the provider entry's own. */
  readonly timeouts?: Timeouts | undefined;
  readonly traceparent?: string | undefined;
}

/** The part of a request that is the same in all dialects. */
export function asksOf(call: Pick<ProviderCall, "target" | "signal" | "timeouts" | "traceparent">) {
  const { target, signal, timeouts, traceparent } = call;
  return { provider: target.backend.provider, key: target.key, signal, timeouts, traceparent };
}

export interface HttpOptions {
  /** Sent with every request: user-agent, http-referer, x-title. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Connections to one origin. */
  readonly connections?: number;
  readonly proxies?: Proxies | undefined;
}

/** A 2xx answer; anything else is thrown. */
export interface Http {
  /** Waits for the headers; the body is read by the caller, who must finish or cancel it. */
  open(request: HttpRequest): Promise<Head & { readonly body: AnswerBody }>;
  /** Waits for the whole answer, at most 64 MiB. */
  send(request: HttpRequest): Promise<Head & { readonly body: Buffer }>;
  /** Ends all connections; calls under way fail. */
  close(): Promise<void>;
}

export function createHttp(options: HttpOptions = {}): Http {
  const pools = new Pools(options.connections ?? 1_024, options.proxies);
  const common = Object.entries({ "user-agent": "aibroker", ...options.headers }).flat();

  async function open(request: HttpRequest): Promise<Head & { readonly body: Exchange }> {
    const { provider, signal } = request;
    if (signal.aborted)
      throw new ProviderFailure("aborted", `${provider.name}: the call was ended`, { cause: signal.reason });
    const timeouts = request.timeouts ?? provider.timeouts;
    const { pool, origin, path } = pools.route(provider, timeouts.connectMs);
    const exchange = new Exchange({ name: provider.name, key: request.key }, signal);
    pool.dispatch(dispatchOptions(request, { origin, path }, common, timeouts), exchange);
    const { status, headers } = await exchange.head;
    if (status >= 200 && status < 300) return { status, headers, body: exchange };
    throw await refused({ name: provider.name, key: request.key }, { status, headers }, exchange);
  }

  return {
    open,
    async send(request) {
      const { status, headers, body } = await open(request);
      const bytes = await upTo(body, MOST_BODY);
      if (bytes !== undefined) return { status, headers, body: bytes };
      throw garbled(request.provider, `the answer is longer than ${MOST_BODY} bytes`);
    },
    close: () => pools.close(),
  };
}

function dispatchOptions(
  request: HttpRequest,
  base: Pick<Route, "origin" | "path">,
  common: readonly string[],
  { firstByteMs, idleMs }: Timeouts,
): Dispatcher.DispatchOptions {
  return {
    origin: base.origin,
    path: base.path + request.path,
    method: request.method,
    headers: headersOf(request, common),
    body: request.body ?? null,
    headersTimeout: firstByteMs,
    bodyTimeout: idleMs,
  };
}

function headersOf({ headers, traceparent }: HttpRequest, common: readonly string[]): string[] {
  const all = common.concat(headers);
  if (traceparent !== undefined) all.push("traceparent", traceparent);
  return all;
}

/** An error answer with as much of its body as can be had; a body that breaks off only costs the provider's words. */
async function refused(peer: Peer, head: Head, body: AnswerBody): Promise<ProviderFailure> {
  let bytes: Buffer | undefined;
  try {
    bytes = await upTo(body, MOST_ERROR_BODY);
  } catch (error) {
    if (error instanceof ProviderFailure && error.kind === "aborted") return error;
  }
  return statusFailure(peer, head.status, head.headers, bytes ?? Buffer.alloc(0), Date.now());
}

/** The whole body, or `undefined` when it is longer: then the connection is closed. */
async function upTo(body: AnswerBody, most: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const next = body.read();
    const bytes = next instanceof Promise ? await next : next;
    if (bytes === undefined) return parts.length === 1 ? parts[0] : Buffer.concat(parts, size);
    size += bytes.length;
    if (size > most) {
      body.cancel();
      return undefined;
    }
    parts.push(bytes);
  }
}
