// Ollama's lines as OpenAI chunks. Tool calls come whole, often without an id: one is made up of the answer's own time, so
// that it is the same whenever the same bytes come and another in every other answer.

import type { ChunkRun } from "../../core/completion.ts";
import { ProviderFailure } from "../../core/provider.ts";
import type { ChatChunk, ChunkChoice, TokenLogprob, ToolCallDelta, Usage } from "../../generated/types.ts";
import { parseObject, type Translation } from "../answer.ts";
import { errorInAnswer, isErrorObject, type Peer } from "../failure.ts";
import { Lines } from "../lines.ts";

type Json = Record<string, unknown>;

export class OllamaTranslation implements Translation {
  over = false;
  failure: ProviderFailure | undefined;
  readonly #peer: Peer;
  readonly #lines = new Lines();
  readonly #model: string;
  #created: number;
  /** Digits that name this answer. */
  #stamp = "";
  #tools = 0;
  #values: ChatChunk[] = [];

  /** `now`: Unix milliseconds, for answers that don't tell their time. */
  constructor(peer: Peer, model: string, now: number) {
    this.#peer = peer;
    this.#model = model;
    this.#created = Math.floor(now / 1_000);
  }

  push(bytes: Buffer): ChunkRun | undefined {
    return this.#translate(this.#lines.push(bytes), false);
  }

  end(): ChunkRun | undefined {
    const run = this.#translate(this.#lines.end(), true);
    if (!this.over && !this.failure) this.#fail("cut", "the answer ended before it was complete");
    return run;
  }

  #fail(kind: "cut" | "garbled", message: string): void {
    this.failure = new ProviderFailure(kind, `${this.#peer.name}: ${message}`);
  }

  #translate(lines: readonly string[], last: boolean): ChunkRun | undefined {
    this.#values = [];
    for (const text of lines) {
      if (this.over || this.failure) break;
      const line = parseObject(text);
      if (!line) this.#fail(last ? "cut" : "garbled", last ? "the last line is not whole" : "a line is not JSON");
      else if (isErrorObject(line)) this.failure = errorInAnswer(this.#peer, line);
      else this.#line(line as Json);
    }
    return this.#values.length === 0 ? undefined : { values: this.#values };
  }

  #line(line: Json): void {
    if (this.#stamp === "") this.#start(line);
    const message = object(line.message);
    if (message.thinking) this.#push({ reasoning_content: String(message.thinking) });
    if (message.content) this.#push({ content: String(message.content) }, line.logprobs);
    if (Array.isArray(message.tool_calls)) {
      for (const call of message.tool_calls) this.#push({ tool_calls: [this.#toolCall(object(call))] });
    }
    if (line.done === true) this.#done(line);
  }

  #start({ created_at }: Json): void {
    const at = Date.parse(String(created_at));
    if (!Number.isNaN(at)) this.#created = Math.floor(at / 1_000);
    this.#stamp = Number.isNaN(at) ? String(this.#created) : String(created_at).replace(/\D/g, "").slice(0, 32);
    this.#push({ role: "assistant", content: "" });
  }

  #toolCall(call: Json): ToolCallDelta {
    const { name, arguments: input } = object(call.function);
    const index = this.#tools++;
    return {
      index,
      id: typeof call.id === "string" && call.id !== "" ? call.id : `call_${this.#stamp}_${index}`,
      type: "function",
      function: { name: String(name), arguments: typeof input === "string" ? input : JSON.stringify(input ?? {}) },
    };
  }

  #done(line: Json): void {
    const stop = this.#tools > 0 ? "tool_calls" : "stop";
    const finish_reason = line.done_reason === "length" ? "length" : stop;
    this.#values.push(this.#chunk([{ index: 0, delta: {}, finish_reason }]));
    const usage = usageOf(line);
    if (usage) this.#values.push({ ...this.#chunk([]), usage });
    this.over = true;
  }

  #push(delta: ChunkChoice["delta"], logprobs?: unknown): void {
    const told = Array.isArray(logprobs) ? { logprobs: { content: logprobs as TokenLogprob[], refusal: null } } : {};
    this.#values.push(this.#chunk([{ index: 0, delta, finish_reason: null, ...told }]));
  }

  #chunk(choices: ChunkChoice[]): ChatChunk {
    const id = `chatcmpl-${this.#stamp}`;
    return { id, object: "chat.completion.chunk", created: this.#created, model: this.#model, choices };
  }
}

/** `undefined`: Ollama counted nothing. A prompt that it had kept is not counted, and is 0 here too. */
function usageOf(line: Json): Usage | undefined {
  const prompt_tokens = count(line.prompt_eval_count);
  const completion_tokens = count(line.eval_count);
  if (prompt_tokens + completion_tokens === 0) return undefined;
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function count(value: unknown): number {
  return typeof value === "number" && value > 0 ? Math.floor(value) : 0;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
