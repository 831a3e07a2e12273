// Members of a request that make its provider take another price than the configured one, and names that a careless server
// could read as others that mean money. What is limited must not be spent through them, and other calls' costs are unknown.

import { BrokerError } from "./errors.ts";

/** Faster, elsewhere, with paid searches, or by models of the provider's own choice. */
const OTHERWISE: ReadonlySet<string> = new Set([
  ...["service_tier", "speed", "inference_geo", "web_search_options", "plugins", "preset"],
  ...["fallbacks", "mcp_servers", "container"],
]);
const ORDINARY: ReadonlySet<unknown> = new Set([null, undefined, "auto", "default", "standard", "standard_only"]);
/** Tools of the vendors' that the caller runs, and pays for as text alone. */
const RUN_BY_CALLER = /^(?:function|custom|local_shell|apply_patch|(?:bash|text_editor|computer|memory)_\d{8})$/;
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

/** A pointer to what changes the price; `undefined`: nothing does. */
export function pricedOtherwise(params: object): string | undefined {
  for (const name in params) {
    if (OTHERWISE.has(name) && !ORDINARY.has((params as Record<string, unknown>)[name])) return `/${name}`;
  }
  const { tools } = params as { tools?: unknown };
  if (!Array.isArray(tools)) return undefined;
  const at = tools.findIndex(({ type }) => typeof type === "string" && !RUN_BY_CALLER.test(type));
  return at < 0 ? undefined : `/tools/${at}/type`;
}

/** For requests whose money is limited. */
export function unknownPrice(param: string): BrokerError {
  return new BrokerError("price_unknown", `${param} changes the price in a way that is not known`, { param });
}
