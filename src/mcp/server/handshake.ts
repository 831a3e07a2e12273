// `initialize`, as of the versions that have it: which version is spoken, who the broker is, what the client can be asked.

import { BrokerError } from "../../core/errors.ts";
import { isObject } from "../../core/json-object.ts";
import type { ToolServers } from "../../core/tool.ts";
import { VERSION } from "../../generated/methods.ts";
import { CAPABILITIES } from "./offer.ts";
import { LEGACY_VERSIONS, type Params } from "./wire.ts";

export const SERVER_INFO = { name: "aibroker", title: "AI Broker", version: VERSION };

const INSTRUCTIONS =
  "Tools, resources and prompts of the MCP servers behind this broker, and the broker's own model calls as tools. " +
  "Tools of servers are called server__tool.";

/** Characters of a client's capabilities as JSON: they are kept as long as its session. */
const MOST_CAPABILITIES = 16_384;

export interface Handshake {
  readonly version: string;
  readonly capabilities: Params;
  readonly result: object;
}

/** How to use what is shown: in the words of the one server that is shown alone, where it has any. */
export function instructionsOf(
  tools: Pick<ToolServers, "servers">,
  only: string | undefined,
): { instructions?: string } {
  const words = only === undefined ? INSTRUCTIONS : tools.servers().find(({ name }) => name === only)?.instructions;
  return words === undefined ? {} : { instructions: words };
}

/** A version that nobody knows is answered with the newest. Throws `invalid_params`. */
export function shakeHands(
  { protocolVersion, capabilities }: Params,
  instructions: { instructions?: string },
): Handshake {
  if (isObject(capabilities) && JSON.stringify(capabilities).length > MOST_CAPABILITIES)
    throw new BrokerError("invalid_params", "/capabilities: are too many", { param: "/capabilities" });
  const known = LEGACY_VERSIONS.includes(protocolVersion as string);
  const version = known ? (protocolVersion as string) : (LEGACY_VERSIONS[0] as string);
  return {
    version,
    capabilities: isObject(capabilities) ? capabilities : {},
    result: {
      protocolVersion: version,
      capabilities: { ...CAPABILITIES, logging: {} },
      serverInfo: SERVER_INFO,
      ...instructions,
    },
  };
}
