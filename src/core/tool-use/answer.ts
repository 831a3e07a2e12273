// One answer out of several rounds with the model: the chunks of all rounds as those of one completion. Calls of tools that
// the broker runs are not in them, other calls are; there is one reason to stop, at the end.

import type { ChatChunk, ChatCompletion, ToolCall, ToolCallDelta } from "../../generated/types.ts";
import { CompletionFold } from "../completion.ts";
import type { Offer } from "./choose.ts";
import { chunkWith, type ToolEvent, withSteps } from "./event.ts";

type Delta = ChatChunk["choices"][number]["delta"];
type Head = Pick<ChatChunk, "id" | "created" | "model">;

/** These answers were cut; a call in them may be as well. */
const CUT: ReadonlySet<unknown> = new Set(["length", "content_filter"]);

export class ToolAnswer {
  readonly #offer: Offer;
  /** Between the texts of two rounds. */
  readonly #gap: string;
  readonly #fold = new CompletionFold();
  readonly #steps: ChatChunk[] | undefined;
  #head: Head | undefined;
  /** Some round has brought text. */
  #said = false;
  /** Of this round. */
  #isLast = false;
  #saidNow = false;
  /** Calls of this round go to the caller. */
  #isOpen = false;
  #held: ToolCallDelta[] = [];
  #reason: string | null = null;

  readonly #opening: readonly ToolEvent[];

  /**
   * `translated`: another dialect tells it, which keeps the texts of rounds apart and has a place for tools; `opening` is
   * told before anything else.
   */
  constructor(offer: Offer, translated: boolean, opening: readonly ToolEvent[]) {
    this.#offer = offer;
    this.#gap = translated ? "" : "\n\n";
    this.#steps = translated ? [] : undefined;
    this.#opening = opening;
  }

  /** Calls of the last round are the caller's to run. */
  begin(isLast: boolean): void {
    this.#said ||= this.#saidNow;
    this.#saidNow = false;
    this.#isLast = isLast;
    this.#isOpen = isLast;
    this.#held = [];
    this.#reason = null;
  }

  /** What the client sees of the round's chunks. */
  take(chunks: readonly ChatChunk[]): ChatChunk[] {
    const shown: ChatChunk[] = [];
    for (const chunk of chunks) {
      const isFirst = this.#head === undefined;
      const own = this.#shown(chunk);
      if (!own) continue;
      if (isFirst) for (const event of this.#opening) shown.push(this.event(event));
      shown.push(this.#add(own));
    }
    return shown;
  }

  /** A round that came in one piece. */
  takeWhole(completion: ChatCompletion): void {
    this.take([toChunk(completion)]);
  }

  event(event: ToolEvent): ChatChunk {
    const chunk = chunkWith(this.#head ?? NO_HEAD, event);
    // Of progress the whole answer has nothing, and a tool may tell of it without end.
    if (event.type !== "progress") this.#steps?.push(chunk);
    return chunk;
  }

  /** The calls that the broker is to run now; `undefined`: the round is the last one. */
  toRun({ choices: [choice] }: ChatCompletion): readonly ToolCall[] | undefined {
    const calls = choice?.message.tool_calls;
    if (!calls?.length || this.#isLast || CUT.has(choice?.finish_reason)) return undefined;
    const isCallers = calls.some(({ type, function: called }) => type !== "function" || this.#isCallers(called?.name));
    return isCallers ? undefined : calls;
  }

  /** Calls that go to the caller after all, and the reason to stop. */
  end(): ChatChunk[] {
    const last = this.#chunk({}, this.#reason ?? "stop");
    const held = this.#isOpen || this.#held.length === 0 ? [] : [this.#chunk({ tool_calls: this.#held }, null)];
    return [...held, last].map((chunk) => this.#add(chunk));
  }

  /** The answer as it was told. */
  completion(): ChatCompletion {
    const completion = this.#fold.completion();
    return this.#steps ? withSteps(completion, this.#steps) : completion;
  }

  #add(chunk: ChatChunk): ChatChunk {
    this.#fold.add(chunk);
    this.#steps?.push(chunk);
    return chunk;
  }

  #chunk(delta: Delta, finish_reason: string | null): ChatChunk {
    const choices = [{ index: 0, delta, finish_reason }];
    return { ...(this.#head ?? NO_HEAD), object: "chat.completion.chunk", choices };
  }

  #shown(chunk: ChatChunk): ChatChunk | undefined {
    const choice = chunk.choices.find(({ index }) => index === 0);
    if (!choice) return undefined;
    const isFirst = this.#head === undefined;
    this.#head ??= { id: chunk.id, created: chunk.created, model: chunk.model };
    const { id, created } = this.#head;
    if (choice.finish_reason) this.#reason = choice.finish_reason;
    const delta = this.#delta(choice.delta, isFirst);
    if (!isFirst && !choice.logprobs && isEmpty(delta)) return undefined;
    const choices = [{ ...choice, delta, finish_reason: null }];
    // What its provider's dialect said stays behind: it tells of calls that the client is not to run.
    return { ...withoutSymbols(chunk), id, created, choices };
  }

  #delta({ role, tool_calls: calls, ...delta }: Delta, isFirst: boolean): Delta {
    const shown: Delta = isFirst && role ? { role, ...delta } : delta;
    if (delta.content) {
      if (this.#said && !this.#saidNow) shown.content = this.#gap + delta.content;
      this.#saidNow = true;
    }
    const open = calls?.length ? this.#open(calls) : [];
    if (open.length > 0) shown.tool_calls = open;
    return shown;
  }

  /** Calls are kept back until one shows that the round is the caller's to go on with. */
  #open(calls: readonly ToolCallDelta[]): ToolCallDelta[] {
    if (this.#isOpen) return [...calls];
    this.#held.push(...calls);
    this.#isOpen = calls.some(({ type, function: called }) => {
      return (typeof type === "string" && type !== "function") || this.#isCallers(called?.name);
    });
    return this.#isOpen ? this.#held : [];
  }

  #isCallers(name: unknown): boolean {
    if (typeof name !== "string") return false;
    return this.#offer.own.has(name) || this.#offer.tools.get(name)?.auto === false;
  }
}

const NO_HEAD: Head = { id: "", created: 0, model: "" };

function withoutSymbols(chunk: ChatChunk): ChatChunk {
  return Object.fromEntries(Object.entries(chunk)) as ChatChunk;
}

function isEmpty(delta: Delta): boolean {
  return Object.values(delta).every((value) => value === null || value === undefined || value === "");
}

function toChunk({ choices, usage: _, ...head }: ChatCompletion): ChatChunk {
  return {
    ...head,
    object: "chat.completion.chunk",
    choices: choices.map(({ index, message, finish_reason, logprobs }) => ({
      index,
      delta: { ...message, tool_calls: message.tool_calls?.map((call, place) => ({ ...call, index: place })) ?? null },
      finish_reason,
      ...(logprobs ? { logprobs } : {}),
    })),
  };
}
