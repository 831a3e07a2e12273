// Chat chunks as Anthropic's events. Anthropic brings one block after the other, chat may bring several tool calls at once:
// what belongs to a later block waits until the one before is whole.

import type { ChatChunk, ChunkChoice, Message, MessageEvent, ToolCallDelta } from "../../generated/types.ts";
import { type ToolBlock, toolBlock } from "./mcp-blocks.ts";
import { messageId, toolUseId } from "./to-message.ts";
import { parsed } from "./tool-input.ts";

type Kind = "text" | "thinking" | "tool_use";

interface Block {
  readonly kind: Kind;
  /** Of a tool, in chat's order. */
  readonly tool: number;
  id: string;
  name: string;
  /** Text or JSON text that came so far. */
  text: string;
}

const DELTAS: Readonly<Record<Kind, readonly [type: string, member: string]>> = {
  text: ["text_delta", "text"],
  thinking: ["thinking_delta", "thinking"],
  tool_use: ["input_json_delta", "partial_json"],
};
const MOST_TOOLS = 512;

/** One answer; whole ones are compared with what `toMessage` gives. */
export class ChatEvents {
  readonly #requestId: string;
  #events: MessageEvent[] = [];
  #begun = false;
  /** Blocks that have begun; the open one is the last of them. */
  #count = 0;
  #open: Block | undefined;
  #waiting: Block[] = [];
  readonly #tools = new Map<number, Block>();

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  add(chunk: ChatChunk): void {
    const [choice] = chunk.choices;
    if (choice?.index !== 0) return;
    if (!this.#begun) this.#start(messageId(chunk, this.#requestId), chunk.model);
    const block = toolBlock(chunk);
    if (block) this.#addWhole(block);
    this.#addDelta(choice.delta);
    if (choice.finish_reason) this.#closeAll();
  }

  /** The events since the last time. */
  take(): MessageEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** What is left to be said of an answer that is complete, all of one that brought nothing. */
  end({ id, model, stop_reason, stop_sequence, stop_details, usage, route }: Message): MessageEvent[] {
    if (!this.#begun) this.#start(id, model);
    this.#closeAll();
    const delta = { stop_reason, stop_sequence: stop_sequence ?? null, stop_details: stop_details ?? null };
    this.#events.push({ type: "message_delta", delta, usage, ...(route ? { route } : {}) }, { type: "message_stop" });
    return this.take();
  }

  /** What the prompt has cost is known at the end. */
  #start(id: string, model: string): void {
    this.#begun = true;
    const usage = { input_tokens: 0, output_tokens: 0 };
    const message = { id, type: "message", role: "assistant", model, content: [], stop_reason: null };
    this.#events.push({
      type: "message_start",
      message: { ...message, stop_sequence: null, stop_details: null, usage },
    });
  }

  #addDelta({ reasoning_content, reasoning, content, refusal, tool_calls }: ChunkChoice["delta"]): void {
    this.#addText("thinking", reasoning_content || reasoning);
    this.#addText("text", content);
    this.#addText("text", refusal);
    for (const call of tool_calls ?? []) if (call) this.#addTool(call);
  }

  #addText(kind: "text" | "thinking", text: unknown): void {
    if (typeof text !== "string" || text === "") return;
    const last = this.#waiting.at(-1) ?? this.#open;
    if (last?.kind === kind) this.#append(last, text);
    else this.#begin({ kind, tool: 0, id: "", name: "", text });
  }

  #addTool({ index = 0, id, function: call }: ToolCallDelta): void {
    const known = this.#tools.get(index);
    const piece = call?.arguments ?? "";
    if (known) {
      // Some vendors name a call with its second piece.
      if (known !== this.#open) {
        known.id ||= id ?? "";
        known.name ||= call?.name ?? "";
      }
      if (piece !== "") this.#append(known, piece);
      else this.#advance();
      return;
    }
    if (this.#tools.size === MOST_TOOLS) return;
    const block: Block = {
      kind: "tool_use",
      tool: this.#tools.size,
      id: id ?? "",
      name: call?.name ?? "",
      text: piece,
    };
    this.#tools.set(index, block);
    this.#begin(block);
  }

  /** One that comes in one piece, after all that came before. Not every SDK gathers its input out of deltas, nor takes it without. */
  #addWhole(block: ToolBlock): void {
    this.#closeAll();
    const index = this.#count++;
    this.#events.push({ type: "content_block_start", index, content_block: block });
    if (block.input) {
      const delta = { type: "input_json_delta", partial_json: JSON.stringify(block.input) };
      this.#events.push({ type: "content_block_delta", index, delta });
    }
    this.#events.push({ type: "content_block_stop", index });
  }

  #begin(block: Block): void {
    this.#waiting.push(block);
    this.#advance();
  }

  #append(block: Block, piece: string): void {
    if (block === this.#open) {
      block.text += piece;
      this.#delta(block, piece);
    } else if (this.#waiting.includes(block)) block.text += piece;
    if (this.#waiting.length > 0) this.#advance();
  }

  /** Goes on to the blocks that wait, as far as those before them are whole. */
  #advance(): void {
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0] as Block;
      if ((this.#open && !isWhole(this.#open)) || (next.kind === "tool_use" && next.name === "")) return;
      this.#next();
    }
  }

  #closeAll(): void {
    while (this.#waiting.length > 0) this.#next();
    this.#close();
  }

  #next(): void {
    const block = this.#waiting.shift() as Block;
    this.#close();
    this.#open = block;
    this.#events.push({ type: "content_block_start", index: this.#count++, content_block: this.#empty(block) });
    if (block.text !== "") this.#delta(block, block.text);
  }

  #close(): void {
    if (this.#open) this.#events.push({ type: "content_block_stop", index: this.#count - 1 });
    this.#open = undefined;
  }

  #empty({ kind, tool, id, name }: Block): object {
    switch (kind) {
      case "text":
        return { type: kind, text: "" };
      case "thinking":
        return { type: kind, thinking: "", signature: "" };
      case "tool_use":
        return { type: kind, id: toolUseId(id, this.#requestId, tool), name, input: {} };
    }
  }

  #delta({ kind }: Block, piece: string): void {
    const [type, member] = DELTAS[kind];
    const delta = { type, [member]: piece };
    this.#events.push({ type: "content_block_delta", index: this.#count - 1, delta });
  }
}

/** A tool's input is whole when it is JSON; of text nobody can tell. */
function isWhole({ kind, text }: Block): boolean {
  return kind !== "tool_use" || (text.trimEnd().endsWith("}") && parsed(text) !== undefined);
}
