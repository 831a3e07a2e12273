// An answer as events and as a response: as its provider told it where that speaks Responses, else translated. What is
// told names the broker's response, not the provider's, and its events are numbered from 0 without a gap.

import type { ChatChunk, ChatCompletion, Response, ResponseEvent } from "../../generated/types.ts";
import type { BrokerError } from "../errors.ts";
import { isObject } from "../json-object.ts";
import { ResponseBuilder } from "./builder.ts";
import type { Json } from "./fault.ts";
import { begunResponse, failedResponse, type ResponseHead, toResponseUsage } from "./response.ts";
import { eventsOf, responseOf } from "./told.ts";

const MOST_ITEMS = 4_096;

/** One answer. */
export class ResponseTeller {
  readonly #head: ResponseHead;
  readonly #translation: ResponseBuilder;
  #told = false;
  #number = 0;
  #begun: Response | undefined;
  /** Items that are whole, in the order of their ends. */
  readonly #output: Json[] = [];

  constructor(head: ResponseHead) {
    this.#head = head;
    this.#translation = new ResponseBuilder(head);
  }

  /** Something has been told. */
  get begun(): boolean {
    return this.#told || this.#translation.begun;
  }

  /** What these chunks come to, in order. */
  take(chunks: readonly ChatChunk[]): ResponseEvent[] {
    const events: ResponseEvent[] = [];
    for (const chunk of chunks) {
      const told = eventsOf(chunk);
      if (told) this.#told = true;
      for (const event of told ?? []) events.push(this.#own(event));
    }
    return this.#told ? events : this.#translation.take(chunks);
  }

  /** The response of an answer that came in one piece. `now` is Unix seconds. */
  whole(completion: ChatCompletion, now: number): Response {
    return this.#settled(completion) ?? this.#translation.whole(completion, now);
  }

  /** The response of an answer that was streamed; `finish` gives the events that are left. `now` is Unix seconds. */
  end(completion: ChatCompletion, now: number): Response {
    return this.#settled(completion) ?? this.#translation.end(completion, now);
  }

  /** The last events of an answer that has ended; `response` is what `end` gave, or that as it was kept. */
  finish(response: Response): ResponseEvent[] {
    return this.#told ? [this.#last(response)] : this.#translation.finish(response);
  }

  /** The last events of an answer that broke, and what it has come to. */
  fail(error: BrokerError): { readonly events: ResponseEvent[]; readonly response: Response } {
    if (!this.#told) return this.#translation.fail(error);
    const begun = this.#begun ?? begunResponse(this.#head, this.#head.params.model);
    const response = failedResponse(begun, this.#output, error);
    return { events: [{ type: "response.failed", sequence_number: this.#number++, response }], response };
  }

  #last(response: Response): ResponseEvent {
    return { type: `response.${response.status}`, sequence_number: this.#number++, response };
  }

  #own(event: ResponseEvent): ResponseEvent {
    const { type, response, item } = event;
    const own: ResponseEvent = { ...event, sequence_number: this.#number++ };
    if (isObject(response)) {
      this.#begun = this.#ours(response as unknown as Response);
      own.response = this.#begun;
    }
    const isWhole = type === "response.output_item.done" && isObject(item);
    if (isWhole && this.#output.length < MOST_ITEMS) this.#output.push(item);
    return own;
  }

  /** With what it has cost; `undefined`: the answer comes from another dialect. */
  #settled(completion: ChatCompletion): Response | undefined {
    const told = responseOf(completion);
    if (!told) return undefined;
    const { usage, route } = completion;
    return {
      ...this.#ours(told),
      ...(usage ? { usage: { ...told.usage, ...toResponseUsage(usage) } } : {}),
      ...(route ? { route } : {}),
    };
  }

  /** The provider kept nothing and was told of no response before this one. */
  #ours(response: Response): Response {
    const { id, createdAt, params } = this.#head;
    return {
      ...response,
      id,
      created_at: createdAt,
      model: response.model ?? params.model,
      previous_response_id: params.previous_response_id ?? null,
      store: params.store ?? true,
    };
  }
}
