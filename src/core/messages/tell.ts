// A run of chunks as a run of Anthropic's events: as their provider told them where it speaks the same dialect, else
// translated.

import type { ChatChunk, Message, MessageEvent } from "../../generated/types.ts";
import type { ProgressRun } from "../call.ts";
import { ChatEvents } from "./events.ts";
import { eventsOf, type ToldEvent } from "./told.ts";

/** One answer. */
export class MessageTeller {
  readonly #translation: ChatEvents;
  #told = false;
  /** How the provider's own answer ends: kept until it is known what it has cost. */
  #last: MessageEvent | undefined;

  constructor(requestId: string) {
    this.#translation = new ChatEvents(requestId);
  }

  /** `undefined`: there is nothing to be told yet. */
  run(chunks: readonly ChatChunk[]): ProgressRun | undefined {
    const values: MessageEvent[] = [];
    let sse = "";
    for (const chunk of chunks) {
      const told = eventsOf(chunk);
      if (!told) {
        this.#translation.add(chunk);
        continue;
      }
      this.#told = true;
      for (const event of told) {
        if (event.value.type === "message_delta") {
          this.#last = event.value;
          continue;
        }
        values.push(event.value);
        sse += frame(event);
      }
    }
    if (this.#told) return values.length > 0 ? { values, sse } : undefined;
    const translated = this.#translation.take();
    return translated.length > 0 ? { values: translated } : undefined;
  }

  /** What completes the answer. */
  end(message: Message): ProgressRun {
    if (!this.#told) return { values: this.#translation.end(message) };
    const { stop_reason, stop_sequence = null, usage, route } = message;
    const last = { type: "message_delta", delta: { stop_reason, stop_sequence }, ...this.#last, usage };
    return { values: [route ? { ...last, route } : last, { type: "message_stop" }] };
  }
}

/** In its own text, which is not written again. */
function frame({ value, data }: ToldEvent): string {
  return `event: ${value.type}\ndata: ${data.includes("\n") ? JSON.stringify(value) : data}\n\n`;
}
