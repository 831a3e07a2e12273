// The proxies between this machine and the rest of the world, in the words of undici's EnvHttpProxyAgent, which would else
// read them from the process.

import type { Secret } from "./secret.ts";

export interface Proxies {
  /** URLs; empty: none. For https addresses that of http stands in. */
  readonly httpsProxy: string;
  readonly httpProxy: string;
  /** Hosts that are reached without, comma-separated. */
  readonly noProxy: string;
}

/** Local models are never reached through a proxy. */
const HERE = ["localhost", "127.0.0.1", "[::1]"];

/** `undefined`: there is no proxy. */
export function proxiesOf(
  https: Secret | undefined,
  http: Secret | undefined,
  except: readonly string[],
): Proxies | undefined {
  if (!https && !http) return undefined;
  return {
    httpsProxy: https?.reveal() ?? "",
    httpProxy: http?.reveal() ?? "",
    noProxy: [...HERE, ...except].join(","),
  };
}
