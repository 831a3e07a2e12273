// The official OpenAI SDK, unmodified but for its base URL, against a whole broker: the embedded model, a scripted OpenAI
// and a scripted Anthropic behind it. Every answer is also looked up in requests.db.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI from "openai";
import { startBroker, type TestBroker } from "../support/broker.ts";
import {
  anthropicEvents,
  anthropicSse,
  anthropicText,
  anthropicToolUse,
  openAiCompletion,
  openAiSse,
  openAiTextChunks,
} from "../support/bytes.ts";
import { createUpstream, sse, type Upstream } from "../support/upstream.ts";

const MODELS = `
models:
  fast:
    aliases: [quick]
    context_window: 128000
    capabilities: [tool_calling, vision, json_schema, streaming]
    backends:
      - { provider: openai, model_id: gpt-fast, priority: 1, input_cost: 2.5, output_cost: 10.0, cached_input_cost: 1.25 }
      - { provider: groq, model_id: groq-fast, priority: 2, input_cost: 1, output_cost: 2 }
  claude:
    context_window: 200000
    capabilities: [tool_calling, vision, streaming]
    backends:
      - { provider: anthropic, model_id: claude-x, input_cost: 3, output_cost: 15, cached_input_cost: 0.3, cache_write_cost: 3.75 }
  tiny-broker:
    backends:
      - { provider: embedded, model_id: tiny-broker, free: true }
`;

let broker: TestBroker;
let openai: Upstream;
let anthropic: Upstream;
let client: OpenAI;

before(async () => {
  openai = await createUpstream();
  anthropic = await createUpstream();
  broker = await startBroker(
    {
      OPENAI_API_KEYS: "sk-upstream-first-0001,sk-upstream-second-0002",
      OPENAI_BASE_URL: `${openai.url}/v1`,
      GROQ_API_KEY: "gsk-upstream-third-0003",
      GROQ_BASE_URL: `${openai.url}/groq`,
      ANTHROPIC_API_KEY: "sk-ant-upstream-0004",
      ANTHROPIC_BASE_URL: anthropic.url,
    },
    MODELS,
  );
  client = new OpenAI({ baseURL: `${broker.url}/v1`, apiKey: "not-needed", maxRetries: 0 });
});
after(async () => {
  await broker.stop();
  await openai.close();
  await anthropic.close();
});

let seen = 0;
beforeEach(() => {
  seen = broker.rows().length;
  broker.app.reload(); // what one test does to the vendor's name must not show in the next
});

/** The rows that this test has added. */
function newRows() {
  return broker.rows().slice(seen);
}

const messages = [{ role: "user" as const, content: "Hello!" }];

describe("models", () => {
  test("list and retrieve, by alias too", async () => {
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    assert.deepEqual(ids, ["fast", "claude", "tiny-broker"]);
    assert.equal((await client.models.retrieve("quick")).id, "fast");
    await assert.rejects(client.models.retrieve("nope"), OpenAI.NotFoundError);
  });
});

describe("chat in one piece", () => {
  test("comes from the vendor, with cost in body, headers and log", async () => {
    const usage = {
      prompt_tokens: 1000,
      completion_tokens: 100,
      total_tokens: 1100,
      prompt_tokens_details: { cached_tokens: 400 },
    };
    openai.script({ json: openAiCompletion("Hi!", { usage }) });
    const { data, response } = await client.chat.completions
      .create({ model: "fast", messages, user: "me" })
      .withResponse();
    assert.equal(data.choices[0]?.message.content, "Hi!");
    assert.equal((data.usage as unknown as { cost: number }).cost, 0.003);
    assert.equal(response.headers.get("x-broker-model"), "fast");
    assert.equal(response.headers.get("x-broker-provider"), "openai");
    assert.equal(response.headers.get("x-broker-attempts"), "1");
    assert.equal(response.headers.get("x-broker-cost"), "0.003");
    const sent = openai.requests.at(-1);
    assert.equal(sent?.headers.authorization, "Bearer sk-upstream-first-0001");
    assert.deepEqual(sent?.json(), { model: "gpt-fast", messages, user: "me" });
    const [row] = newRows();
    assert.equal(row?.request_id, response.headers.get("x-request-id"));
    assert.equal(row?.cost_nano_usd, 3_000_000);
    assert.equal(row?.cached_input_tokens, 400);
  });

  test("unknown members, vision parts, tools and json_schema go up untouched", async () => {
    openai.script({ json: openAiCompletion("{}") });
    const extras = {
      model: "fast",
      messages: [
        { role: "system" as const, content: "Be brief." },
        {
          role: "user" as const,
          content: [
            { type: "text" as const, text: "What is this?" },
            { type: "image_url" as const, image_url: { url: "data:image/png;base64,aGk=", detail: "low" as const } },
          ],
        },
      ],
      tools: [
        { type: "function" as const, function: { name: "look", parameters: { type: "object", properties: {} } } },
      ],
      tool_choice: "auto" as const,
      parallel_tool_calls: false,
      response_format: {
        type: "json_schema" as const,
        json_schema: { name: "x", schema: { type: "object" }, strict: true },
      },
      made_up_member: { deep: [1, 2, 3] },
    };
    await client.chat.completions.create(extras);
    assert.deepEqual(openai.requests.at(-1)?.json(), { ...extras, model: "gpt-fast" });
  });

  test("falls back over the pool's keys to the next backend, and says how often it tried", async () => {
    openai.script(
      { status: 429, json: { error: { message: "slow down" } } },
      { status: 503, json: {} },
      { json: openAiCompletion("ok") },
    );
    const { response } = await client.chat.completions.create({ model: "fast", messages }).withResponse();
    assert.equal(response.headers.get("x-broker-provider"), "groq");
    assert.equal(response.headers.get("x-broker-attempts"), "3");
    assert.deepEqual(
      openai.requests.slice(-3).map(({ path }) => path),
      ["/v1/chat/completions", "/v1/chat/completions", "/groq/chat/completions"],
    );
  });
});

