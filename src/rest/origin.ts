// Protection of callers who may do more because they are on this machine: a web page open in their browser is there too.
// A page of a foreign site shows itself by its Origin; one that had its own name point to this machine, by the Host.

import { BrokerError } from "../core/errors.ts";

export interface OriginRules {
  /** Host names besides localhost and the loopback addresses; lower case. */
  readonly allowedHosts: readonly string[];
  /** Origins of other sites that may call; `*` for any. */
  readonly cors: readonly string[];
}

const HOST = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+?)\.?(?::\d{1,5})?$/;
const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** What is wrong with a request that came from this machine: `forbidden`, or `invalid_request` without a usable host. */
export function originFault(
  host: string | undefined,
  origin: string | undefined,
  rules: OriginRules,
): BrokerError | undefined {
  if (host !== undefined) {
    const name = HOST.exec(host.toLowerCase())?.[1];
    if (name === undefined) return new BrokerError("invalid_request", "The Host header is malformed");
    if (!LOOPBACK.test(name) && !rules.allowedHosts.includes(name)) {
      return new BrokerError(
        "forbidden",
        "The Host header names another host: use localhost, list the name in ALLOWED_HOSTS, or the proxy in TRUSTED_PROXIES",
      );
    }
  }
  if (origin === undefined || rules.cors.includes(origin) || rules.cors.includes("*")) return undefined;
  if (isSameHost(origin, host)) return undefined;
  return new BrokerError("forbidden", "Pages of this origin may not call: list it in CORS_ORIGINS");
}

function isSameHost(origin: string, host: string | undefined): boolean {
  if (host === undefined) return false;
  const lower = host.toLowerCase();
  return origin === `http://${lower}` || origin === `https://${lower}`;
}
