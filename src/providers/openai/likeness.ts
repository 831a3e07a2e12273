// Nearly all frames of a stream differ from the one before in their text alone. Such a frame is told by comparing it, which
// costs a tenth of parsing it.

import type { ChatChunk, ChunkChoice } from "../../generated/types.ts";
import { parseObject } from "../answer.ts";

/** Frames that are learned from; a stream whose frames differ in more than their text is not looked at for longer. */
const MOST_LEARNED = 16;
/** What may not stand in a JSON string, or stands for something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them
const SPECIAL = /["\\\u0000-\u001f]/;

export class FrameLikeness {
  #before = "";
  #after = "";
  #chunk: ChatChunk | undefined;
  #choice: ChunkChoice | undefined;
  #learned = 0;

  /** What parsing the frame would give; `undefined`: it must be parsed. */
  read(data: string): ChatChunk | undefined {
    const before = this.#before;
    const after = this.#after;
    const end = data.length - after.length;
    // Slices that are compared cost a quarter of startsWith and endsWith.
    if (!this.#choice || end < before.length || data.slice(0, before.length) !== before) return undefined;
    const content = data.slice(before.length, end);
    return data.slice(end) !== after || SPECIAL.test(content) ? undefined : this.#with(content);
  }

  /** A frame that was parsed, and the chunk as it came out. */
  learn(data: string, chunk: ChatChunk): void {
    if (this.#learned === MOST_LEARNED) return;
    const [choice] = chunk.choices;
    const content = choice?.delta.content;
    if (!choice || !isPlain(chunk, choice) || typeof content !== "string" || content === "") return;
    if (SPECIAL.test(content)) return;
    this.#learned++;
    const at = data.lastIndexOf(`"${content}"`) + 1;
    const before = data.slice(0, at);
    const after = data.slice(at + content.length);
    if (at === 0 || !isContent(before, after, `${content}?`)) return;
    this.#choice = choice;
    this.#chunk = chunk;
    this.#before = before;
    this.#after = after;
  }

  #with(content: string): ChatChunk {
    const choice = this.#choice as ChunkChoice;
    return { ...(this.#chunk as ChatChunk), choices: [{ ...choice, delta: { ...choice.delta, content } }] };
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
