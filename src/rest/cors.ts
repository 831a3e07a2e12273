// Cross-origin calls by browsers, off unless origins are configured. Credentials are bearer tokens, never cookies, so
// `access-control-allow-credentials` is not sent to anyone.

import type { IncomingHttpHeaders } from "node:http";
import { BrokerError } from "../core/errors.ts";
import type { HttpAnswer } from "../rpc/http-answer.ts";

/** Headers are flat lists of names and values, as `writeHead` takes them. */
export interface Cors {
  /** The origin is configured, or all are. */
  isAllowed(origin: string): boolean;
  /** Headers of every answer. */
  headers(origin: string | undefined): readonly string[];
  /** Further headers of a preflight's answer. */
  preflight(allowedVerbs: string, askedHeaders: string | undefined): readonly string[];
}

const EXPOSED = [
  "x-request-id, x-broker-model, x-broker-provider, x-broker-attempts, x-broker-cost",
  "retry-after, retry-after-ms, x-should-retry, mcp-session-id",
  ...["limit", "remaining", "reset"].map((what) => `x-ratelimit-${what}-requests, x-ratelimit-${what}-tokens`),
].join(", ");
const ALLOWED_HEADER =
  /^(?:authorization|content-type|accept|api-key|traceparent|last-event-id|mcp-[\w-]{1,64}|idempotency-key|anthropic-[\w-]{1,64}|openai-[\w-]{1,64}|x-[\w-]{1,64})$/;
/** Seconds that a browser may keep a preflight's answer. */
const MAX_AGE = "600";
const NONE: readonly string[] = [];

/** `origins`: exact origins (`https://app.example`), or `*` for any. */
export function createCors(origins: readonly string[]): Cors {
  const any = origins.includes("*");
  const known = new Map(origins.map((origin) => [origin, allow(origin, ["vary", "Origin"])]));
  const forAny = allow("*", []);
  const foreign = origins.length === 0 ? NONE : ["vary", "Origin"];
  return {
    isAllowed: (origin) => any || known.has(origin),
    headers(origin) {
      if (any) return forAny;
      return (origin === undefined ? undefined : known.get(origin)) ?? foreign;
    },
    preflight: (allowedVerbs, askedHeaders = "") => {
      const asked = askedHeaders.toLowerCase().split(",");
      const allowed = asked.map((name) => name.trim()).filter((name) => ALLOWED_HEADER.test(name));
      return [
        ...["access-control-allow-methods", allowedVerbs],
        ...["access-control-allow-headers", allowed.length > 0 ? allowed.join(", ") : "authorization, content-type"],
        ...["access-control-max-age", MAX_AGE],
      ];
    },
  };
}

function allow(origin: string, vary: readonly string[]): readonly string[] {
  return ["access-control-allow-origin", origin, "access-control-expose-headers", EXPOSED, ...vary];
}

/**
 * A browser asks whether it may ask: the headers that say so. Every path refuses OPTIONS otherwise, by `cause`, and tells
 * its verbs by that.
 */
export function preflightOf(cors: Cors, headers: IncomingHttpHeaders, cause: unknown): readonly string[] | undefined {
  const allow = cause instanceof BrokerError ? cause.facts.allow : undefined;
  const { origin, "access-control-request-method": verb, "access-control-request-headers": asked } = headers;
  if (typeof allow !== "string" || verb === undefined || origin === undefined) return undefined;
  return cors.isAllowed(origin) ? cors.preflight(allow, asked) : undefined;
}

/** For an answer that is written elsewhere. `headers`: a flat list. */
export function setHeaders(response: HttpAnswer, headers: readonly string[]): void {
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] as string, headers[at + 1] as string);
}
