// Resources of MCP servers for one caller: whose a URI is, reading, and hearing of changes.

import type { Call, Progress } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import { mayReach, type ToolServers } from "../core/tool.ts";
import type { McpResourceContents, McpSubscribed } from "../generated/types.ts";
import { derivedCall } from "./derived-call.ts";
import { endedBy } from "./entry.ts";
import { orderOf } from "./tool-order.ts";

interface Asked {
  readonly uri: string;
  readonly server?: string;
}

/** The server that has the URI. Throws `resource_not_found`, or `invalid_params` where several have it. */
export function serverOf(tools: ToolServers, { uri, server }: Asked, call: Call): string {
  const able = tools.serversOf(uri).filter((name) => mayReach(call.principal.key, name));
  const found = server === undefined ? able : able.filter((name) => name === server);
  const [only, other] = found;
  if (only === undefined) throw new BrokerError("resource_not_found", undefined, { param: "/uri" });
  if (other === undefined) return only;
  throw new BrokerError("invalid_params", "Several servers have this URI: say which", {
    param: "/server",
    servers: found,
  });
}

export async function readResource(tools: ToolServers, asked: Asked, call: Call): Promise<McpResourceContents> {
  return tools.read(serverOf(tools, asked, call), asked.uri, orderOf(call));
}

/** Runs until the call is cancelled, which tells how many changes were sent; without a stream it ends at once. */
export async function subscribeResource(tools: ToolServers, asked: Asked, call: Call): Promise<McpSubscribed> {
  const server = serverOf(tools, asked, call);
  const { progress, signal } = call;
  if (!progress) return { updates: 0 };
  let updates = 0;
  const counted: Progress = (run) => {
    updates += run.values.length;
    return progress(run);
  };
  const end = await tools.subscribe(server, asked.uri, orderOf(derivedCall(call, { progress: counted })));
  try {
    await progress({ values: [] }); // tells the client that it has begun
    await aborted(signal);
  } finally {
    await end();
  }
  throw endedBy(signal.reason, signal).with({ updates });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