describe("streams", () => {
  test("arrive in chunks; usage is hidden from who did not ask and always logged", async () => {
    openai.script(sse(openAiSse(openAiTextChunks(["Hel", "lo"]))));
    const stream = await client.chat.completions.create({ model: "fast", messages, stream: true });
    let text = "";
    for await (const chunk of stream) {
      assert.ok(!("usage" in chunk), "no usage member at all");
      text += chunk.choices[0]?.delta.content ?? "";
    }
    assert.equal(text, "Hello");
    assert.deepEqual(openai.requests.at(-1)?.json().stream_options, { include_usage: true });
    const [row] = newRows();
    assert.equal(row?.usage_source, "provider");
    assert.equal(row?.cost_nano_usd, 9 * 2500 + 3 * 10_000);
  });

  test("usage and cost come in the last chunk when asked", async () => {
    openai.script(sse(openAiSse(openAiTextChunks(["Hi"]))));
    const stream = await client.chat.completions.create({
      model: "fast",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const last = chunks.at(-1);
    assert.deepEqual(last?.choices, []);
    assert.equal((last?.usage as { cost?: number } | undefined)?.cost, 0.0000525);
    assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
  });

  test("the SDK's own runner folds tool calls in parallel", async () => {
    const tool = (index: number, id: string, name: string, parts: string[]) => [
      { index, id, type: "function", function: { name, arguments: "" } },
      ...parts.map((part) => ({ index, function: { arguments: part } })),
    ];
    const deltas = [...tool(0, "call_a", "look", ['{"at":', "1}"]), ...tool(1, "call_b", "look", ["{}"])];
    const head = { id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-fast" };
    openai.script(
      sse(
        openAiSse([
          { ...head, choices: [{ index: 0, delta: { role: "assistant", content: null }, finish_reason: null }] },
          ...deltas.map((delta) => ({
            ...head,
            choices: [{ index: 0, delta: { tool_calls: [delta] }, finish_reason: null }],
          })),
          { ...head, choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] },
        ]),
      ),
    );
    const final = await client.chat.completions
      .stream({ model: "fast", messages, tools: [{ type: "function", function: { name: "look", parameters: {} } }] })
      .finalChatCompletion();
    assert.deepEqual(
      final.choices[0]?.message.tool_calls?.map(
        (call) => call.type === "function" && [call.id, call.function.arguments],
      ),
      [
        ["call_a", '{"at":1}'],
        ["call_b", "{}"],
      ],
    );
  });

  test("cut by the vendor: an error, never a complete-looking answer", async () => {
    const bytes = openAiSse(openAiTextChunks(["Hel"]), { done: false });
    const insideNext = bytes.indexOf("\n\n", bytes.indexOf("Hel")) + 20;
    openai.script({ ...sse(bytes.subarray(0, insideNext)), ending: "destroy" });
    const stream = await client.chat.completions.create({ model: "fast", messages, stream: true });
    await assert.rejects(async () => {
      for await (const _ of stream);
    }, OpenAI.APIError);
    const [row] = newRows();
    assert.deepEqual([row?.status, row?.error_kind], ["error", "stream_cut"]);
  });

  test("an error hidden in a 200 falls back unseen", async () => {
    openai.script(
      sse('data: {"error":{"message":"overloaded","code":503}}\n\n'),
      sse(openAiSse(openAiTextChunks(["ok"]))),
    );
    const stream = await client.chat.completions.create({ model: "fast", messages, stream: true });
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    assert.equal(text, "ok");
    assert.equal(newRows()[0]?.attempts, 2);
  });

  test("abort closes the vendor's connection and bills what was delivered", async () => {
    openai.script({ ...sse(openAiSse(openAiTextChunks(["one two three"]), { done: false })), ending: "hang" });
    const asked = openai.requests.length;
    const stream = await client.chat.completions.create({ model: "fast", messages, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort();
    await (await openai.request(asked)).closed;
    while (newRows().length === 0) await new Promise(setImmediate);
    const [row] = newRows();
    assert.equal(row?.status, "cancelled");
    assert.ok(Number(row?.cost_nano_usd) > 0);
  });
});

describe("Anthropic behind OpenAI's dialect", () => {
  test("text with cached tokens, priced by their own prices", async () => {
    const usage = {
      input_tokens: 100,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 200,
      output_tokens: 1,
    };
    const events = anthropicEvents([anthropicText("Hel", "lo")], { usage, lastUsage: { output_tokens: 50 } });
    anthropic.script(sse(anthropicSse(events)));
    const answer = await client.chat.completions.create({ model: "claude", messages, max_tokens: 200 });
    assert.equal(answer.choices[0]?.message.content, "Hello");
    assert.equal(answer.usage?.prompt_tokens, 1300);
    assert.equal(answer.usage?.prompt_tokens_details?.cached_tokens, 1000);
    const [row] = newRows();
    assert.equal(row?.cost_nano_usd, 100 * 3000 + 1000 * 300 + 200 * 3750 + 50 * 15_000);
    assert.equal(anthropic.requests.at(-1)?.headers["x-api-key"], "sk-ant-upstream-0004");
  });

  test("streamed tool calls", async () => {
    anthropic.script(
      sse(
        anthropicSse(
          anthropicEvents([anthropicToolUse("toolu_1", "look", '{"at"', ":1}")], { stopReason: "tool_use" }),
        ),
      ),
    );
    const final = await client.chat.completions
      .stream({
        model: "claude",
        messages,
        max_tokens: 200,
        tools: [{ type: "function", function: { name: "look", parameters: {} } }],
      })
      .finalChatCompletion();
    const [call] = final.choices[0]?.message.tool_calls ?? [];
    assert.equal(final.choices[0]?.finish_reason, "tool_calls");
    assert.ok(call?.type === "function");
    assert.deepEqual([call.id, call.function.name, call.function.arguments], ["toolu_1", "look", '{"at":1}']);
  });
});

describe("errors are the SDK's typed classes", () => {
  const cases: readonly [string, object, new (...args: never[]) => Error, Record<string, unknown>][] = [
    [
      "an unknown model",
      { model: "nope", messages },
      OpenAI.NotFoundError,
      { code: "model_not_found", param: "model", status: 404 },
    ],
    [
      "no messages",
      { model: "fast" },
      OpenAI.BadRequestError,
      { code: "invalid_params", param: "/messages", status: 400 },
    ],
    [
      "a part of unknown type",
      { model: "fast", messages: [{ role: "user", content: [{ type: "smell" }] }] },
      OpenAI.BadRequestError,
      { param: "/messages/0/content/0/type" },
    ],
    [
      "a temperature of 3",
      { model: "fast", messages, temperature: 3 },
      OpenAI.BadRequestError,
      { param: "/temperature" },
    ],
  ];
  for (const [why, body, type, facts] of cases) {
    test(why, async () => {
      await assert.rejects(client.chat.completions.create(body as never), (error: Error) => {
        assert.ok(error instanceof type, error.constructor.name);
        for (const [name, value] of Object.entries(facts))
          assert.equal((error as unknown as Record<string, unknown>)[name], value, name);
        return true;
      });
    });
  }

  test("a vendor's 400 is passed on with its words", async () => {
    openai.script({
      status: 400,
      json: { error: { message: "too hot", type: "invalid_request_error", param: "temperature", code: "hot" } },
    });
    await assert.rejects(client.chat.completions.create({ model: "fast", messages }), (error: Error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, "hot");
      assert.match(error.message, /too hot/);
      return true;
    });
  });

  test("dead vendor keys are the broker's fault, told without the keys", async () => {
    openai.script(
      ...[1, 2, 3].map(() => ({
        status: 401,
        json: { error: { message: "Incorrect API key provided: sk-upstream-first-0001" } },
      })),
    );
    await assert.rejects(client.chat.completions.create({ model: "fast", messages }), (error: Error) => {
      assert.ok(error instanceof OpenAI.InternalServerError);
      assert.equal(error.status, 502);
      assert.equal(error.code, "provider_credentials_exhausted");
      assert.doesNotMatch(JSON.stringify(error), /sk-upstream/);
      return true;
    });
  });

  test("a rate limit that nobody can mend is a RateLimitError with retry-after", async () => {
    openai.script(
      ...[1, 2, 3].map(() => ({ status: 429, headers: { "retry-after": "7" }, json: { error: { message: "slow" } } })),
    );
    await assert.rejects(client.chat.completions.create({ model: "fast", messages }), (error: Error) => {
      assert.ok(error instanceof OpenAI.RateLimitError);
      assert.equal(error.headers?.get("retry-after"), "7");
      assert.equal(error.headers?.get("retry-after-ms"), "7000");
      return true;
    });
  });

  test("a key in our format that nobody made is an AuthenticationError", async () => {
    const stranger = new OpenAI({ baseURL: `${broker.url}/v1`, apiKey: "sk-ab-4fJ2kQ9xLm", maxRetries: 0 });
    await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
  });
});

test("the embedded model streams without any vendor", async () => {
  const stream = await client.chat.completions.create({ model: "tiny-broker", messages, stream: true, temperature: 0 });
  let text = "";
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
  assert.equal(text, "Hello! How can I help you?");
  assert.equal(newRows()[0]?.provider, "embedded");
});
