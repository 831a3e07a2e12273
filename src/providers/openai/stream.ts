// OpenAI's stream, read: each frame is parsed once, and put right where servers leave members out. The bytes are passed on
// only while they say exactly what the chunks say to a client: usage and `[DONE]` are the broker's own to send.

import type { ChunkRun } from "../../core/completion.ts";
import type { ChatChunk, ChatCompletion, ChunkChoice, ToolCallDelta } from "../../generated/types.ts";
import { SseTranslation } from "../answer.ts";
import { errorInAnswer, isErrorObject } from "../failure.ts";
import { FrameLikeness } from "./likeness.ts";
import { asOpenAiTells } from "./usage.ts";
import { completionChunks } from "./whole.ts";

/** Choices and tool calls beyond this index are not believed: they would make sparse arrays of any length. */
const LAST_INDEX = 1_023;

export class OpenAiTranslation extends SseTranslation {
  readonly #likeness = new FrameLikeness();
  /** By choice: it has its reason to stop. */
  readonly #finished: boolean[] = [];
  /** By choice: the index of the tool call that was last spoken of. */
  readonly #lastTool: number[] = [];

  protected override alike(frames: readonly string[], sse: Buffer): ChunkRun | undefined {
    return this.#likeness.readAll(frames, sse);
  }

  protected override known(data: string): boolean {
    const chunk = this.#likeness.read(data);
    if (chunk) this.values.push(chunk);
    else if (data === "[DONE]") {
      this.asSent = false;
      if (this.#finished.length > 0) this.over = true;
      else this.fail("cut", "the answer ended before it had begun");
    } else return false;
    return true;
  }

  protected override frame(value: object, data: string): void {
    const chunk = value as ChatChunk;
    if (!this.#isChunk(chunk)) this.fail("garbled", "a frame is not a chunk");
    else if (this.#isWell(chunk.choices)) this.values.push(chunk);
    if (this.asSent && !this.failure) this.#likeness.learn(data, chunk);
  }

  protected override document(value: object): void {
    const completion = value as ChatCompletion;
    if (!Array.isArray(completion.choices) || completion.choices.length === 0)
      this.fail("garbled", "the answer is not a chat completion");
    else if (this.#isWell(completion.choices)) this.values.push(...completionChunks(completion));
    this.over = !this.failure;
  }

  /** Some servers close without `[DONE]`; then every choice must have ended. */
  protected override complete(): boolean {
    return this.#finished.length > 0 && Array.from(this.#finished).every((finished) => finished === true);
  }

  /** Some vendors tell within a choice that they failed. */
  #isWell(choices: readonly object[]): boolean {
    const failed = choices.find(isErrorObject);
    if (failed) this.failure = errorInAnswer(this.peer, failed);
    return failed === undefined;
  }

  /** Puts the chunk right where that is possible. */
  #isChunk(chunk: ChatChunk): boolean {
    if (Array.isArray(chunk)) return false;
    if (chunk.choices === undefined || chunk.choices === null) {
      chunk.choices = [];
      this.asSent = false;
    }
    if (chunk.usage) {
      chunk.usage = asOpenAiTells(chunk.usage);
      this.asSent = false;
    }
    return Array.isArray(chunk.choices) && chunk.choices.every(this.#isChoice, this);
  }

  #isChoice(choice: ChunkChoice | null | undefined, position: number): boolean {
    if (typeof choice !== "object" || choice === null) return false;
    if (!Number.isInteger(choice.index) || !choice.delta) {
      if (!Number.isInteger(choice.index)) choice.index = position;
      choice.delta ??= {};
      this.asSent = false;
    }
    if (choice.index < 0 || choice.index > LAST_INDEX) return false;
    if (choice.finish_reason) this.#finished[choice.index] = true;
    else this.#finished[choice.index] ??= false;
    return choice.delta.tool_calls ? this.#areToolCalls(choice.delta.tool_calls, choice.index) : true;
  }

  /** Without an index, an id begins a call and anything else continues the last one. */
  #areToolCalls(calls: ToolCallDelta[], choice: number): boolean {
    for (const call of calls) {
      if (!Number.isInteger(call.index) || call.index < 0) {
        call.index = Math.max(0, (this.#lastTool[choice] ?? -1) + (call.id ? 1 : 0));
        this.asSent = false;
      }
      if (call.index > LAST_INDEX) return false;
      this.#lastTool[choice] = call.index;
    }
    return true;
  }
}
