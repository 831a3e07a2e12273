// Anthropic's events as OpenAI chunks: blocks of text, thinking and tool use become deltas of one choice, tool calls get a
// running index, and usage comes first and last as chunks of its own. For a client of the same dialect the events go along.

import type { Told } from "../../core/messages/told.ts";
import { withProof } from "../../core/thought-proof.ts";
import type { ChatChunk, ChunkChoice, MessageEvent, ToolCallDelta } from "../../generated/types.ts";
import { SseTranslation } from "../answer.ts";
import type { Peer } from "../failure.ts";
import { UsageFold } from "./usage.ts";

type Json = Record<string, unknown>;

const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

const ERROR_STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** A tool use whose arguments are still coming. */
interface OpenTool {
  readonly index: number;
  /** Some servers give the arguments whole at the start of the block. */
  readonly input: unknown;
  started: boolean;
}

export class AnthropicTranslation extends SseTranslation {
  readonly #usage = new UsageFold();
  /** By Anthropic's block index. Blocks that are not here are not passed on. */
  readonly #openTools = new Map<unknown, OpenTool>();
  readonly #created: number;
  #id = "";
  #model = "";
  #tools = 0;
  #thoughts = 0;
  /** Of the last thought. Told at the end, and only of a single one: one text can't be proved by two signatures. */
  #signature = "";
  /** The index of the block that is a thought. */
  #thought: unknown;
  /** Its thought has ended, and no chunk has come since. */
  #proof: string | undefined;
  #finished = false;
  readonly #told: Told | undefined;

  /** `now`: Unix milliseconds. `told` is given for a client of the same dialect. */
  constructor(peer: Peer, now: number, told?: Told) {
    super(peer);
    this.#created = Math.floor(now / 1_000);
    this.#told = told;
  }

  protected override frame(value: object, data: string): void {
    this.#told?.add(value as MessageEvent, data);
    this.#translate(value as Json);
    if (this.#told?.pending) this.#push({});
  }

  #translate(event: Json): void {
    if (event.type === "content_block_delta") this.#blockDelta(event.index, object(event.delta));
    else if (event.type === "content_block_start") this.#blockStart(event.index, object(event.content_block));
    else if (event.type === "content_block_stop") this.#blockStop(event.index);
    else if (event.type === "message_start") this.#start(object(event.message));
    else if (event.type === "message_delta") this.#messageDelta(object(event.delta), event.usage);
    else if (event.type === "message_stop") this.#stop();
  }

  protected override errorStatus(error: object): number {
    const { type } = object((error as Json).error);
    return ERROR_STATUSES[String(type)] ?? 502;
  }

  #start({ id, model, usage }: Json): void {
    this.#id = typeof id === "string" ? id : "";
    this.#model = typeof model === "string" ? model : "";
    this.#usage.add(usage);
    this.#push({ role: "assistant", content: "" });
    this.#tellUsage(); // the input is billed even of an answer that is cut or given up
  }

  #blockStart(index: unknown, block: Json): void {
    if (block.type === "text") this.#pushText("content", block.text);
    if (block.type === "thinking") {
      this.#thoughts++;
      this.#thought = index;
      this.#signature = "";
      this.#pushText("reasoning_content", block.thinking);
    }
    if (block.type !== "tool_use") return;
    const tool: OpenTool = { index: this.#tools++, input: block.input, started: false };
    this.#openTools.set(index, tool);
    const { id, name } = block;
    this.#pushTool({
      index: tool.index,
      id: String(id),
      type: "function",
      function: { name: String(name), arguments: "" },
    });
  }

  #blockDelta(index: unknown, delta: Json): void {
    if (delta.type === "text_delta") this.#pushText("content", delta.text);
    else if (delta.type === "input_json_delta") this.#arguments(this.#openTools.get(index), delta.partial_json);
    else if (delta.type === "thinking_delta") this.#pushText("reasoning_content", delta.thinking);
    else if (delta.type === "signature_delta") this.#signature += String(delta.signature ?? "");
  }

  #arguments(tool: OpenTool | undefined, piece: unknown): void {
    if (!tool || !piece) return;
    tool.started = true;
    this.#pushTool({ index: tool.index, function: { arguments: String(piece) } });
  }

  /** A call without arguments has the empty object as its arguments. */
  #blockStop(index: unknown): void {
    if (index === this.#thought) this.#endThought();
    const tool = this.#openTools.get(index);
    if (!tool) return;
    this.#openTools.delete(index);
    if (!tool.started) this.#pushTool({ index: tool.index, function: { arguments: JSON.stringify(tool.input ?? {}) } });
  }

  #endThought(): void {
    this.#thought = undefined;
    if (this.#signature) this.#proof = this.#signature;
  }

  #messageDelta(delta: Json, usage: unknown): void {
    this.#usage.add(usage);
    if (typeof delta.stop_reason === "string") this.#finish(FINISH_REASONS[delta.stop_reason] ?? "stop");
  }

  #stop(): void {
    if (!this.#finished) this.#finish("stop");
    this.#tellUsage();
    this.over = true;
  }

  #tellUsage(): void {
    const usage = this.#usage.usage();
    if (usage) this.values.push({ ...this.#chunk([]), usage });
  }

  #finish(finish_reason: string): void {
    this.#finished = true;
    if (this.#signature && this.#thoughts === 1) this.#push({ reasoning_signature: this.#signature });
    this.values.push(this.#chunk([{ index: 0, delta: {}, finish_reason }]));
  }

  #pushText(member: "content" | "reasoning_content", text: unknown): void {
    if (text) this.#push({ [member]: String(text) });
  }

  #pushTool(call: ToolCallDelta): void {
    this.#push({ tool_calls: [call] });
  }

  #push(delta: ChunkChoice["delta"]): void {
    this.values.push(this.#chunk([{ index: 0, delta, finish_reason: null }]));
  }

  #chunk(choices: ChunkChoice[]): ChatChunk {
    const head = { id: this.#id, object: "chat.completion.chunk", created: this.#created, model: this.#model } as const;
    const plain: ChatChunk = { ...head, choices };
    const chunk = this.#proof === undefined ? plain : withProof(plain, this.#proof);
    this.#proof = undefined;
    return this.#told ? this.#told.onto(chunk) : chunk;
  }
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
