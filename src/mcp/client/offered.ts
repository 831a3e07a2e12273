// What one server offers and says of itself, as it was last read: who shows lists is told of what has changed since.

import { isDeepStrictEqual } from "node:util";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import type { ToolChange } from "../../core/tool.ts";
import type { McpServer } from "../../generated/types.ts";
import type { Connection } from "./connection.ts";
import { type Lists, NOTHING, readLists } from "./lists.ts";

/** Characters of what it says to models. */
const LONGEST_INSTRUCTIONS = 65_536;

export class Offered {
  lists: Lists = NOTHING;
  readonly #settings: McpServerSettings;
  readonly #changed: (change: ToolChange) => void;
  #about: Partial<McpServer> = {};

  constructor(settings: McpServerSettings, changed: (change: ToolChange) => void) {
    this.#settings = settings;
    this.#changed = changed;
  }

  get unread(): boolean {
    return this.lists === NOTHING;
  }

  get shown(): Partial<McpServer> & Pick<McpServer, "tools" | "resources" | "prompts"> {
    const { tools, resources, templates, prompts } = this.lists;
    return {
      tools: tools.length,
      resources: resources.length + templates.length,
      prompts: prompts.length,
      ...this.#about,
    };
  }

  /** Reads the lists that are wanted again. */
  async read(connection: Connection, wanted: ReadonlySet<ToolChange>): Promise<void> {
    const before = this.lists;
    const now = await readLists(connection, this.#settings, before, wanted);
    this.lists = now;
    const { client } = connection;
    const instructions = client.getInstructions()?.slice(0, LONGEST_INSTRUCTIONS);
    this.#about = {
      protocol_version: client.getNegotiatedProtocolVersion()?.slice(0, 32) ?? "",
      ...(client.getServerVersion() ? { server: { ...client.getServerVersion() } } : {}),
      ...(instructions ? { instructions } : {}),
    };
    if (!isDeepStrictEqual(before.tools, now.tools)) this.#changed("tools");
    if (!isDeepStrictEqual(before.prompts, now.prompts)) this.#changed("prompts");
    if (!isDeepStrictEqual([before.resources, before.templates], [now.resources, now.templates]))
      this.#changed("resources");
  }
}
