// Anthropic's events folded into the message that the same call would have given in one piece. Kinds of blocks and deltas
// that are not known here are kept as they come.

import type { Message, MessageEvent } from "../../generated/types.ts";
import { toolInput } from "./tool-input.ts";

type Json = Record<string, unknown>;

const MOST_BLOCKS = 4_096;

interface Block {
  readonly value: Json;
  /** JSON text of a tool's input, where it comes in pieces. */
  input: string;
}

export class MessageFold {
  #message: Json | undefined;
  readonly #usage: Json = {};
  /** By Anthropic's index, in the order of their beginning. */
  readonly #blocks = new Map<unknown, Block>();

  add(event: MessageEvent): void {
    switch (event.type) {
      case "message_start":
        this.#message = { ...object(event.message) };
        this.#addUsage(this.#message.usage);
        return;
      case "content_block_start":
        if (this.#blocks.size < MOST_BLOCKS) {
          this.#blocks.set(event.index, { value: { ...object(event.content_block) }, input: "" });
        }
        return;
      case "content_block_delta":
        addDelta(this.#blocks.get(event.index), object(event.delta));
        return;
      case "message_delta":
        Object.assign(this.#message ?? {}, object(event.delta));
        this.#addUsage(event.usage);
    }
  }

  /** `undefined`: no message has begun. */
  message(): Message | undefined {
    if (!this.#message) return undefined;
    const content = [...this.#blocks.values()].map(({ value, input }) =>
      input === "" ? value : { ...value, input: toolInput(input) },
    );
    return { ...this.#message, content, usage: { ...this.#usage } } as unknown as Message;
  }

  /** Events repeat counts, and some send zeros later, which take nothing back. */
  #addUsage(usage: unknown): void {
    const counts = object(usage);
    for (const name in counts) {
      const count = counts[name];
      if (count === undefined || (!count && this.#usage[name])) continue;
      this.#usage[name] = count;
    }
  }
}

/** Text of every kind is appended to the member of its name. */
function addDelta(block: Block | undefined, delta: Json): void {
  if (!block) return;
  const { value } = block;
  for (const name in delta) {
    const piece = delta[name];
    if (name === "type") continue;
    if (name === "partial_json") block.input += String(piece);
    else if (name === "citation") value.citations = [...((value.citations as unknown[] | null) ?? []), piece];
    else if (typeof piece === "string" && typeof value[name] === "string") value[name] += piece;
    else value[name] = piece;
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
