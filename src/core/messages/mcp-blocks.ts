// Tools of MCP servers that the broker ran, as blocks of Anthropic's MCP connector; and the way back, where a client sends
// them in a later turn: ordinary tools with their results, which every backend understands.

import type { ChatChunk, MessageParam, MessagesCreateParams } from "../../generated/types.ts";
import { eventOf, toolName } from "../tool-use/event.ts";
import type { Block } from "./content.ts";
import { toolUseId } from "./to-message.ts";
import { toolInput } from "./tool-input.ts";

/** One whole block. */
export interface ToolBlock {
  readonly type: "mcp_tool_use" | "mcp_tool_result";
  readonly input?: object;
  readonly [member: string]: unknown;
}

/** Of calls that the broker ran: Anthropic knows of those of its own connector. */
const PREFIX = "mcptoolu_broker_";

/** `undefined`: the chunk tells nothing of a tool that has a block. */
export function toolBlock(chunk: ChatChunk): ToolBlock | undefined {
  const event = eventOf(chunk);
  if (event?.type === "call") {
    const { id, server, tool, arguments: text } = event;
    return { type: "mcp_tool_use", id: blockId(id), name: tool, server_name: server, input: toolInput(text) };
  }
  if (event?.type !== "result") return undefined;
  const { id, is_error, output } = event;
  return { type: "mcp_tool_result", tool_use_id: blockId(id), is_error, content: [{ type: "text", text: output }] };
}

function blockId(id: string): string {
  return PREFIX + toolUseId(id, "", 0);
}

/** The same conversation without blocks that no backend knows. */
export function withPlainTools(params: MessagesCreateParams): MessagesCreateParams {
  if (!params.messages.some(hasOwn)) return params;
  return { ...params, messages: params.messages.flatMap((message) => (hasOwn(message) ? plain(message) : [message])) };
}

function hasOwn({ content }: MessageParam): boolean {
  return typeof content !== "string" && content.some(isOwn);
}

function isOwn({ type, id, tool_use_id: of }: Block): boolean {
  if (type === "mcp_tool_use") return String(id).startsWith(PREFIX);
  return type === "mcp_tool_result" && String(of).startsWith(PREFIX);
}

/** Results are the user's to give, and what the model said after them is a turn of its own. */
function plain({ role, content }: MessageParam): MessageParam[] {
  const turns: { role: MessageParam["role"]; content: Block[] }[] = [];
  for (const block of content as readonly Block[]) {
    const isResult = block.type === "mcp_tool_result" && isOwn(block);
    const by = isResult ? "user" : role;
    let turn = turns.at(-1);
    if (turn?.role !== by) {
      turn = { role: by, content: [] };
      turns.push(turn);
    }
    turn.content.push(isOwn(block) ? plainBlock(block) : block);
  }
  return turns as MessageParam[];
}

function plainBlock(block: Block): Block {
  if (block.type === "mcp_tool_result") {
    const { tool_use_id, content, is_error } = block;
    return { type: "tool_result", tool_use_id, content, ...(is_error === true ? { is_error } : {}) } as Block;
  }
  const { id, name, server_name: server, input } = block;
  return { type: "tool_use", id, name: toolName(String(server), String(name)), input } as Block;
}
