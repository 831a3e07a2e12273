// What a server offers: its lists, page by page within bounds, under the names that they have here. What a server gives in a
// form that the document doesn't know is left out.

import { isObject } from "../../core/json-object.ts";
import { matches } from "../../core/key.ts";
import { aliasOf } from "../../core/mcp-names.ts";
import type { McpServerSettings } from "../../core/mcp-server.ts";
import { toUsd } from "../../core/money.ts";
import type { Tool, ToolChange } from "../../core/tool.ts";
import type { McpPrompt, McpResource, McpResourceTemplate, McpTool } from "../../generated/types.ts";
import { headerParams } from "../header-params.ts";
import type { Connection } from "./connection.ts";
import { failureOf } from "./failure.ts";
import { Lost } from "./keeper.ts";

export interface Lists {
  readonly tools: readonly Tool[];
  readonly resources: readonly McpResource[];
  readonly templates: readonly McpResourceTemplate[];
  readonly prompts: readonly McpPrompt[];
}

export const NOTHING: Lists = { tools: [], resources: [], templates: [], prompts: [] };

const MOST_PAGES = 256;
const MOST_ITEMS = 10_000;
const MOST_BYTES = 32 * 1024 * 1024;
const LONGEST_NAME = 1024;
const LONGEST_TEXT = 65_536;
const LONGEST_URI = 8192;

/** A list that does not end, or is too long. */
export class Endless extends Error {
  override readonly name = "Endless";
}

/** The lists that `wanted` names, read again; the others as they were. */
export async function readLists(
  connection: Connection,
  settings: McpServerSettings,
  before: Lists,
  wanted: ReadonlySet<ToolChange>,
): Promise<Lists> {
  const has = connection.client.getServerCapabilities();
  // Forgotten when the connection closes; a server that is gone has not taken its tools back.
  if (has === undefined) throw new Lost(connection.fate);
  const ask = (method: string, member: string): Promise<Item[]> => pages(connection, settings, method, member);
  const tools = wanted.has("tools") ? (has.tools ? await ask("tools/list", "tools") : []) : undefined;
  const resources = wanted.has("resources");
  const listed = resources && has.resources ? await ask("resources/list", "resources") : [];
  const templates =
    resources && has.resources ? await optional(ask("resources/templates/list", "resourceTemplates")) : [];
  const prompts = wanted.has("prompts") ? (has.prompts ? await ask("prompts/list", "prompts") : []) : undefined;
  return {
    tools: tools ? toolsOf(tools.filter(keepsRules(connection, settings)), settings) : before.tools,
    resources: resources ? listed.flatMap((item) => resourceOf(item, settings.name)) : before.resources,
    templates: resources ? templates.flatMap((item) => templateOf(item, settings.name)) : before.templates,
    prompts: prompts ? unique(prompts.flatMap((item) => promptOf(item, settings.name))) : before.prompts,
  };
}

/** Over HTTP a tool with wrong `x-mcp-header` marks must not be used, says 2026-07-28. */
function keepsRules({ modern }: Connection, { transport }: McpServerSettings): (item: Item) => boolean {
  return ({ inputSchema }) => !modern || transport === "stdio" || headerParams(inputSchema) !== undefined;
}

/** Servers with resources and without templates may not know the method. */
function optional(items: Promise<Item[]>): Promise<Item[]> {
  return items.catch((cause) => {
    if (failureOf(cause).kind === "mcp_rejected") return [];
    throw cause;
  });
}

type Item = Readonly<Record<string, unknown>>;

async function pages(
  connection: Connection,
  settings: McpServerSettings,
  method: string,
  member: string,
): Promise<Item[]> {
  const items: Item[] = [];
  let bytes = 0;
  let cursor: unknown;
  for (let page = 1; ; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = (await connection.ask(method, params, {}, settings.connectTimeoutMs)) as Item;
    const found = answer[member];
    if (!Array.isArray(found)) throw new Endless(`${method} gave no list`);
    items.push(...found.filter((item) => typeof item === "object" && item !== null));
    bytes += JSON.stringify(found).length;
    if (items.length > MOST_ITEMS) throw new Endless(`${method}: more than ${MOST_ITEMS} items`);
    if (bytes > MOST_BYTES) throw new Endless(`${method}: more than ${MOST_BYTES} bytes`);
    if (answer.nextCursor === undefined || answer.nextCursor === null || answer.nextCursor === "") return items;
    if (page >= MOST_PAGES || answer.nextCursor === cursor) throw new Endless(`${method}: its pages don't end`);
    cursor = answer.nextCursor;
  }
}

