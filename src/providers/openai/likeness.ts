// Nearly all frames of a stream differ from the one before in their text alone. Such a frame is told by comparing it, which
// costs a tenth of parsing it.

import { type AddedText, type ChunkRun, withoutNullUsage } from "../../core/completion.ts";
import type { ChatChunk, ChunkChoice } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";

/** Frames that are learned from; a stream whose frames differ in more than their text is not looked at for longer. */
const MOST_LEARNED = 16;
/** From this length on V8 keeps the whole text for the sake of a slice, and what was written is kept to the end of the stream. */
const SHORTEST_SLICE = 13;
/** What may not stand in a JSON string, or stands for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them
const SPECIAL = /["\\\u0000-\u001f]/;

/** A frame that was parsed, taken apart at its text. */
class Learned {
  readonly before: string;
  readonly after: string;
  readonly chunk: ChatChunk;
  readonly choice: ChunkChoice;
  /** The frame continues the text, and nothing else. */
  readonly isText: boolean;
  #withoutNull: Learned | undefined;

  constructor(before: string, after: string, chunk: ChatChunk, choice: ChunkChoice) {
    this.before = before;
    this.after = after;
    this.chunk = chunk;
    this.choice = choice;
    this.isText = Object.entries(choice.delta).every(
      ([key, value]) => key === "content" || key === "role" || value === null,
    );
  }

  /** The text of another frame; `undefined`: it differs in more. */
  content(data: string): string | undefined {
    const { before, after } = this;
    const end = data.length - after.length;
    // Slices that are compared cost a quarter of startsWith and endsWith.
    if (end < before.length || data.slice(0, before.length) !== before) return undefined;
    const content = data.slice(before.length, end);
    if (data.slice(end) !== after || SPECIAL.test(content)) return undefined;
    return content.length < SHORTEST_SLICE ? content : Buffer.from(content).toString();
  }

  /** What parsing a frame of this text would give. */
  with(content: string): ChatChunk {
    const { chunk, choice } = this;
    return { ...chunk, choices: [{ ...choice, delta: { ...choice.delta, content } }] };
  }

  get withoutNull(): Learned {
    this.#withoutNull ??= this.#stripped();
    return this.#withoutNull;
  }

  #stripped(): Learned {
    const { usage: _, ...chunk } = this.chunk;
    return new Learned(withoutNullUsage(this.before), withoutNullUsage(this.after), chunk, this.choice);
  }
}

/** Frames that continue the text. Their chunks are only made for a reader that asks. */
class TextRun implements ChunkRun, AddedText {
  readonly sse: Uint8Array | string;
  readonly #learned: Learned;
  readonly #contents: readonly string[];
  #values: readonly ChatChunk[] | undefined;

  constructor(learned: Learned, contents: readonly string[], sse: Uint8Array | string) {
    this.#learned = learned;
    this.#contents = contents;
    this.sse = sse;
  }

  get values(): readonly ChatChunk[] {
    this.#values ??= this.#contents.map((content) => this.#learned.with(content));
    return this.#values;
  }

  get added(): AddedText {
    return this;
  }

  get index(): number {
    return this.#learned.choice.index;
  }

  get content(): string {
    return this.#contents.length === 1 ? (this.#contents[0] as string) : this.#contents.join("");
  }

  withoutNull(): ChunkRun {
    if (this.#learned.chunk.usage !== null) return this;
    const { withoutNull } = this.#learned;
    let sse = "";
    for (const content of this.#contents) sse += `data: ${withoutNull.before}${content}${withoutNull.after}\n\n`;
    return new TextRun(withoutNull, this.#contents, sse);
  }
}

export class FrameLikeness {
  #learned: Learned | undefined;
  #count = 0;

  /** What parsing the frame would give; `undefined`: it must be parsed. */
  read(data: string): ChatChunk | undefined {
    const content = this.#learned?.content(data);
    return content === undefined ? undefined : this.#learned?.with(content);
  }

  /** The same of several that continue the text, in these bytes; `undefined`: one of them does not, or must be parsed. */
  readAll(frames: readonly string[], sse: Uint8Array): ChunkRun | undefined {
    if (!this.#learned?.isText || frames.length === 0) return undefined;
    const contents: string[] = [];
    for (const data of frames) {
      const content = this.#learned.content(data);
      if (content === undefined) return undefined;
      contents.push(content);
    }
    return new TextRun(this.#learned, contents, sse);
  }

  /** A frame that was parsed, and the chunk as it came out. */
  learn(data: string, chunk: ChatChunk): void {
    if (this.#count === MOST_LEARNED) return;
    const [choice] = chunk.choices;
    const content = choice?.delta.content;
    if (!choice || !isPlain(chunk, choice) || typeof content !== "string" || content === "") return;
    if (SPECIAL.test(content)) return;
    this.#count++;
    const at = data.lastIndexOf(`"${content}"`) + 1;
    const before = data.slice(0, at);
    const after = data.slice(at + content.length);
    if (at === 0 || !isContent(before, after, `${content}?`)) return;
    this.#learned = new Learned(before, after, chunk, choice);
  }
}

/** Text and nothing that is counted, collected or ends something. */
function isPlain({ choices, usage }: ChatChunk, { delta, finish_reason, logprobs }: ChunkChoice): boolean {
  return choices.length === 1 && !usage && !finish_reason && !logprobs && !delta.tool_calls;
}

/** The place is that of the text: another one there comes out as the content. */
function isContent(before: string, after: string, other: string): boolean {
  const probe = parseObject(`${before}${other}${after}`) as ChatChunk | undefined;
  return probe?.choices[0]?.delta.content === other;
}
