// An answer of Anthropic's dialect on its way through the chat engine to a client of the same dialect. Chunks have no word
// for block boundaries, redacted thinking, citations or several signatures, so the events that a chunk was made of go along
// under a symbol (see sent.ts), and the whole message with the first chunk, from where it gets into the completion.

import type { ChatChunk, ChatCompletion, Message, MessageEvent } from "../../generated/types.ts";
import { MessageFold } from "./fold.ts";

/** One event, and the JSON text that it was parsed from. */
export interface ToldEvent {
  readonly value: MessageEvent;
  readonly data: string;
}

const EVENTS: unique symbol = Symbol("Anthropic's events");
const FOLD: unique symbol = Symbol("Anthropic's message");

interface Carrying {
  readonly [EVENTS]?: readonly ToldEvent[];
  readonly [FOLD]?: MessageFold;
}

const NONE: readonly ToldEvent[] = [];
/** The broker's own to send: an answer is over when it is settled, and pings belong to a connection. */
const OWN = new Set(["message_stop", "ping"]);
const EVENT_NAME = /^\w{1,64}$/;

/** Gathers the events of one answer and hands them to its chunks. */
export class Told {
  readonly #fold = new MessageFold();
  #first = true;
  #waiting: ToldEvent[] = [];

  /** Some event is not on a chunk yet. */
  get pending(): boolean {
    return this.#waiting.length > 0;
  }

  add(value: MessageEvent, data: string): void {
    this.#fold.add(value);
    if (EVENT_NAME.test(value.type) && !OWN.has(value.type)) this.#waiting.push({ value, data });
  }

  /** The chunk with all events that wait. */
  onto(chunk: ChatChunk): ChatChunk {
    const events = this.pending ? this.#waiting : NONE;
    const carrying: ChatChunk & Carrying = this.#first
      ? { ...chunk, [EVENTS]: events, [FOLD]: this.#fold }
      : { ...chunk, [EVENTS]: events };
    this.#first = false;
    if (this.pending) this.#waiting = [];
    return carrying;
  }
}

/** `undefined`: the chunk comes from another dialect. */
export function eventsOf(chunk: ChatChunk): readonly ToldEvent[] | undefined {
  return (chunk as ChatChunk & Carrying)[EVENTS];
}

/** The message as its provider told it; `undefined`: the answer comes from another dialect. */
export function messageOf(completion: ChatCompletion): Message | undefined {
  return (completion as ChatCompletion & Carrying)[FOLD]?.message();
}