function toolsOf(items: readonly Item[], settings: McpServerSettings): Tool[] {
  const { allowTools, denyTools, toolCosts, cost } = settings;
  const tools = items.flatMap((item) => toolOf(item, settings.name));
  const offered = tools.filter(
    ({ tool }) =>
      (allowTools?.some((pattern) => matches(pattern, tool)) ?? true) &&
      !denyTools.some((pattern) => matches(pattern, tool)),
  );
  return unique(offered).map((shown) => {
    const own = Object.hasOwn(toolCosts, shown.tool) ? (toolCosts[shown.tool] ?? cost) : cost;
    return { shown: own === 0 ? shown : { ...shown, cost: toUsd(own) }, cost: own };
  });
}

/** Of two with one name the first counts. */
function unique<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const item of items) if (!byName.has(item.name)) byName.set(item.name, item);
  return [...byName.values()];
}

function toolOf(item: Item, server: string): McpTool[] {
  const { name, inputSchema } = item;
  if (!isName(name) || !isObject(inputSchema)) return [];
  const { icons, annotations, outputSchema, _meta, ...rest } = textsOf(item);
  return [
    {
      ...rest,
      ...{ name: aliasOf(server, name), server, tool: name, inputSchema },
      ...objects({ outputSchema, annotations, _meta }),
      ...(Array.isArray(icons) ? { icons: icons.filter(isObject).slice(0, 64) } : {}),
    } as McpTool,
  ];
}

function promptOf(item: Item, server: string): McpPrompt[] {
  const { name, arguments: args } = item;
  if (!isName(name)) return [];
  const { _meta, arguments: _, ...rest } = textsOf(item);
  const list = Array.isArray(args) ? args.filter((arg) => isObject(arg) && typeof arg.name === "string") : undefined;
  const own = {
    name: aliasOf(server, name),
    server,
    prompt: name,
    ...(list ? { arguments: list.slice(0, 1024) } : {}),
  };
  return [{ ...rest, ...own, ...objects({ _meta }) } as McpPrompt];
}

function resourceOf(item: Item, server: string): McpResource[] {
  const { uri, name } = item;
  if (!isUri(uri) || !isName(name)) return [];
  const { annotations, _meta, size, mimeType, ...rest } = textsOf(item);
  const own = { ...rest, uri, name, server, ...objects({ annotations, _meta }) };
  const whole = Number.isSafeInteger(size) && Number(size) >= 0 ? { size } : {};
  return [
    { ...own, ...whole, ...(typeof mimeType === "string" ? { mimeType: mimeType.slice(0, 256) } : {}) },
  ] as McpResource[];
}

function templateOf(item: Item, server: string): McpResourceTemplate[] {
  const { uriTemplate, name } = item;
  if (!isUri(uriTemplate) || !isName(name)) return [];
  const { annotations, _meta, mimeType, ...rest } = textsOf(item);
  const own = { ...rest, uriTemplate, name, server, ...objects({ annotations, _meta }) };
  return [
    { ...own, ...(typeof mimeType === "string" ? { mimeType: mimeType.slice(0, 256) } : {}) },
  ] as McpResourceTemplate[];
}

/** Title and description, cut to what the document allows; left out where they are no text. */
function textsOf({ title, description, ...rest }: Item): Record<string, unknown> {
  const texts = Object.entries({ title, description }).filter(([, text]) => typeof text === "string");
  return { ...rest, ...Object.fromEntries(texts.map(([key, text]) => [key, String(text).slice(0, LONGEST_TEXT)])) };
}

function objects(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => isObject(value)));
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= LONGEST_NAME;
}

function isUri(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= LONGEST_URI;
}
