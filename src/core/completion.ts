// The middle form of every answer: OpenAI chunks. Providers give runs of chunks, and the fold turns a stream into the
// completion that the same call would have given in one piece.

import type { ChatChunk, ChatCompletion, ToolCall, Usage } from "../generated/types.ts";
import { laterUsage } from "./usage.ts";

/** Chunks that arrived together. */
export interface ChunkRun {
  readonly values: readonly ChatChunk[];
  /**
   * The same chunks as whole OpenAI SSE frames (`data: {...}\n\n`, no `[DONE]`), as the provider sent them, so that they
   * can be passed on without being written again. Absent where the provider speaks another dialect.
   */
  readonly sse?: Uint8Array | string;
  /** Present where the chunks continue the text of one choice, and say nothing else that was not said before. */
  readonly added?: AddedText;
}

export interface AddedText {
  /** The choice's. */
  readonly index: number;
  readonly content: string;
  /** The run, and its bytes, without `"usage":null`. */
  withoutNull(): ChunkRun;
}

/** All text of an answer that came in one piece, thinking and tool arguments included: what an estimate counts. */
export function textOf({ choices }: ChatCompletion): string {
  let text = "";
  for (const { message } of choices) {
    for (const key in message) if (key !== "role" && typeof message[key] === "string") text += message[key];
    for (const call of message?.tool_calls ?? [])
      text += `${call.function?.name ?? ""}${call.function?.arguments ?? ""}`;
  }
  return text;
}

/**
 * What the client sees of a run. Usage is kept back: it goes out once, priced, at the end. Providers that were asked for
 * usage say `"usage":null` in every other chunk; `keepNull` when the client asked for usage too. Undefined: nothing is left.
 */
export function withoutUsage(run: ChunkRun, keepNull: boolean): ChunkRun | undefined {
  if (run.added) return keepNull ? run : run.added.withoutNull();
  let told = false;
  let empty = false;
  for (const chunk of run.values) {
    if (chunk.usage) told = true;
    else if (chunk.usage === null) empty = true;
  }
  if (told) {
    const values = run.values
      .filter((chunk) => !chunk.usage || chunk.choices.length > 0)
      .map(({ usage, ...chunk }) => (usage === null && keepNull ? { ...chunk, usage } : chunk));
    return values.length > 0 ? { values } : undefined;
  }
  if (!empty || keepNull) return run;
  const values = run.values.map(({ usage: _, ...chunk }) => chunk);
  if (run.sse === undefined) return { values };
  if (typeof run.sse === "string") return { values, sse: withoutNullUsage(run.sse) };
  return { values, sse: Buffer.from(withoutNullUsage(Buffer.from(run.sse).toString("latin1")), "latin1") };
}

/** Of the JSON in frames, or of a part of it. Quotes inside JSON strings are escaped, so such text can only be the member itself. */
export function withoutNullUsage(json: string): string {
  return json.replaceAll(NULL_USAGE, "");
}

const NULL_USAGE = /,\s*"usage"\s*:\s*null|(?<=\{)\s*"usage"\s*:\s*null\s*,?/g;

type Text = Record<string, unknown>;
interface ChoiceFold {
  readonly index: number;
  readonly message: Text;
  readonly toolCalls: (ToolCall & Text)[];
  finishReason: string | null;
  logprobs: Record<string, unknown[]> | undefined;
}

/** Collects a stream. `chunks folded equal the unary completion` is a test. */
export class CompletionFold {
  #head: ChatChunk | undefined;
  readonly #choices: ChoiceFold[] = [];
  usage: NonNullable<Usage> | undefined;

  /** True once a chunk brought something for the reader: text, a tool call, a reason to stop. */
  get started(): boolean {
    return this.#choices.length > 0;
  }

  /** Every choice has its reason to stop. */
  get finished(): boolean {
    return this.started && this.#choices.every((choice) => choice === undefined || choice.finishReason !== null);
  }

  addRun(run: ChunkRun): void {
    const choice = run.added && this.#choices[run.added.index];
    if (run.added && choice) join(choice.message, "content", run.added.content);
    else for (const chunk of run.values) this.add(chunk);
  }

  add(chunk: ChatChunk): void {
    this.#head ??= chunk;
    if (chunk.usage) this.usage = laterUsage(this.usage, chunk.usage);
    for (const part of chunk.choices) {
      const choice = this.#choice(part.index);
      if (!choice) continue;
      for (const key in part.delta) addMember(choice, key, part.delta[key]);
      if (part.finish_reason) choice.finishReason = part.finish_reason;
      if (part.logprobs) addLogprobs(choice, part.logprobs);
    }
  }

  /** All text the model wrote, thinking and tool arguments included: what an estimate counts. */
  text(): string {
    let text = "";
    for (const { message, toolCalls } of this.#choices.filter(Boolean)) {
      for (const key in message) if (key !== "role" && typeof message[key] === "string") text += message[key];
      for (const call of toolCalls) if (call?.function) text += call.function.name + call.function.arguments;
    }
    return text;
  }

  completion(): ChatCompletion {
    const { id, created, model, choices: _, usage: __, object: ___, ...more } = this.#head ?? EMPTY;
    const choices = this.#choices.filter(Boolean).map(toChoice);
    return {
      ...{ id, object: "chat.completion", created, model, choices },
      ...(this.usage ? { usage: this.usage } : {}),
      ...more,
    };
  }

  /** Providers are not trusted to count: an index beyond the bound is passed over. */
  #choice(index: number): ChoiceFold | undefined {
    if (!isIndex(index, MAX_CHOICES)) return undefined;
    let choice = this.#choices[index];
    if (!choice) {
      choice = { index, message: {}, toolCalls: [], finishReason: null, logprobs: undefined };
      this.#choices[index] = choice;
    }
    return choice;
  }
}

