// The MCP servers in force: read at start, replaced whole by a reload (asked for, on SIGHUP or when the file changes). A
// faulty file changes nothing but `fault`.

import { unwatchFile, watchFile } from "node:fs";
import { BrokerError } from "../core/errors.ts";
import type { McpServerSettings } from "../core/mcp-server.ts";
import { readMcpFile } from "./mcp-file.ts";
import { type Lookup, settingsOf } from "./mcp-settings.ts";

export interface McpServersConfig {
  readonly path: string | undefined;
  readonly servers: readonly McpServerSettings[];
  /** Why the newest file was refused. */
  readonly fault: string | undefined;
  /** Reads the file; what it gives puts its servers in force. Throws `config_invalid` and keeps the old ones. */
  read(): () => void;
  /** Told of every reading that a change of the file led to. */
  watch(told: (fault: BrokerError | undefined) => void): void;
  close(): void;
}

export interface McpServersDeps {
  /** Without one there are no servers. */
  readonly path: string | undefined;
  readonly lookup: Lookup;
  /** Told of every configuration that came into force after the first. */
  readonly changed: (servers: readonly McpServerSettings[]) => void;
}

const POLL_MS = 500;

/** Throws `config_invalid` when the first configuration is faulty. */
export function openMcpServers({ path, lookup, changed }: McpServersDeps): McpServersConfig {
  let fault: string | undefined;
  let watching = false;
  const load = (): readonly McpServerSettings[] => {
    if (path === undefined) return [];
    try {
      const read = readMcpFile(path).map(({ slug, config }) => settingsOf(slug, config, lookup));
      fault = undefined;
      return read;
    } catch (cause) {
      if (cause instanceof BrokerError) fault = cause.message;
      throw cause;
    }
  };
  let servers = load();
  const read = (): (() => void) => {
    const next = load();
    return () => {
      servers = next;
      changed(next);
    };
  };
  return {
    path,
    get servers() {
      return servers;
    },
    get fault() {
      return fault;
    },
    read,
    watch(told) {
      if (path === undefined) return;
      watching = true;
      watchFile(path, { interval: POLL_MS, persistent: false }, (now, before) => {
        if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
        told(attempt(read));
      });
    },
    close() {
      if (watching && path !== undefined) unwatchFile(path);
    },
  };
}

function attempt(read: () => () => void): BrokerError | undefined {
  try {
    read()();
    return undefined;
  } catch (cause) {
    if (cause instanceof BrokerError) return cause;
    throw cause;
  }
}
