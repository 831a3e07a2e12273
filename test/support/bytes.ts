// The bytes that vendors send, built from what they mean: OpenAI's frames, Anthropic's events, Ollama's lines. And ways to
// send them badly: split anywhere, with other line ends.

/** `data: {...}` frames and `[DONE]`, as OpenAI sends them. */
export function openAiSse(chunks: readonly object[], options: { done?: boolean } = {}): Buffer {
  const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return Buffer.from(frames.join("") + (options.done === false ? "" : "data: [DONE]\n\n"));
}

export interface OpenAiStreamOptions {
  readonly id?: string;
  readonly model?: string;
  readonly finishReason?: string;
  /** `null`: the provider sends none. */
  readonly usage?: object | null;
}

/** The chunks of a streamed text: a role, the pieces, the reason to stop, the usage. */
export function openAiTextChunks(pieces: readonly string[], options: OpenAiStreamOptions = {}): object[] {
  const { id = "chatcmpl-1", model = "gpt-test", finishReason = "stop" } = options;
  const usage =
    options.usage === undefined ? { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 } : options.usage;
  const head = { id, object: "chat.completion.chunk", created: 1_700_000_000, model };
  const choice = (delta: object, finish_reason: string | null) => [{ index: 0, delta, finish_reason, logprobs: null }];
  return [
    { ...head, choices: choice({ role: "assistant", content: "", refusal: null }, null), usage: null },
    ...pieces.map((content) => ({ ...head, choices: choice({ content }, null), usage: null })),
    { ...head, choices: choice({}, finishReason), usage: null },
    ...(usage ? [{ ...head, choices: [], usage }] : []),
  ];
}

/** A whole OpenAI completion. */
export function openAiCompletion(content: string, options: OpenAiStreamOptions = {}): object {
  const { id = "chatcmpl-1", model = "gpt-test", finishReason = "stop" } = options;
  return {
    id,
    object: "chat.completion",
    created: 1_700_000_000,
    model,
    choices: [
      { index: 0, message: { role: "assistant", content, refusal: null }, finish_reason: finishReason, logprobs: null },
    ],
    usage: options.usage ?? { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  };
}

/** `event:` and `data:` lines; each event's name is its type. */
export function anthropicSse(events: readonly { readonly type: string }[]): Buffer {
  return Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
}

/** One block of an Anthropic answer, with the deltas that bring it. */
export interface AnthropicBlock {
  readonly start: object;
  readonly deltas: readonly object[];
}

export function anthropicText(...pieces: string[]): AnthropicBlock {
  return { start: { type: "text", text: "" }, deltas: pieces.map((text) => ({ type: "text_delta", text })) };
}

export function anthropicThinking(signature: string, ...pieces: string[]): AnthropicBlock {
  return {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces.map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature },
    ],
  };
}

export function anthropicToolUse(id: string, name: string, ...pieces: string[]): AnthropicBlock {
  return {
    start: { type: "tool_use", id, name, input: {} },
    deltas: ["", ...pieces].map((partial_json) => ({ type: "input_json_delta", partial_json })),
  };
}

export interface AnthropicStreamOptions {
  readonly stopReason?: string;
  /** Of message_start and of message_delta. */
  readonly usage?: object;
  readonly lastUsage?: object;
}

/** All events of an answer, a ping among them. */
export function anthropicEvents(
  blocks: readonly AnthropicBlock[],
  options: AnthropicStreamOptions = {},
): { type: string }[] {
  const usage = options.usage ?? { input_tokens: 10, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-test", content: [], usage };
  const delta = { stop_reason: options.stopReason ?? "end_turn", stop_sequence: null };
  return [
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
    { type: "ping" },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: "content_block_start", index, content_block: start },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta, usage: options.lastUsage ?? { output_tokens: 5 } },
    { type: "message_stop" },
  ] as { type: string }[];
}

/** One JSON value a line. */
export function ndjson(lines: readonly object[]): Buffer {
  return Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** The lines of an Ollama answer: the messages, then the line that ends it. */
export function ollamaLines(messages: readonly object[], last: object = {}): object[] {
  const head = { model: "llama-test", created_at: "2026-11-21T10:00:00.123456789Z" };
  return [
    ...messages.map((message) => ({ ...head, message: { role: "assistant", content: "", ...message }, done: false })),
    {
      ...head,
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "stop",
      prompt_eval_count: 11,
      eval_count: 4,
      ...last,
    },
  ];
}

/** Two pieces. */
export function splitAt(bytes: Uint8Array, offset: number): Uint8Array[] {
  return [bytes.subarray(0, offset), bytes.subarray(offset)].filter((piece) => piece.length > 0);
}

/** Pieces of one byte. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
}

/** The same lines with other ends. */
export function withLineEnds(bytes: Buffer, end: "\r\n" | "\r"): Buffer {
  return Buffer.from(bytes.toString().replaceAll("\n", end));
}