function toChoice({
  index,
  message,
  toolCalls,
  finishReason,
  logprobs,
}: ChoiceFold): ChatCompletion["choices"][number] {
  return {
    index,
    message: {
      role: "assistant",
      content: null,
      ...message,
      ...(toolCalls.length > 0 ? { tool_calls: toolCalls.filter(Boolean) } : {}),
    },
    finish_reason: finishReason,
    ...(logprobs ? { logprobs: { content: null, refusal: null, ...logprobs } as never } : {}),
  };
}

const MAX_CHOICES = 128;
const MAX_TOOL_CALLS = 512;
const EMPTY: ChatChunk = { id: "", object: "chat.completion.chunk", created: 0, model: "", choices: [] };

function isIndex(index: number, bound: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < bound;
}

function addMember(choice: ChoiceFold, key: string, value: unknown): void {
  if (key === "role") return;
  if (key !== "tool_calls") join(choice.message, key, value);
  else if (Array.isArray(value)) for (const delta of value) if (delta) addToolCall(choice.toolCalls, delta);
}

/** Members that come whole, however often: names and ids are never pieced together. */
const WHOLE = new Set(["id", "type", "name"]);

/** Text is appended, lists are extended, objects (`function_call`, `audio`) are joined by member, anything else replaces. */
function join(into: Text, key: string, value: unknown, deep = true): void {
  if (value === null || value === undefined) return;
  const present = into[key];
  if (typeof value === "string") {
    if (!WHOLE.has(key) && typeof present === "string") into[key] = present + value;
    else if (value !== "" || present === undefined) into[key] = value;
  } else if (Array.isArray(value)) {
    if (Array.isArray(present)) present.push(...value);
    else into[key] = [...value];
  } else if (typeof value === "object" && deep) {
    const joined = typeof present === "object" && Object.hasOwn(into, key) ? (present as Text) : {};
    into[key] = joined;
    for (const member in value) join(joined, member, (value as Text)[member], false);
  } else into[key] = value;
}

/** Function calls always have name and arguments, be they empty; tools of other types are joined as they come. */
function addToolCall(calls: (ToolCall & Text)[], delta: Text & { index?: number }): void {
  const { index = 0 } = delta;
  if (!isIndex(index, MAX_TOOL_CALLS)) return;
  let call = calls[index];
  if (!call) {
    call = { id: "", type: "function" };
    calls[index] = call;
  }
  for (const key in delta) if (key !== "index") join(call, key, delta[key]);
  if (call.type !== "function") return;
  call.function ??= { name: "", arguments: "" };
  call.function.name ??= "";
  call.function.arguments ??= "";
}

function addLogprobs(choice: ChoiceFold, logprobs: Text): void {
  choice.logprobs ??= {};
  for (const key of ["content", "refusal"]) {
    const tokens = logprobs[key];
    if (!Array.isArray(tokens)) continue;
    choice.logprobs[key] ??= [];
    choice.logprobs[key].push(...tokens);
  }
}
