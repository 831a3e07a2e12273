// What a bundled MCP server takes from the environment: `<NAME>_API_KEY`, `<NAME>_BASE_URL` and `<NAME>_TIMEOUT`. Read
// apart from the broker's own variables: the server is a process of its own, given these few.

import { BrokerError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import type { Vars } from "./env.ts";
import { duration, httpUrl, Malformed } from "./units.ts";

export interface VendorVars {
  readonly key: Secret | undefined;
  /** Without a trailing slash. */
  readonly baseUrl: string | undefined;
  readonly timeoutMs: number | undefined;
  /** The variable that gives the key, for messages. */
  readonly keyVariable: string;
}

/** Shorter ones would be found, and masked, in any text. */
const LEAST_KEY = 8;

/** Throws `config_invalid`: which variable, what is expected; never its value. */
export function readVendorVars(vars: Vars, name: string): VendorVars {
  const prefix = name.toUpperCase().replaceAll("-", "_");
  const read = <T>(suffix: string, parse: (value: string) => T): T | undefined => {
    const variable = `${prefix}_${suffix}`;
    const value = vars[variable]?.trim();
    if (!value) return undefined;
    try {
      return parse(value);
    } catch (cause) {
      if (!(cause instanceof Malformed)) throw cause;
      throw new BrokerError("config_invalid", `${variable} ${cause.message}`, { param: variable });
    }
  };
  return {
    key: read("API_KEY", secret),
    baseUrl: read("BASE_URL", httpUrl),
    timeoutMs: read("TIMEOUT", timeout),
    keyVariable: `${prefix}_API_KEY`,
  };
}

function secret(value: string): Secret {
  if (value.length >= LEAST_KEY && /^[\x21-\x7e]+$/.test(value)) return new Secret(value);
  throw new Malformed(`must be at least ${LEAST_KEY} printable characters without blanks`);
}

function timeout(value: string): number {
  const ms = duration()(value);
  if (ms > 0) return ms;
  throw new Malformed("must be longer than 0");
}
