// `tools: [{type: "mcp", server_label, allowed_tools, require_approval}]`, as OpenAI's Responses has it, for a server that
// the broker knows. What a server says of its own tools opens nothing: only names do.

import type { ChatTool } from "../../generated/types.ts";
import { BrokerError } from "../errors.ts";
import type { Tool } from "../tool.ts";

export type McpToolParam = ChatTool & { readonly [member: string]: unknown };

/** Of tools that are not to be run without one: their calls go back to the caller, or the request is refused. */
export type Approval = "handed back" | "refused";

interface Filter {
  readonly tool_names?: unknown;
  readonly read_only?: unknown;
}

/** Those of `tools` that `allowed_tools` names; all unless given. Throws `invalid_params` for a name that is none of them. */
export function namedTools({ allowed_tools: allowed }: McpToolParam, tools: readonly Tool[], at: string): Tool[] {
  if (allowed === undefined || allowed === null) return [...tools];
  const place = `${at}/allowed_tools`;
  if (Array.isArray(allowed)) return among(tools, allowed, place);
  if (typeof allowed !== "object") throw unfit(place, "must be a list of names or a filter");
  const { tool_names: names, read_only: readOnly } = allowed as Filter;
  if (names !== undefined && !Array.isArray(names)) throw unfit(`${place}/tool_names`, "must be a list of names");
  const named = names ? among(tools, names, `${place}/tool_names`) : [...tools];
  return typeof readOnly === "boolean" ? named.filter((tool) => isReadOnly(tool) === readOnly) : named;
}

/** Whether the broker runs it. As at OpenAI nothing is run that the request does not exempt from approval. */
export function approvalOf(
  { require_approval: rule }: McpToolParam,
  tool: Tool,
  at: string,
  approval: Approval,
): boolean {
  if (rule === "never" || isExempt(rule, tool)) return true;
  if (!isRule(rule)) throw unfit(`${at}/require_approval`, 'must be "always", "never" or a filter of names');
  if (approval === "handed back") return false;
  throw unfit(`${at}/require_approval`, 'must be "never" for each tool: the broker can ask nobody for approval');
}

function isRule(rule: unknown): boolean {
  return rule === undefined || rule === "always" || (typeof rule === "object" && !Array.isArray(rule));
}

/** By name alone: that a tool only reads is but its server's own word. */
function isExempt(rule: unknown, tool: Tool): boolean {
  if (typeof rule !== "object" || rule === null) return false;
  const { never, always } = rule as { never?: Filter | null; always?: Filter | null };
  return names(never, tool) && !names(always, tool);
}

function names(filter: Filter | null | undefined, { shown }: Tool): boolean {
  const list = filter?.tool_names;
  return Array.isArray(list) && (list.includes(shown.tool) || list.includes(shown.name));
}

function among(tools: readonly Tool[], list: readonly unknown[], place: string): Tool[] {
  return list.map((name, index) => {
    const tool = tools.find(({ shown }) => shown.tool === name || shown.name === name);
    if (!tool) throw unfit(`${place}/${index}`, "the server has no such tool");
    return tool;
  });
}

function isReadOnly({ shown: { annotations } }: Tool): boolean {
  return annotations?.readOnlyHint === true;
}

function unfit(param: string, what: string): BrokerError {
  return new BrokerError("invalid_params", `${param}: ${what}`, { param });
}
