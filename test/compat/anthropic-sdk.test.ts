// The official Anthropic SDK, unmodified, against a whole broker: a scripted Anthropic and a scripted OpenAI behind it.
// Where the vendors differ, the SDK must not see it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { startBroker, type TestBroker } from "../support/broker.ts";
import {
  anthropicEvents,
  anthropicSse,
  anthropicText,
  anthropicThinking,
  anthropicToolUse,
  openAiCompletion,
  openAiSse,
  openAiTextChunks,
} from "../support/bytes.ts";
import { connectClient } from "../support/client.ts";
import { createUpstream, sse, type Upstream } from "../support/upstream.ts";

const MODELS = `
models:
  gpt:
    context_window: 128000
    capabilities: [tool_calling, vision, json_schema, reasoning, streaming]
    backends: [{ provider: openai, model_id: gpt-x, input_cost: 1, output_cost: 2 }]
  claude:
    context_window: 200000
    capabilities: [tool_calling, vision, streaming]
    backends: [{ provider: anthropic, model_id: claude-x, input_cost: 3, output_cost: 15, cached_input_cost: 0.3, cache_write_cost: 3.75 }]
`;

let broker: TestBroker;
let openai: Upstream;
let anthropic: Upstream;
let client: Anthropic;
let secret: string;

before(async () => {
  openai = await createUpstream();
  anthropic = await createUpstream();
  broker = await startBroker(
    {
      AUTH: "required",
      OPENAI_API_KEY: "sk-upstream-first-0001",
      OPENAI_BASE_URL: `${openai.url}/v1`,
      ANTHROPIC_API_KEY: "sk-ant-upstream-0004",
      ANTHROPIC_BASE_URL: anthropic.url,
    },
    MODELS,
  );
  const admin = await connectClient(broker.socketPath);
  secret = String((await admin.call("keys.create", { name: "sdk" })).result?.secret);
  admin.close();
  client = new Anthropic({ baseURL: broker.url, apiKey: secret, maxRetries: 0 });
});
after(async () => {
  await broker.stop();
  await openai.close();
  await anthropic.close();
});

let seen = 0;
beforeEach(() => {
  seen = broker.rows().length;
  broker.app.reload(); // what one test does to a vendor's name must not show in the next
});

type Params = Anthropic.MessageCreateParamsNonStreaming;

const BASE = { max_tokens: 100, messages: [{ role: "user", content: "Hello!" }] } satisfies Omit<Params, "model">;
const WEATHER: Anthropic.Tool = {
  name: "weather",
  description: "Tells the weather",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};

/** Scripts the same answer for both vendors. */
interface Case {
  readonly model: "gpt" | "claude";
  text(...pieces: string[]): void;
  whole(text: string): void;
  /** Two calls beside each other, the second without arguments. */
  tools(stream: boolean): void;
  think(thought: string, text: string): void;
  last(): Record<string, unknown>;
}

const CALLS = [
  { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } },
  { id: "call_2", type: "function", function: { name: "time", arguments: "" } },
];

const claude: Case = {
  model: "claude",
  text: (...pieces) => anthropic.script(sse(anthropicSse(anthropicEvents([anthropicText(...pieces)])))),
  whole: (text) => claude.text(text),
  tools() {
    const blocks = [anthropicToolUse("call_1", "weather", '{"city"', ':"Oslo"}'), anthropicToolUse("call_2", "time")];
    anthropic.script(sse(anthropicSse(anthropicEvents(blocks, { stopReason: "tool_use" }))));
  },
  think(thought, text) {
    const blocks = [anthropicThinking("sig", thought), anthropicText(text)];
    anthropic.script(sse(anthropicSse(anthropicEvents(blocks))));
  },
  last: () => anthropic.requests.at(-1)?.json() ?? {},
};

