// The MCP servers behind the broker.

import { BrokerError } from "../../core/errors.ts";
import type { ToolServers } from "../../core/tool.ts";

export interface ServerPool extends ToolServers {
  close(): Promise<void>;
}

export function createServerPool(): ServerPool {
  const none = (): never => {
    throw new BrokerError("mcp_server_not_found");
  };
  return {
    servers: () => [],
    restart: none,
    tools: () => [],
    tool: () => {
      throw new BrokerError("tool_not_found");
    },
    call: none,
    resources: () => [],
    resourceTemplates: () => [],
    serversOf: () => [],
    read: none,
    subscribe: none,
    prompts: () => [],
    prompt: () => {
      throw new BrokerError("prompt_not_found");
    },
    fill: none,
    complete: none,
    onChange: () => () => {},
    forget: () => {},
    close: async () => {},
  };
}
