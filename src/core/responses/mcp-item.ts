// Output items of tools of MCP servers that the broker ran: the tools of a server, and calls with their results. And the way
// back: what a later turn tells the model of such a call.

import type { ToolAnswered, ToolCalled, ToolsListed } from "../tool-use/event.ts";
import type { Json } from "./fault.ts";
import type { Item } from "./items.ts";
import type { OpenItem, Place, Told } from "./output.ts";

type Tell = (event: Told) => void;

/** The tools of one server, told at once. */
export function listTools({ server, tools }: ToolsListed, { id, index }: Place, tell: Tell): OpenItem {
  const item = (list: readonly Json[]): Json => ({
    ...{ id, type: "mcp_list_tools", server_label: server, tools: list, error: null },
  });
  const whole = item(
    tools.map(({ tool, description = null, inputSchema, annotations = null }) => ({
      ...{ name: tool, description, input_schema: inputSchema, annotations },
    })),
  );
  tell({ type: "response.output_item.added", output_index: index, item: item([]) });
  tell({ type: "response.mcp_list_tools.in_progress", item_id: id, output_index: index });
  tell({ type: "response.mcp_list_tools.completed", item_id: id, output_index: index });
  tell({ type: "response.output_item.done", output_index: index, item: whole });
  return { done: true, value: () => whole, end: () => {} };
}

/** A call of a tool, open until its result has come. */
export class McpCallItem implements OpenItem {
  done = false;
  readonly #called: ToolCalled;
  readonly #place: Place;
  #answer: ToolAnswered | undefined;

  constructor(called: ToolCalled, place: Place, tell: Tell) {
    this.#called = called;
    this.#place = place;
    const { index } = place;
    tell({ type: "response.output_item.added", output_index: index, item: { ...this.value(), arguments: "" } });
    tell({ type: "response.mcp_call.in_progress", ...this.#at() });
    tell({ type: "response.mcp_call_arguments.delta", ...this.#at(), delta: called.arguments });
    tell({ type: "response.mcp_call_arguments.done", ...this.#at(), arguments: called.arguments });
  }

  /** Results of other calls are passed over. */
  answer(answer: ToolAnswered, tell: Tell): void {
    if (this.done || answer.id !== this.#called.id) return;
    this.#answer = answer;
    this.end("completed", tell);
  }

  end(_: unknown, tell: Tell): void {
    this.done = true;
    tell({ type: `response.mcp_call.${this.#hasFailed ? "failed" : "completed"}`, ...this.#at() });
    tell({ type: "response.output_item.done", output_index: this.#place.index, item: this.value() });
  }

  value(): Json {
    const { server, tool, arguments: args } = this.#called;
    const answer = this.#answer;
    return {
      id: this.#place.id,
      type: "mcp_call",
      status: this.done ? (this.#hasFailed ? "failed" : "completed") : "in_progress",
      approval_request_id: null,
      server_label: server,
      name: tool,
      arguments: args,
      output: answer && !answer.is_error ? answer.output : null,
      error: answer?.is_error ? errorOf(answer) : null,
    };
  }

  get #hasFailed(): boolean {
    return this.#answer?.is_error !== false;
  }

  #at(): Json {
    return { item_id: this.#place.id, output_index: this.#place.index };
  }
}

function errorOf({ output, code }: ToolAnswered): Json {
  if (code !== undefined) return { type: "mcp_protocol_error", code, message: output };
  return { type: "mcp_tool_execution_error", content: [{ type: "text", text: output }] };
}

/** What the model read, or was to read, of the call. */
export function mcpOutput({ output, error }: Item): string {
  if (typeof output === "string") return output;
  if (error === null || error === undefined) return "";
  const { content, message } = Object(error) as { content?: unknown; message?: unknown };
  const texts = Array.isArray(content) ? content.map((part: Json | null) => part?.text) : [message ?? error];
  return `Error: ${texts.map((text) => (typeof text === "string" ? text : JSON.stringify(text))).join("\n")}`;
}
