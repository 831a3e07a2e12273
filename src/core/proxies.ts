// The proxies between this machine and the rest of the world.

import type { Secret } from "./secret.ts";

export interface Proxies {
  /** URLs, perhaps with credentials. For https addresses that of http stands in. */
  readonly https: Secret | undefined;
  readonly http: Secret | undefined;
  /** Hosts that are reached without, subdomains too; `*` for all. */
  readonly except: readonly string[];
}

/** Local models are never reached through a proxy. */
const HERE = ["localhost", "127.0.0.1", "[::1]"];

/** As undici's EnvHttpProxyAgent takes them, so that it reads none from the process. */
export function agentOptions({ https, http, except }: Proxies) {
  return {
    httpsProxy: https?.reveal() ?? "",
    httpProxy: http?.reveal() ?? "",
    noProxy: [...HERE, ...except].join(","),
  };
}
