// What tools that the broker runs within an answer have to tell, between the chunks of the model's own text. A chunk shows
// it to chat clients as `mcp`; other dialects find it under a symbol, which no vendor's chunk can carry.

import type { ChatChunk, ChatCompletion, McpProgress, McpTool } from "../../generated/types.ts";
import { aliasOf, serverSlug } from "../mcp-names.ts";

/** Whose tool, and which of its calls. */
export interface ToolEventOf {
  /** Of the call, unique within the answer. */
  readonly id: string;
  readonly server: string;
  /** The server's own name of it. */
  readonly tool: string;
  /** As the model calls it. */
  readonly name: string;
}

export interface ToolCalled extends ToolEventOf {
  readonly type: "call";
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
}

export interface ToolProgressed extends ToolEventOf {
  readonly type: "progress";
  readonly progress: McpProgress;
}

export interface ToolAnswered extends ToolEventOf {
  readonly type: "result";
  /** What the model is given to read. */
  readonly output: string;
  readonly is_error: boolean;
  /** Of the error, where the tool itself did not answer. */
  readonly code?: number;
}

/** Tools that the broker runs; for dialects that list them. */
export interface ToolsListed {
  readonly type: "tools";
  readonly server: string;
  readonly tools: readonly McpTool[];
}

export type ToolEvent = ToolCalled | ToolProgressed | ToolAnswered | ToolsListed;

const EVENT: unique symbol = Symbol("MCP tool");
const STEPS: unique symbol = Symbol("steps of an answer with tools");

interface Carrying {
  readonly [EVENT]?: ToolEvent;
  readonly [STEPS]?: readonly ChatChunk[];
}

/** A chunk that brings nothing but the event. */
export function chunkWith(head: Pick<ChatChunk, "id" | "created" | "model">, event: ToolEvent): ChatChunk {
  const choices = [{ index: 0, delta: {}, finish_reason: null }];
  const chunk: ChatChunk & Carrying = { ...head, object: "chat.completion.chunk", choices, [EVENT]: event };
  return event.type === "tools" ? chunk : { ...chunk, mcp: { ...event } };
}

export function eventOf(chunk: ChatChunk): ToolEvent | undefined {
  return (chunk as ChatChunk & Carrying)[EVENT];
}

/** A completion that carries the chunks it came from, so that other dialects know what came after what. */
export function withSteps(completion: ChatCompletion, steps: readonly ChatChunk[]): ChatCompletion {
  const carrying: ChatCompletion & Carrying = { ...completion, [STEPS]: steps };
  return carrying;
}

/** `undefined`: the broker ran no tools for it. */
export function stepsOf(completion: ChatCompletion): readonly ChatChunk[] | undefined {
  return (completion as ChatCompletion & Carrying)[STEPS];
}

/** What the model is told of a tool of an earlier turn: its name among the tools of this broker. */
export function toolName(server: string, tool: string): string {
  return aliasOf(serverSlug(server), tool);
}
