// Members of a request that make its provider take another price than the configured one, and names that a careless server
// could read as others that mean money. What is limited must not be spent through them.

import { BrokerError } from "./errors.ts";

/** Faster, elsewhere, with paid searches, or by models of the provider's own choice. */
const OTHERWISE: ReadonlySet<string> = new Set([
  ...["service_tier", "speed", "inference_geo", "web_search_options", "plugins", "preset"],
  ...["fallbacks", "mcp_servers", "container"],
]);
const ORDINARY: ReadonlySet<unknown> = new Set([null, undefined, "auto", "default", "standard", "standard_only"]);
const GUARDED: ReadonlySet<string> = new Set([
  ...["model", "models", "messages", "stream", "n", "tools", "max_tokens", "max_completion_tokens", "service_tier"],
]);

/** Throws `invalid_params` for a name that differs in case alone from one that tells what is paid for. */
export function refuseLookAlikes(params: object): void {
  for (const name in params) {
    if (GUARDED.has(name)) continue;
    const lower = name.toLowerCase();
    if (lower === name || !GUARDED.has(lower)) continue;
    throw new BrokerError("invalid_params", `/${name}: write it ${lower}`, { param: `/${name}` });
  }
}

/** Throws `price_unknown`. For requests whose money is limited. */
export function refusePricedOtherwise(params: object): void {
  for (const [name, value] of Object.entries(params)) {
    if (OTHERWISE.has(name) && !ORDINARY.has(value)) throw unknown(`/${name}`);
  }
  const { tools } = params as { tools?: unknown };
  if (!Array.isArray(tools)) return;
  const at = tools.findIndex(({ type = "function" }) => type !== null && type !== "function" && type !== "custom");
  if (at >= 0) throw unknown(`/tools/${at}/type`);
}

function unknown(param: string): BrokerError {
  return new BrokerError("price_unknown", `${param} changes the price in a way that is not known`, { param });
}
