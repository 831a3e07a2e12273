// The lists of all servers as one: sorted by name, found by name. Put together when first asked for after a change.

import { BrokerError } from "../../core/errors.ts";
import { matches } from "../../core/key.ts";
import type { Tool } from "../../core/tool.ts";
import type { ErrorKind, McpPrompt, McpResource, McpResourceTemplate } from "../../generated/types.ts";
import type { Lists } from "./lists.ts";

export interface Merged {
  tools(): readonly Tool[];
  /** Throws `tool_not_found`, or `invalid_params` for a bare name that several have. */
  tool(name: string): Tool;
  resources(): readonly McpResource[];
  templates(): readonly McpResourceTemplate[];
  serversOf(uri: string): readonly string[];
  prompts(): readonly McpPrompt[];
  prompt(name: string): McpPrompt;
  /** Something changed. */
  forget(): void;
}

export function createMerged(servers: () => readonly { readonly lists: Lists }[]): Merged {
  let held: All | undefined;
  const all = (): All => {
    held ??= new All(servers().map(({ lists }) => lists));
    return held;
  };
  return {
    tools: () => all().tools,
    tool: (name) => found(all().toolsByName, name, "tool_not_found", (tool) => tool.shown.name),
    resources: () => all().resources,
    templates: () => all().templates,
    serversOf: (uri) => all().serversOf(uri),
    prompts: () => all().prompts,
    prompt: (name) => found(all().promptsByName, name, "prompt_not_found", (prompt) => prompt.name),
    forget: () => {
      held = undefined;
    },
  };
}

class All {
  readonly tools: readonly Tool[];
  readonly resources: readonly McpResource[];
  readonly templates: readonly McpResourceTemplate[];
  readonly prompts: readonly McpPrompt[];
  readonly toolsByName: ReadonlyMap<string, readonly Tool[]>;
  readonly promptsByName: ReadonlyMap<string, readonly McpPrompt[]>;
  readonly #serversByUri = new Map<string, Set<string>>();
  /** Patterns of templates, with `*` for each expression. */
  readonly #patterns: readonly (readonly [pattern: string, server: string])[];

  constructor(lists: readonly Lists[]) {
    this.tools = lists.flatMap(({ tools }) => tools).sort((a, b) => compare(a.shown.name, b.shown.name));
    this.resources = lists.flatMap(({ resources }) => resources).sort((a, b) => compare(a.uri, b.uri));
    this.templates = lists.flatMap(({ templates }) => templates).sort((a, b) => compare(a.uriTemplate, b.uriTemplate));
    this.prompts = lists.flatMap(({ prompts }) => prompts).sort((a, b) => compare(a.name, b.name));
    this.toolsByName = byName(this.tools, ({ shown }) => [shown.name, shown.tool]);
    this.promptsByName = byName(this.prompts, ({ name, prompt }) => [name, prompt]);
    for (const { uri, server } of this.resources) {
      const those = this.#serversByUri.get(uri) ?? new Set();
      this.#serversByUri.set(uri, those.add(server));
    }
    this.#patterns = this.templates.map(({ uriTemplate, server }) => [
      uriTemplate.replaceAll(/\{[^{}]*\}/g, "*"),
      server,
    ]);
  }

  serversOf(uri: string): readonly string[] {
    const byTemplate = this.#patterns.filter(([pattern]) => matches(pattern, uri)).map(([, server]) => server);
    return [...new Set([...(this.#serversByUri.get(uri) ?? []), ...byTemplate])];
  }
}

/** A full name comes before the bare names that look like it. */
function byName<T>(items: readonly T[], namesOf: (item: T) => readonly [full: string, bare: string]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) map.set(namesOf(item)[0], [item]);
  const full = new Set(map.keys());
  for (const item of items) {
    const [, bare] = namesOf(item);
    if (full.has(bare)) continue;
    const those = map.get(bare);
    if (those) those.push(item);
    else map.set(bare, [item]);
  }
  return map;
}

function found<T>(
  byName: ReadonlyMap<string, readonly T[]>,
  name: string,
  kind: ErrorKind,
  nameOf: (item: T) => string,
): T {
  const [only, ...others] = byName.get(name) ?? [];
  if (only === undefined) throw new BrokerError(kind, undefined, { param: "/name" });
  if (others.length === 0) return only;
  const names = [only, ...others].map(nameOf).slice(0, 16);
  throw new BrokerError("invalid_params", `Several servers have "${name}": say which, as in ${names[0]}`, {
    param: "/name",
    names,
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
