// The bundled MCP servers by name. A vendor's file is loaded when its server is asked for.

import { BrokerError } from "../../core/errors.ts";
import { toolsOf } from "./engine.ts";
import type { BundledTool, Vendor, VendorAccess } from "./vendor.ts";

const VENDORS: Readonly<Record<string, () => Promise<Vendor>>> = {
  serper: async () => (await import("./serper.ts")).SERPER,
  serpapi: async () => (await import("./serpapi.ts")).SERPAPI,
  exa: async () => (await import("./exa.ts")).EXA,
  scraperapi: async () => (await import("./scraperapi.ts")).SCRAPERAPI,
  scrapfly: async () => (await import("./scrapfly.ts")).SCRAPFLY,
};

export const BUNDLED: readonly string[] = [...Object.keys(VENDORS), "ping"];

/** What is known of the access; the key is missed where one is needed. */
export type GivenAccess = Omit<VendorAccess, "key"> & { readonly key: VendorAccess["key"] | undefined };

/** Throws `config_invalid` for a name that is none, and where the vendor's key is missing. */
export async function bundledTools(name: string, access: GivenAccess): Promise<readonly BundledTool[]> {
  if (name === "ping") return (await import("./ping.ts")).PING;
  const load = Object.hasOwn(VENDORS, name) ? VENDORS[name] : undefined;
  if (!load) throw new BrokerError("config_invalid", `unknown MCP server "${name}": one of ${BUNDLED.join(", ")}`);
  const vendor = await load();
  const { key } = access;
  if (!key) {
    throw new BrokerError("config_invalid", `${access.keyVariable} is not set: ${vendor.title} answers to a key only`);
  }
  return toolsOf(vendor, { ...access, key });
}
