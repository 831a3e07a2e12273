// An answer in Responses' own words on its way through the chat engine: the events that a chunk was made of go along under
// a symbol, and the whole response with the first chunk, from where it gets into the completion (see ../messages/told.ts).

import type { ChatChunk, ChatCompletion, Response, ResponseEvent } from "../../generated/types.ts";

const EVENTS: unique symbol = Symbol("Responses' events");
const WHOLE: unique symbol = Symbol("Responses' response");

interface Whole {
  readonly response: Response | undefined;
}

interface Carrying {
  readonly [EVENTS]?: readonly ResponseEvent[];
  readonly [WHOLE]?: Whole;
}

const NONE: readonly ResponseEvent[] = [];
/** Of what may name an event on the wire. */
const EVENT_NAME = /^response\.[\w.]{1,100}$/;

/** Gathers the events of one answer and hands them to its chunks. */
export class ToldResponse implements Whole {
  /** As it ended. */
  response: Response | undefined;
  #first = true;
  #waiting: ResponseEvent[] = [];

  /** Some event is not on a chunk yet. */
  get pending(): boolean {
    return this.#waiting.length > 0;
  }

  /** The last event of an answer is not one of these: the broker sends it, once the answer is settled. */
  add(event: ResponseEvent): void {
    if (EVENT_NAME.test(event.type)) this.#waiting.push(event);
  }

  /** The chunk with all events that wait. */
  onto(chunk: ChatChunk): ChatChunk {
    const events = this.pending ? this.#waiting : NONE;
    const carrying: ChatChunk & Carrying = this.#first
      ? { ...chunk, [EVENTS]: events, [WHOLE]: this }
      : { ...chunk, [EVENTS]: events };
    this.#first = false;
    if (this.pending) this.#waiting = [];
    return carrying;
  }
}

/** A completion that carries the response it was made of. */
export function withResponse(completion: ChatCompletion, response: Response): ChatCompletion {
  const carrying: ChatCompletion & Carrying = { ...completion, [WHOLE]: { response } };
  return carrying;
}

/** `undefined`: the chunk comes from another dialect. */
export function eventsOf(chunk: ChatChunk): readonly ResponseEvent[] | undefined {
  return (chunk as ChatChunk & Carrying)[EVENTS];
}

/** The response as its provider told it; `undefined`: the answer comes from another dialect. */
export function responseOf(completion: ChatCompletion): Response | undefined {
  return (completion as ChatCompletion & Carrying)[WHOLE]?.response;
}
