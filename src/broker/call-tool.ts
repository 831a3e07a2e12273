// One metered call of an MCP server's tool: allowed, within limits and budgets, one row of the request log whatever happens.
// A tool costs what the configuration says, once its server may have begun.

import type { Call } from "../core/call.ts";
import { BrokerError } from "../core/errors.ts";
import type { CallEnd } from "../core/ledger.ts";
import { fromUsd, toUsd, ZERO } from "../core/money.ts";
import { mayCall, type Tool, type ToolServers } from "../core/tool.ts";
import { NO_TOKENS, NO_UNITS } from "../core/usage.ts";
import type { McpToolResult, McpToolsCallParams } from "../generated/types.ts";
import { endedBy, hold, settle, startOf } from "./entry.ts";
import type { MeteredDeps } from "./metered.ts";
import { orderOf } from "./tool-order.ts";

export interface CallToolDeps extends Pick<MeteredDeps, "ledger" | "gate" | "onEnd" | "ticks"> {
  readonly tools: ToolServers;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Rejects with what `ToolServers.call` rejects with, `tool_not_found`, `tool_not_allowed` and what the gate refuses with. */
export async function callTool(deps: CallToolDeps, params: McpToolsCallParams, call: Call): Promise<McpToolResult> {
  const begunAt = deps.ticks();
  const tool = allowed(deps.tools, params, call);
  const worst = tool instanceof BrokerError ? ZERO : tool.cost;
  const admission = deps.gate.admit(call, { tokens: 0, worst, least: worst });
  const start = startOf(params.name, call);
  const id = await hold(deps.ledger, start, admission);
  const sentAt = deps.ticks();
  let result: McpToolResult | undefined;
  let error: BrokerError | undefined;
  let begun = false;
  try {
    if (tool instanceof BrokerError) throw tool;
    call.signal.throwIfAborted();
    const onBegun = (): void => {
      begun = true;
    };
    result = await deps.tools.call(tool, params.arguments ?? {}, { ...orderOf(call), onBegun });
  } catch (cause) {
    error = endedBy(cause, call.signal);
  }
  const answeredAt = deps.ticks();
  const end = endOf(tool, begun, error, deps.now());
  await settle(deps.ledger, id, start, end, admission);
  deps.onEnd(start, end, { overheadMs: sentAt - begunAt + (deps.ticks() - answeredAt), fallbacks: 0 });
  if (tool instanceof BrokerError) throw tool;
  const { shown } = tool;
  call.tellReceipt({ model: shown.name, provider: shown.server, attempts: 1, costNanoUsd: end.costNanoUsd });
  if (error) throw error;
  return { ...(result as McpToolResult), usage: { cost: toUsd(end.costNanoUsd) } };
}

/** A refusal leaves a row like any other call, so it is thrown later. */
function allowed(tools: ToolServers, { name, max_cost }: McpToolsCallParams, call: Call): Tool | BrokerError {
  try {
    const tool = tools.tool(name);
    if (!mayCall(call.principal.key, tool.shown.name)) throw new BrokerError("tool_not_allowed");
    if (max_cost !== undefined && tool.cost > fromUsd(max_cost))
      throw new BrokerError("max_cost_exceeded", undefined, { param: "max_cost" });
    return tool;
  } catch (cause) {
    if (cause instanceof BrokerError) return cause;
    throw cause;
  }
}

function endOf(tool: Tool | BrokerError, begun: boolean, error: BrokerError | undefined, finishedAt: number): CallEnd {
  const known = tool instanceof BrokerError ? undefined : tool;
  const spent = known && begun;
  return {
    ...{ finishedAt, ttftMs: undefined, keyLabel: undefined, tokens: NO_TOKENS, units: NO_UNITS, usageSource: "none" },
    modelServed: known?.shown.name,
    provider: known?.shown.server,
    modelId: known?.shown.tool,
    costNanoUsd: spent ? known.cost : ZERO,
    priceKnown: true,
    attempts: spent ? 1 : 0,
    status: error === undefined ? "ok" : error.kind === "cancelled" ? "cancelled" : "error",
    errorKind: error?.kind,
  };
}