const gpt: Case = {
  model: "gpt",
  text: (...pieces) => openai.script(sse(openAiSse(openAiTextChunks(pieces)))),
  whole: (text) => openai.script({ json: openAiCompletion(text) }),
  tools(stream) {
    const [head, ...rest] = openAiTextChunks([], { finishReason: "tool_calls" }) as { choices: object[] }[];
    const deltas = CALLS.flatMap((call, index) => [{ tool_calls: [{ ...call, index }] }]);
    const chunks = deltas.map((delta) => ({ ...head, choices: [{ index: 0, delta, finish_reason: null }] }));
    if (stream) openai.script(sse(openAiSse([head as object, ...chunks, ...rest])));
    else {
      const message = { role: "assistant", content: null, tool_calls: CALLS };
      openai.script({
        json: { ...openAiCompletion(""), choices: [{ index: 0, message, finish_reason: "tool_calls" }] },
      });
    }
  },
  think(thought, text) {
    const [head, ...rest] = openAiTextChunks([text]) as { choices: object[] }[];
    const choices = [{ index: 0, delta: { reasoning_content: thought }, finish_reason: null }];
    openai.script(sse(openAiSse([head as object, { ...head, choices }, ...rest])));
  },
  last: () => openai.requests.at(-1)?.json() ?? {},
};

function texts({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === "text" ? block.text : `<${block.type}>`)).join("");
}

function uses({ content }: Anthropic.Message): unknown[] {
  return content.flatMap((block) => (block.type === "tool_use" ? [[block.id, block.name, block.input]] : []));
}

function costOf({ usage }: Anthropic.Message): unknown {
  return (usage as unknown as { cost?: number }).cost;
}

