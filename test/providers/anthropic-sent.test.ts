// Anthropic's dialect in and out: the request arrives as it was sent, and the client sees the events that came, wherever
// the bytes were split.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutUsage } from "../../src/core/completion.ts";
import { MessageTeller } from "../../src/core/messages/tell.ts";
import { toChat } from "../../src/core/messages/to-chat.ts";
import { toMessage } from "../../src/core/messages/to-message.ts";
import { eventsOf, Told } from "../../src/core/messages/told.ts";
import type { ProviderCall } from "../../src/core/provider.ts";
import type { ChatChunk, MessageEvent, MessagesCreateParams } from "../../src/generated/types.ts";
import { sentBody } from "../../src/providers/anthropic/sent.ts";
import { AnthropicTranslation } from "../../src/providers/anthropic/stream.ts";
import { createAnthropicProvider } from "../../src/providers/anthropic.ts";
import { peerOf } from "../../src/providers/failure.ts";
import {
  type AnthropicBlock,
  type AnthropicStreamOptions,
  anthropicEvents,
  anthropicSse,
  anthropicText,
  anthropicThinking,
  anthropicToolUse,
  byteByByte,
  splitAt,
  withLineEnds,
} from "../support/bytes.ts";
import { createCall, createTarget } from "../support/target.ts";
import { sse } from "../support/upstream.ts";
import { collect } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createAnthropicProvider);

const BASE: MessagesCreateParams = { model: "our", max_tokens: 100, messages: [{ role: "user", content: "Hi" }] };
const USAGE = { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 1 };
const LAST_USAGE = { output_tokens: 5, server_tool_use: { web_search_requests: 1 } };

function call(params: MessagesCreateParams = BASE): ProviderCall {
  return createCall(createTarget({ url: upstream.url, dialect: "anthropic" }), toChat(params, false));
}

interface Shown {
  readonly events: MessageEvent[];
  readonly sse: string;
  readonly message: object;
}

/** What the broker makes of an answer, streamed and whole. */
async function told(...pieces: Uint8Array[]): Promise<Shown> {
  upstream.script(sse(...pieces));
  const { runs, completion, failure } = await collect(provider.stream(call()));
  assert.equal(failure, undefined);
  const teller = new MessageTeller("req_1");
  const events: MessageEvent[] = [];
  let text = "";
  for (const run of runs) {
    const shown = withoutUsage(run, true);
    const sent = shown && teller.run(shown.values as ChatChunk[]);
    if (!sent) continue;
    events.push(...(sent.values as MessageEvent[]));
    text += sent.sse;
  }
  const message = toMessage({ ...completion, usage: { ...completion.usage, cost: 0.25 } as never }, "req_1");
  events.push(...(teller.end(message).values as MessageEvent[]));
  return { events, sse: text, message };
}

const WEB_SEARCH: AnthropicBlock[] = [
  { start: { type: "redacted_thinking", data: "xyz" }, deltas: [] },
  {
    start: { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} },
    deltas: [{ type: "input_json_delta", partial_json: '{"query":"x"}' }],
  },
  { start: { type: "web_search_tool_result", tool_use_id: "srv_1", content: [{ url: "https://x" }] }, deltas: [] },
  {
    start: { type: "text", text: "", citations: [] },
    deltas: [
      { type: "citations_delta", citation: { url: "https://x" } },
      { type: "text_delta", text: "Found" },
    ],
  },
];

