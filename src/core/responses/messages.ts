// Items to chat messages. What the model did in one turn (thought, said, called) is several items there and one assistant
// message here; a new message begins where a turn could not have gone on.

import type { AssistantMessage, AssistantPart, ChatMessage, ToolCall } from "../../generated/types.ts";
import { toolName } from "../tool-use/event.ts";
import { assistantContent, textContent, userContent } from "./content.ts";
import { type Json, textAt, unfit, worded } from "./fault.ts";
import type { Item } from "./items.ts";
import { mcpOutput } from "./mcp-item.ts";

interface Turn extends AssistantMessage {
  tool_calls?: ToolCall[];
}

const KNOWN: ReadonlySet<unknown> = new Set([
  "message",
  "reasoning",
  "function_call",
  "function_call_output",
  "mcp_call",
]);
/** Beside them: what a reader needs, and no model. */
const SILENT: ReadonlySet<unknown> = new Set(["mcp_list_tools"]);

/**
 * `earlier` is what other responses were asked and answered; pointers of faults are of `input` alone. What a provider's own
 * tools did there is left out: the text that came of it stays.
 */
export function toMessages(earlier: readonly Item[], input: readonly Item[]): ChatMessage[] {
  const messages = new Messages();
  for (const item of earlier) if (KNOWN.has(item.type)) messages.add(item, "/previous_response_id");
  input.forEach((item, index) => {
    if (!SILENT.has(item.type)) messages.add(item, `/input/${index}`);
  });
  return messages.end();
}

class Messages {
  readonly #list: ChatMessage[] = [];
  /** Of the model, still open. */
  #turn: Turn | undefined;
  /** Of its calls that the broker has run. */
  #results: ChatMessage[] = [];

  add(item: Item, param: string): void {
    if (item.type === "reasoning") this.#think(item);
    else if (item.type === "function_call") this.#call(item, param);
    else if (item.type === "mcp_call") this.#callMcp(item, param);
    else if (item.type === "function_call_output") this.#push(toolMessage(item, param));
    else if (item.type !== "message")
      throw unfit(`${param}/type`, `items of type ${worded(item.type)} are not supported`);
    else if (item.role === "assistant") this.#say(item, param);
    else this.#push(message(item, param));
  }

  end(): ChatMessage[] {
    this.#close();
    return this.#list;
  }

  #push(message: ChatMessage): void {
    this.#close();
    this.#list.push(message);
  }

  /** Thoughts that led to nothing are left out: they make no message. */
  #close(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn && (said(turn) || turn.tool_calls)) this.#list.push(turn);
    this.#list.push(...this.#results);
    this.#results = [];
  }

  /** A turn that has called goes on until its outputs come: nothing may stand between. Else a second text begins a new one. */
  #begin(): Turn {
    const isDone = this.#results.length > 0 || (this.#turn && said(this.#turn) && !this.#turn.tool_calls);
    if (isDone) this.#close();
    this.#turn ??= { role: "assistant", content: null };
    return this.#turn;
  }

  /**
   * Models want their thoughts back beside what they led to. A signature is the vendor's proof that they are its own, and
   * proves one: of several, which are one text here, none is proved.
   */
  #think(item: Item): void {
    const text = reasoningText(item);
    if (text === "") return;
    const turn = this.#begin();
    const isFirst = turn.reasoning_content === undefined;
    turn.reasoning_content = (turn.reasoning_content ?? "") + text;
    if (!isFirst) delete turn.reasoning_signature;
    else if (typeof item.encrypted_content === "string") turn.reasoning_signature = item.encrypted_content;
  }

  #say(item: Item, param: string): void {
    const turn = this.#begin();
    const { content, refusal } = assistantContent(item.content as readonly unknown[], `${param}/content`);
    turn.content =
      turn.content && content ? [...toParts(turn.content), ...toParts(content)] : (content ?? turn.content ?? null);
    if (refusal !== undefined) turn.refusal = (turn.refusal ?? "") + refusal;
  }

  #call(item: Item, param: string): void {
    this.#addCall(textAt(item, "call_id", param), textAt(item, "name", param), textAt(item, "arguments", param));
  }

  /** Call and result are one item. */
  #callMcp(item: Item, param: string): void {
    const id = textAt(item, "id", param);
    const name = toolName(textAt(item, "server_label", param), textAt(item, "name", param));
    this.#addCall(id, name, textAt(item, "arguments", param));
    this.#results.push({ role: "tool", tool_call_id: id, content: mcpOutput(item) });
  }

  #addCall(id: string, name: string, args: string): void {
    this.#turn ??= { role: "assistant", content: null };
    this.#turn.tool_calls ??= [];
    this.#turn.tool_calls.push({ id, type: "function", function: { name, arguments: args } });
  }
}

function toParts(content: string | AssistantPart[]): AssistantPart[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function said({ content, refusal }: Turn): boolean {
  return (content !== null && content !== undefined) || refusal !== undefined;
}

function reasoningText({ content }: Item): string {
  if (!Array.isArray(content)) return "";
  return content.map((part: Json | null) => (typeof part?.text === "string" ? part.text : "")).join("");
}

function message({ role, content }: Item, param: string): ChatMessage {
  const list = content as readonly unknown[];
  if (role === "user") return { role, content: userContent(list, `${param}/content`) };
  if (role === "system" || role === "developer") return { role, content: textContent(list, `${param}/content`) };
  throw unfit(`${param}/role`, "must be one of user, assistant, system, developer");
}

function toolMessage(item: Item, param: string): ChatMessage {
  const { output } = item;
  const tool_call_id = textAt(item, "call_id", param);
  if (typeof output === "string") return { role: "tool", tool_call_id, content: output };
  if (!Array.isArray(output)) throw unfit(`${param}/output`, "must be text or a list of parts");
  return { role: "tool", tool_call_id, content: userContent(output, `${param}/output`) };
}