for (const vendor of [claude, gpt]) {
  const { model } = vendor;
  describe(`a model of ${model === "gpt" ? "OpenAI's" : "Anthropic's"} dialect`, () => {
    test("answers in one piece, with usage, cost and a row", async () => {
      vendor.whole("Hi!");
      const { data, request_id } = await client.messages.create({ model, ...BASE, system: "Be brief." }).withResponse();
      assert.equal(texts(data), "Hi!");
      assert.deepEqual([data.type, data.role, data.stop_reason], ["message", "assistant", "end_turn"]);
      assert.match(String(request_id), /^req_/);
      assert.equal((data as { _request_id?: string })._request_id, request_id);
      const [row] = broker.rows().slice(seen);
      assert.equal(row?.method, "messages.create");
      assert.equal(row?.status, "ok");
      assert.equal(Number(row?.cost_nano_usd) / 1e9, costOf(data));
      assert.ok(Number(costOf(data)) > 0);
    });

    test("streams; the helper gathers the same message", async () => {
      vendor.text("Hel", "lo");
      const stream = client.messages.stream({ model, ...BASE });
      const pieces: string[] = [];
      stream.on("text", (piece) => pieces.push(piece));
      const message = await stream.finalMessage();
      assert.deepEqual(pieces, ["Hel", "lo"]);
      assert.equal(texts(message), "Hello");
      assert.equal(message.stop_reason, "end_turn");
      assert.deepEqual([message.usage.input_tokens, message.usage.output_tokens], model === "gpt" ? [9, 3] : [10, 5]);
      assert.equal(broker.rows().slice(seen)[0]?.stream, 1);
    });

    for (const stream of [true, false]) {
      test(`calls tools beside each other, ${stream ? "streamed" : "whole"}`, async () => {
        vendor.tools(stream);
        const params: Params = { model, ...BASE, tools: [WEATHER], tool_choice: { type: "any" } };
        const message = stream
          ? await client.messages.stream(params).finalMessage()
          : await client.messages.create(params);
        assert.equal(message.stop_reason, "tool_use");
        assert.deepEqual(uses(message), [
          ["call_1", "weather", { city: "Oslo" }],
          ["call_2", "time", {}],
        ]);
      });
    }

    test("takes their results back", async () => {
      vendor.whole("It rains.");
      const messages: Anthropic.MessageParam[] = [
        { role: "user", content: "Weather?" },
        { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: "weather", input: { city: "Oslo" } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: "rain" }] },
      ];
      const message = await client.messages.create({ model, max_tokens: 100, messages, tools: [WEATHER] });
      assert.equal(texts(message), "It rains.");
      const sent = vendor.last().messages as object[];
      if (model === "claude") assert.deepEqual(sent, messages);
      else assert.deepEqual(sent.at(-1), { role: "tool", tool_call_id: "call_1", content: "rain" });
    });

    test("tells its thoughts", async () => {
      vendor.think("hm", "Yes");
      const stream = client.messages.stream({
        model,
        ...BASE,
        max_tokens: 4000,
        thinking: { type: "enabled", budget_tokens: 2000 },
      });
      const message = await stream.finalMessage();
      const signature = model === "claude" ? "sig" : "";
      assert.deepEqual(message.content[0], { type: "thinking", thinking: "hm", signature });
      assert.equal(texts(message), "<thinking>Yes");
      const { thinking, reasoning_effort } = vendor.last();
      if (model === "claude") assert.deepEqual(thinking, { type: "enabled", budget_tokens: 2000 });
      else assert.equal(reasoning_effort, "low");
    });

    test("looks at images", async () => {
      vendor.whole("A dot.");
      const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBO" } } as const;
      await client.messages.create({ model, max_tokens: 9, messages: [{ role: "user", content: [image] }] });
      const [sent] = (vendor.last().messages as { content: object[] }[])[0]?.content ?? [];
      if (model === "claude") assert.deepEqual(sent, image);
      else assert.deepEqual(sent, { type: "image_url", image_url: { url: "data:image/png;base64,iVBO" } });
    });

    test("that refuses the request is told in Anthropic's words", async () => {
      const upstream = model === "gpt" ? openai : anthropic;
      const error = { type: "invalid_request_error", message: "max_tokens: too large" };
      upstream.script({ status: 400, json: { type: "error", error } });
      const failure = await client.messages.create({ model, ...BASE }).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      assert.ok(failure instanceof Anthropic.BadRequestError);
      assert.equal(failure.type, "invalid_request_error");
      assert.match(failure.message, /max_tokens: too large/);
      assert.match(String(failure.requestID), /^req_/);
    });

    test("whose stream is cut throws, and never completes", async () => {
      const bytes =
        model === "gpt"
          ? openAiSse(openAiTextChunks(["Hel", "lo"]).slice(0, 2), { done: false })
          : anthropicSse(anthropicEvents([anthropicText("Hel", "lo")]).slice(0, 4));
      (model === "gpt" ? openai : anthropic).script({ ...sse(bytes), ending: "destroy" });
      const types: string[] = [];
      const stream = await client.messages.create({ model, ...BASE, stream: true });
      await assert.rejects(
        async () => {
          for await (const event of stream) types.push(event.type);
        },
        (cause) => cause instanceof Anthropic.APIError && cause.type === "api_error",
      );
      assert.equal(types[0], "message_start");
      assert.equal(types.includes("message_stop"), false);
    });

    test("that is aborted stops upstream", async () => {
      const upstream = model === "gpt" ? openai : anthropic;
      const bytes =
        model === "gpt"
          ? openAiSse(openAiTextChunks(["Hel"]).slice(0, 2), { done: false })
          : anthropicSse(anthropicEvents([anthropicText("Hel")]).slice(0, 4));
      upstream.script({ ...sse(bytes), ending: "hang" });
      const stream = await client.messages.create({ model, ...BASE, stream: true });
      for await (const event of stream) if (event.type === "content_block_delta") break;
      await upstream.requests.at(-1)?.closed;
    });
  });
}

test("a request for Anthropic arrives as it was sent, betas too", async () => {
  claude.whole("Hi");
  await client.beta.messages.create({
    model: "claude",
    max_tokens: 100,
    betas: ["context-management-2025-06-27"],
    system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
    messages: [{ role: "user", content: "Hello!" }],
    context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    mcp_servers: [{ type: "url", name: "docs", url: "https://docs.example.com/mcp" }],
    // The SDK's newest types know it no longer; clients still send it.
    ...({ top_k: 3 } as object),
  });
  const request = anthropic.requests.at(-1);
  assert.equal(request?.headers["anthropic-beta"], "context-management-2025-06-27");
  assert.deepEqual(request?.json(), {
    ...{ model: "claude-x", max_tokens: 100, stream: true, top_k: 3, messages: BASE.messages },
    system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
    context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    mcp_servers: [{ type: "url", name: "docs", url: "https://docs.example.com/mcp" }],
  });
});