const ANSWERS: readonly (readonly [
  name: string,
  blocks: AnthropicBlock[],
  options: AnthropicStreamOptions,
  content: object[],
])[] = [
  ["text", [anthropicText("Hel", "lö\n")], {}, [{ type: "text", text: "Hellö\n" }]],
  [
    "thinking with signatures, twice",
    [anthropicThinking("sig1", "h", "m"), anthropicText("a"), anthropicThinking("sig2", "x"), anthropicText("b")],
    {},
    [
      { type: "thinking", thinking: "hm", signature: "sig1" },
      { type: "text", text: "a" },
      { type: "thinking", thinking: "x", signature: "sig2" },
      { type: "text", text: "b" },
    ],
  ],
  [
    "parallel tools, one without arguments",
    [anthropicToolUse("t1", "f", '{"a"', ":1}"), anthropicToolUse("t2", "g")],
    { stopReason: "tool_use" },
    [
      { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
      { type: "tool_use", id: "t2", name: "g", input: {} },
    ],
  ],
  [
    "what chat has no word for",
    WEB_SEARCH,
    { stopReason: "pause_turn" },
    [
      { type: "redacted_thinking", data: "xyz" },
      { type: "server_tool_use", id: "srv_1", name: "web_search", input: { query: "x" } },
      { type: "web_search_tool_result", tool_use_id: "srv_1", content: [{ url: "https://x" }] },
      { type: "text", text: "Found", citations: [{ url: "https://x" }] },
    ],
  ],
  ["a refusal", [anthropicText("No")], { stopReason: "refusal" }, [{ type: "text", text: "No" }]],
  ["a limit", [anthropicText("Cut")], { stopReason: "max_tokens" }, [{ type: "text", text: "Cut" }]],
  ["nothing", [], {}, []],
];

describe("an answer", () => {
  for (const [name, blocks, options, content] of ANSWERS) {
    const events = anthropicEvents(blocks, { usage: USAGE, lastUsage: LAST_USAGE, ...options });
    const usage = { ...USAGE, ...LAST_USAGE, cost: 0.25 };
    const shown = events
      .filter(({ type }) => type !== "ping")
      .map((event) => (event.type === "message_delta" ? { ...event, usage } : event));

    test(`of ${name} is told as it came`, async () => {
      const all = await told(anthropicSse(events));
      assert.deepEqual(all.events, shown);
      assert.equal(all.sse, anthropicSse(shown.filter(({ type }) => !/^message_(delta|stop)$/.test(type))).toString());
      assert.deepEqual(all.message, {
        ...{ id: "msg_1", type: "message", role: "assistant", model: "claude-test", content, usage },
        ...{ stop_reason: options.stopReason ?? "end_turn", stop_sequence: null },
      });
    });

    test(`of ${name} is told so wherever its bytes are split`, async () => {
      const bytes = anthropicSse(events);
      assert.deepEqual((await told(...byteByByte(bytes))).events, shown);
      for (let seed = 1, at = 0; seed <= 12; seed++) {
        at = (at * 31 + seed * 97) % bytes.length;
        assert.deepEqual((await told(...splitAt(bytes, at))).events, shown);
      }
      assert.deepEqual((await told(withLineEnds(bytes, "\r\n"))).events, shown);
    });
  }

  test("that was stopped by a sequence names it", async () => {
    const events = anthropicEvents([anthropicText("a")]).map((event) =>
      event.type === "message_delta"
        ? { ...event, delta: { stop_reason: "stop_sequence", stop_sequence: "END" } }
        : event,
    );
    const { message } = await told(anthropicSse(events));
    assert.partialDeepStrictEqual(message, { stop_reason: "stop_sequence", stop_sequence: "END" });
  });

  test("is told at once, also where chat has nothing to say", () => {
    const target = createTarget({ url: upstream.url, dialect: "anthropic" });
    const translation = new AnthropicTranslation(peerOf(target), 0, new Told());
    const events = anthropicEvents(WEB_SEARCH).filter(({ type }) => type !== "ping" && type !== "message_stop");
    for (const event of events) {
      const told = translation.push(anthropicSse([event]))?.values.flatMap((chunk) => eventsOf(chunk) ?? []);
      assert.deepEqual(
        told?.map(({ value }) => value),
        [event],
      );
    }
  });

  test("for a client of chat carries nothing", async () => {
    upstream.script(sse(anthropicSse(anthropicEvents([anthropicText("Hi")]))));
    const target = createTarget({ url: upstream.url, dialect: "anthropic" });
    const { chunks, completion } = await collect(provider.stream(createCall(target)));
    assert.deepEqual(chunks.flatMap(Object.getOwnPropertySymbols), []);
    assert.deepEqual(Object.getOwnPropertySymbols(completion), []);
    assert.equal(chunks.length, 5);
  });
});

describe("a request", () => {
  const FULL: MessagesCreateParams = {
    ...BASE,
    system: [{ type: "text", text: "s", cache_control: { type: "ephemeral", ttl: "1h" } }],
    messages: [
      { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "t", signature: "sig" },
          { type: "redacted_thinking", data: "x" },
          { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", is_error: true, content: [] }] },
    ],
    tools: [
      { name: "f", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } },
      { type: "web_search_20250305", name: "web_search", max_uses: 3 },
    ],
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
    thinking: { type: "enabled", budget_tokens: 50_000 },
    temperature: 1,
    top_k: 5,
    stop_sequences: ["a", "b", "c", "d", "e", "f"],
    metadata: { user_id: "u".repeat(100) },
    some_future_member: { x: 1 },
  };

  test("arrives as it was sent, but for the model's name and the broker's own members", async () => {
    upstream.script(sse(anthropicSse(anthropicEvents([anthropicText("Hi")]))));
    const own = { models: ["b"], max_cost: 1, _meta: { explain: true }, betas: ["a-1", "b\r\nx: y", 5, "c-2"] };
    await collect(provider.stream(call({ ...FULL, ...own })));
    const request = upstream.requests.at(-1);
    assert.deepEqual(request?.json(), { ...FULL, model: "vendor-model", stream: true });
    assert.equal(request?.headers["anthropic-beta"], "a-1,c-2");
  });

  test("loses thoughts that no signature proves: they are another vendor's", () => {
    const target = createTarget({ url: "http://127.0.0.1", dialect: "anthropic" });
    const unsigned = { type: "thinking", thinking: "t", signature: "" };
    const text = { type: "text", text: "a" };
    const { messages } = sentBody({ ...BASE, messages: [{ role: "assistant", content: [unsigned, text] }] }, target);
    assert.deepEqual(messages, [{ role: "assistant", content: [text] }]);
  });

  for (const [most, thinking] of [
    [undefined, { type: "enabled", budget_tokens: 2_000 }],
    [3_000, { type: "enabled", budget_tokens: 2_000 }],
    [1_500, { type: "enabled", budget_tokens: 1_499 }],
    [800, undefined],
  ] as const) {
    test(`of which ${most ?? "all"} tokens can be paid thinks within that`, () => {
      const target = createTarget({ url: "http://127.0.0.1", dialect: "anthropic" });
      const sent = { ...BASE, max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } };
      const body = sentBody(sent, target, most);
      assert.deepEqual([body.max_tokens, body.thinking], [most ?? 4_000, thinking]);
    });
  }
});
