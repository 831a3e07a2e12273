// The events of a response as chat chunks, which meter it and tell when it has begun; the events themselves go along, for
// the client speaks Responses too. An answer is over with its own last event and with nothing else.

import { ToldResponse } from "../../core/responses/told.ts";
import type { ChatChunk, ChunkChoice, ResponseEvent } from "../../generated/types.ts";
import { SseTranslation } from "../answer.ts";
import { errorInAnswer } from "../failure.ts";
import { chatUsage, endedResponse, finishReason, type Json, object, statusOf } from "./responses-answer.ts";

/** Deltas of text, and the member of a chunk's delta that they are. */
const TEXTS: Readonly<Record<string, string>> = {
  "response.output_text.delta": "content",
  "response.refusal.delta": "refusal",
  "response.reasoning_text.delta": "reasoning_content",
  "response.reasoning_summary_text.delta": "reasoning_content",
};
const MOST_CALLS = 512;

/** A function call whose arguments are still coming. */
interface OpenCall {
  readonly index: number;
  started: boolean;
}

export class ResponsesTranslation extends SseTranslation {
  readonly #told = new ToldResponse();
  /** By their place in the output. */
  readonly #calls = new Map<unknown, OpenCall>();
  #id = "";
  #model = "";
  #created = 0;

  /** Not one of Responses' words, but some servers end every stream with it. */
  protected override known(data: string): boolean {
    return data === "[DONE]";
  }

  protected override frame(value: object): void {
    const event = value as ResponseEvent;
    const { type } = event;
    if (type === "response.completed" || type === "response.incomplete") this.#end(event.response);
    else if (type === "response.failed") this.#fail(object(event.response));
    else {
      this.#told.add(event);
      this.#translate(event);
      if (this.#told.pending) this.#push({});
    }
  }

  protected override errorStatus(error: object): number {
    return statusOf(error);
  }

  #translate(event: ResponseEvent): void {
    const text = TEXTS[event.type];
    if (text !== undefined) {
      if (typeof event.delta === "string" && event.delta !== "") this.#push({ [text]: event.delta });
    } else if (event.type === "response.created") this.#begin(object(event.response));
    else if (event.type === "response.output_item.added") this.#beginCall(event.output_index, object(event.item));
    else if (event.type === "response.function_call_arguments.delta") this.#arguments(event.output_index, event.delta);
    else if (event.type === "response.function_call_arguments.done") this.#endCall(event.output_index, event.arguments);
  }

  #begin({ id, model, created_at: created }: Json): void {
    this.#id = typeof id === "string" ? id : "";
    this.#model = typeof model === "string" ? model : "";
    this.#created = typeof created === "number" ? created : 0;
  }

  #beginCall(place: unknown, { type, call_id: id, name }: Json): void {
    if (type !== "function_call" || this.#calls.size === MOST_CALLS) return;
    const index = this.#calls.size;
    this.#calls.set(place, { index, started: false });
    const called = { name: String(name ?? ""), arguments: "" };
    this.#push({ tool_calls: [{ index, id: String(id ?? ""), type: "function", function: called }] });
  }

  #arguments(place: unknown, piece: unknown): void {
    const call = this.#calls.get(place);
    if (!call || typeof piece !== "string" || piece === "") return;
    call.started = true;
    this.#push({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
  }

  /** Some servers give the arguments in one piece. */
  #endCall(place: unknown, text: unknown): void {
    if (!this.#calls.get(place)?.started) this.#arguments(place, text);
  }

  #end(value: unknown): void {
    const response = endedResponse(value);
    if (!response) {
      this.fail("garbled", "a response ended without being whole");
      return;
    }
    this.#told.response = response;
    this.values.push(this.#chunk([{ index: 0, delta: {}, finish_reason: finishReason(response) }]));
    this.#count(response.usage);
    this.over = true;
  }

  /** What it has cost until then is told all the same. */
  #fail({ error, usage }: Json): void {
    this.#count(usage);
    const told = { error: error ?? { message: "the response failed" } };
    this.failure = errorInAnswer(this.peer, told, statusOf(told));
  }

  #count(value: unknown): void {
    const usage = chatUsage(value);
    if (usage) this.values.push({ ...this.#chunk([]), usage });
  }

  #push(delta: ChunkChoice["delta"]): void {
    this.values.push(this.#chunk([{ index: 0, delta, finish_reason: null }]));
  }

  #chunk(choices: ChunkChoice[]): ChatChunk {
    const head = { id: this.#id, object: "chat.completion.chunk", created: this.#created, model: this.#model } as const;
    return this.#told.onto({ ...head, choices });
  }
}