test("a request for OpenAI says what OpenAI knows, and nothing else", async () => {
  gpt.whole("Hi");
  await client.messages.create({
    ...{ model: "gpt", ...BASE, top_k: 3, stop_sequences: ["END"], metadata: { user_id: "u1" } },
    system: [{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } }],
  });
  assert.deepEqual(gpt.last(), {
    ...{ model: "gpt-x", max_completion_tokens: 100, stop: ["END"], user: "u1" },
    messages: [{ role: "system", content: "Be kind." }, ...BASE.messages],
  });
});

test("usage of Anthropic's cache is told and priced", async () => {
  const usage = { input_tokens: 10, cache_read_input_tokens: 1000, cache_creation_input_tokens: 100, output_tokens: 1 };
  anthropic.script(sse(anthropicSse(anthropicEvents([anthropicText("Hi")], { usage }))));
  const message = await client.messages.stream({ model: "claude", ...BASE }).finalMessage();
  assert.partialDeepStrictEqual(message.usage, { ...usage, output_tokens: 5 });
  const [row] = broker.rows().slice(seen);
  assert.equal(row?.cost_nano_usd, 10 * 3000 + 1000 * 300 + 100 * 3750 + 5 * 15000);
});

test("tokens are counted: system, messages and tools", async () => {
  const plain = await client.messages.countTokens({ model: "gpt", messages: BASE.messages });
  assert.ok(plain.input_tokens > 0 && plain.input_tokens < 20);
  const more = await client.messages.countTokens({
    ...{ model: "claude", messages: BASE.messages, system: "Be brief and kind." },
    tools: [WEATHER],
  });
  assert.ok(more.input_tokens > plain.input_tokens + 20);
  assert.equal(broker.rows().length, seen);
});

describe("errors are the SDK's own", () => {
  const ask = (params: object) => client.messages.create({ model: "gpt", ...BASE, ...params } as Params);
  const cases: readonly (readonly [
    type: string,
    kind: new (...args: never[]) => Error,
    call: () => Promise<unknown>,
  ])[] = [
    ["not_found_error", Anthropic.NotFoundError, () => ask({ model: "nothing" })],
    [
      "not_found_error",
      Anthropic.NotFoundError,
      () => client.messages.countTokens({ model: "nothing", messages: BASE.messages }),
    ],
    ["invalid_request_error", Anthropic.BadRequestError, () => ask({ max_tokens: -1 })],
    [
      "invalid_request_error",
      Anthropic.BadRequestError,
      () => ask({ messages: [{ role: "user", content: [{ type: "text" }] }] }),
    ],
    ["billing_error", Anthropic.APIError, () => ask({ max_cost: 1e-9 })],
    [
      "authentication_error",
      Anthropic.AuthenticationError,
      () =>
        new Anthropic({ baseURL: broker.url, apiKey: "sk-ab-wrong", maxRetries: 0 }).messages.create({
          model: "gpt",
          ...BASE,
        }),
    ],
  ];
  for (const [index, [type, kind, call]] of cases.entries()) {
    test(`${type} (${index})`, async () => {
      await assert.rejects(
        call,
        (cause) => cause instanceof kind && cause instanceof Anthropic.APIError && cause.type === type,
      );
    });
  }
});

test("over JSON-RPC the same events are progress, and the message is the result", async () => {
  const rpc = await connectClient(broker.socketPath);
  try {
    for (const vendor of [claude, gpt]) {
      vendor.text("Hel", "lo");
      const types: unknown[] = [];
      const params = { model: vendor.model, ...BASE, stream: true };
      const { result } = await rpc.call("messages.create", params, (value) =>
        types.push((value as { type: string }).type),
      );
      assert.deepEqual(types, [
        ...["message_start", "content_block_start", "content_block_delta", "content_block_delta"],
        ...["content_block_stop", "message_delta", "message_stop"],
      ]);
      assert.deepEqual(result?.content, [{ type: "text", text: "Hello" }]);
    }
  } finally {
    rpc.close();
  }
});
