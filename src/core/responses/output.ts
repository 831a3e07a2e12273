// Output items as the model writes them: each knows how to begin, grow and end, and which events tell of it.

import { parsed } from "../messages/tool-input.ts";
import type { Json } from "./fault.ts";

type Status = "in_progress" | "completed" | "incomplete";

/** An event without its number. */
export interface Told extends Json {
  readonly type: string;
}

/** Where the item stands in the output. */
export interface Place {
  readonly id: string;
  readonly index: number;
}

export interface OpenItem {
  readonly done: boolean;
  /** As it stands. */
  value(): Json;
  end(status: Status, tell: (event: Told) => void): void;
}

interface PartOf {
  /** `undefined` for an item with one kind of part. */
  readonly type: "output_text" | "refusal" | "reasoning_text";
  text: string;
  readonly logprobs: unknown[];
}

const WORDS = {
  output_text: { event: "response.output_text", member: "text" },
  refusal: { event: "response.refusal", member: "refusal" },
  reasoning_text: { event: "response.reasoning_text", member: "text" },
} as const;

/** A message or the model's thoughts: parts of text, one after the other. */
export class TextItem implements OpenItem {
  done = false;
  /** Of thoughts: the vendor's proof that they are its own. */
  signature: string | undefined;
  readonly #kind: "message" | "reasoning";
  readonly #place: Place;
  readonly #parts: PartOf[] = [];
  #status: Status = "in_progress";

  constructor(kind: "message" | "reasoning", place: Place, tell: (event: Told) => void) {
    this.#kind = kind;
    this.#place = place;
    tell({ type: "response.output_item.added", output_index: place.index, item: this.value() });
  }

  add(type: PartOf["type"], text: string, logprobs: readonly unknown[], tell: (event: Told) => void): void {
    const part = this.#part(type, tell);
    part.text += text;
    for (const token of logprobs) part.logprobs.push(token);
    tell({
      type: `${WORDS[type].event}.delta`,
      ...this.#at(),
      delta: text,
      ...(type === "output_text" ? { logprobs } : {}),
    });
  }

  end(status: Status, tell: (event: Told) => void): void {
    this.#endPart(tell);
    this.done = true;
    this.#status = status;
    tell({ type: "response.output_item.done", output_index: this.#place.index, item: this.value() });
  }

  value(): Json {
    const { id } = this.#place;
    const content = this.#parts.map(partValue);
    if (this.#kind === "message") return { id, type: "message", status: this.#status, role: "assistant", content };
    const proof = this.signature === undefined ? {} : { encrypted_content: this.signature };
    return { id, type: "reasoning", status: this.#status, summary: [], content, ...proof };
  }

  #part(type: PartOf["type"], tell: (event: Told) => void): PartOf {
    const last = this.#parts.at(-1);
    if (last?.type === type) return last;
    if (last) this.#endPart(tell);
    const part: PartOf = { type, text: "", logprobs: [] };
    this.#parts.push(part);
    tell({ type: "response.content_part.added", ...this.#at(), part: partValue(part) });
    return part;
  }

  #endPart(tell: (event: Told) => void): void {
    const part = this.#parts.at(-1);
    if (!part) return;
    const { event, member } = WORDS[part.type];
    const logprobs = part.type === "output_text" ? { logprobs: part.logprobs } : {};
    tell({ type: `${event}.done`, ...this.#at(), [member]: part.text, ...logprobs });
    tell({ type: "response.content_part.done", ...this.#at(), part: partValue(part) });
  }

  #at(): Json {
    return { item_id: this.#place.id, output_index: this.#place.index, content_index: this.#parts.length - 1 };
  }
}

function partValue({ type, text, logprobs }: PartOf): Json {
  if (type === "output_text") return { type, text, annotations: [], logprobs: [...logprobs] };
  return type === "refusal" ? { type, refusal: text } : { type, text };
}

/** A call of a function. Open until it is whole and the next one begins: calls may be written side by side. */
export class CallItem implements OpenItem {
  done = false;
  readonly #place: Place;
  readonly #callId: string;
  readonly #name: string;
  #arguments = "";
  #status: Status = "in_progress";

  constructor(call: { readonly id: string; readonly name: string }, place: Place, tell: (event: Told) => void) {
    this.#place = place;
    this.#callId = call.id;
    this.#name = call.name;
    tell({ type: "response.output_item.added", output_index: place.index, item: this.value() });
  }

  /** Its arguments are all of a JSON object. */
  get isWhole(): boolean {
    return this.#arguments.trimEnd().endsWith("}") && parsed(this.#arguments) !== undefined;
  }

  add(text: string, tell: (event: Told) => void): void {
    this.#arguments += text;
    tell({ type: "response.function_call_arguments.delta", ...this.#at(), delta: text });
  }

  /** No arguments at all are the empty object: readers parse them. */
  end(status: Status, tell: (event: Told) => void): void {
    if (this.#arguments === "") this.add("{}", tell);
    this.done = true;
    this.#status = status;
    const { index } = this.#place;
    tell({
      type: "response.function_call_arguments.done",
      ...this.#at(),
      name: this.#name,
      arguments: this.#arguments,
    });
    tell({ type: "response.output_item.done", output_index: index, item: this.value() });
  }

  value(): Json {
    return {
      id: this.#place.id,
      type: "function_call",
      status: this.#status,
      call_id: this.#callId,
      name: this.#name,
      arguments: this.#arguments,
    };
  }

  #at(): Json {
    return { item_id: this.#place.id, output_index: this.#place.index };
  }
}
