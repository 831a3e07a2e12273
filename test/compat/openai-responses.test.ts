// The official OpenAI SDK, unmodified, over responses.* and the legacy completions: a whole broker with a scripted OpenAI
// behind it that knows nothing but chat.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { connectClient } from "../support/client.ts";
import { type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import { sse } from "../support/upstream.ts";

let house: MoneyHouse;
let client: OpenAI;
let other: OpenAI;

before(async () => {
  house = await openMoneyHouse();
  const clientOf = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${house.broker.url}/v1`, apiKey, maxRetries: 0 });
  client = clientOf((await house.createKey()).secret);
  other = clientOf((await house.createKey()).secret);
});
after(() => house.stop());

const TOOLS: OpenAI.Responses.Tool[] = [
  {
    type: "function",
    name: "weather",
    description: "Tells the weather",
    strict: true,
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
];

/** What the vendor was asked last. */
function asked(): Record<string, unknown> {
  return house.upstream.requests.at(-1)?.json() ?? {};
}

function toolCall(id: string, name: string, args: string): object {
  const call = { id, type: "function", function: { name, arguments: args } };
  return {
    ...(openAiCompletion("") as object),
    choices: [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
    ],
  };
}

async function ask(input: string, more: object = {}, by = client): Promise<OpenAI.Responses.Response> {
  house.upstream.script({ json: openAiCompletion(`re: ${input}`) });
  return by.responses.create({ model: "m", input, ...more });
}

describe("responses.create", () => {
  test("gives text, usage and cost", async () => {
    house.upstream.script({ json: openAiCompletion("Hi!") });
    const response = await client.responses.create({
      model: "m",
      input: "Hello!",
      instructions: "Be brief.",
      max_output_tokens: 50,
      metadata: { topic: "greeting" },
    });
    assert.equal(response.output_text, "Hi!");
    assert.equal(response.status, "completed");
    assert.match(response.id, /^resp_[0-9a-f]{40}$/);
    assert.deepEqual(response.metadata, { topic: "greeting" });
    assert.equal(response.usage?.input_tokens, 9);
    assert.equal(response.usage?.output_tokens, 3);
    assert.equal((response.usage as unknown as { cost: number }).cost, 0.000015);
    assert.deepEqual(asked(), {
      model: "up",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hello!" },
      ],
      max_completion_tokens: 50,
    });
    assert.equal(house.broker.rows().at(-1)?.method, "responses.create");
  });

  test("streams events that the SDK's helper folds to the same response as is kept", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks(["Hel", "lo", "!"]))));
    const stream = client.responses.stream({ model: "m", input: "Hello!" });
    const numbers: number[] = [];
    let text = "";
    stream.on("event", ({ sequence_number }) => numbers.push(sequence_number));
    stream.on("response.output_text.delta", ({ delta }) => {
      text += delta;
    });
    const final = await stream.finalResponse();
    assert.equal(text, "Hello!");
    assert.equal(final.output_text, "Hello!");
    assert.equal((final.usage as unknown as { cost: number }).cost, 0.000015);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index),
    );
    const kept = await client.responses.retrieve(final.id);
    assert.equal(kept.output_text, "Hello!");
    assert.deepEqual(kept.usage, final.usage);
  });

  test("gives JSON of a schema, parsed by the SDK", async () => {
    house.upstream.script({ json: openAiCompletion('{"n":4}') });
    const schema = {
      type: "object",
      properties: { n: { type: "integer" } },
      required: ["n"],
      additionalProperties: false,
    };
    const format = { type: "json_schema", name: "sum", schema, strict: true } as const;
    const response = await client.responses.parse({ model: "m", input: "2+2?", text: { format } });
    assert.equal(response.output_text, '{"n":4}');
    assert.deepEqual(asked().response_format, {
      type: "json_schema",
      json_schema: { name: "sum", schema, strict: true },
    });
  });

  test("calls a tool and goes on from the answer with its output alone", async () => {
    house.upstream.script({ json: toolCall("call_1", "weather", '{"city":"Rome"}') });
    const first = await client.responses.create({
      model: "m",
      input: "Rome?",
      tools: TOOLS,
      instructions: "Be brief.",
    });
    const [call] = first.output;
    assert.equal(call?.type, "function_call");
    assert.equal(call.arguments, '{"city":"Rome"}');
    assert.equal((asked().tools as { function: { name: string } }[])[0]?.function.name, "weather");
    house.upstream.script({ json: openAiCompletion("Sunny.") });
    const second = await client.responses.create({
      model: "m",
      previous_response_id: first.id,
      input: [{ type: "function_call_output", call_id: call.call_id, output: "sun" }],
      tools: TOOLS,
    });
    assert.equal(second.output_text, "Sunny.");
    assert.equal(second.previous_response_id, first.id);
    // Instructions are not carried over.
    assert.deepEqual(asked().messages, [
      { role: "user", content: "Rome?" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
      },
      { role: "tool", tool_call_id: "call_1", content: "sun" },
    ]);
  });

  test("streams thoughts, a text and a refusal, which the SDK folds as they are kept", async () => {
    const deltas = [
      { reasoning_content: "H" },
      { reasoning_content: "m." },
      { content: "Well, " },
      { content: "no: " },
    ];
    const chunks = [...deltas, { refusal: "I " }, { refusal: "won't." }].map((delta) => ({
      ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "up" },
      choices: [{ index: 0, delta, finish_reason: null }],
    }));
    const last = openAiTextChunks([], { finishReason: "length" }).slice(1);
    house.upstream.script(sse(openAiSse([...chunks, ...last])));
    const stream = client.responses.stream({ model: "m", input: "Tell!" });
    const final = await stream.finalResponse();
    assert.equal(final.status, "incomplete");
    assert.deepEqual(final.incomplete_details, { reason: "max_output_tokens" });
    const { output } = await client.responses.retrieve(final.id);
    assert.deepEqual(
      output.map((item) => ("content" in item ? item.content : undefined)),
      [
        [{ type: "reasoning_text", text: "Hm." }],
        [
          { type: "output_text", text: "Well, no: ", annotations: [], logprobs: [] },
          { type: "refusal", refusal: "I won't." },
        ],
      ],
    );
    assert.deepEqual(
      final.output.map(({ type, id }) => [type, id]),
      output.map(({ type, id }) => [type, id]),
    );
  });

  test("streams parallel calls that are written side by side", async () => {
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      ...{ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "up" },
      choices: [{ index: 0, delta, finish_reason }],
    });
    const call = (index: number, more: object) => chunk({ tool_calls: [{ index, ...more }] });
    house.upstream.script(
      sse(
        openAiSse([
          call(0, { id: "call_a", type: "function", function: { name: "weather", arguments: "" } }),
          call(1, { id: "call_b", type: "function", function: { name: "weather", arguments: '{"ci' } }),
          call(0, { function: { arguments: '{"city":"Rome"}' } }),
          call(1, { function: { arguments: 'ty":"Oslo"}' } }),
          chunk({}, "tool_calls"),
        ]),
      ),
    );
    const final = await client.responses.stream({ model: "m", input: "Both?", tools: TOOLS }).finalResponse();
    assert.deepEqual(
      final.output.map((item) => item.type === "function_call" && [item.call_id, item.arguments]),
      [
        ["call_a", '{"city":"Rome"}'],
        ["call_b", '{"city":"Oslo"}'],
      ],
    );
  });

  test("that breaks in the middle fails the stream, and keeps nothing", async () => {
    const bytes = openAiSse(openAiTextChunks(["Hel", "lo"]).slice(0, 2), { done: false });
    house.upstream.script({ ...sse(bytes), ending: "destroy" });
    const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
    await assert.rejects(async () => {
      const stream = await client.responses.create({ model: "m", input: "Hello!", stream: true });
      for await (const event of stream) seen.push(event);
      throw seen.at(-1);
    });
    const failed = seen.find((event) => event.type === "response.failed");
    assert.equal(failed?.response.status, "failed");
    assert.equal(failed.response.error?.code, "server_error");
    assert.equal(
      seen.some(({ type }) => type === "response.completed"),
      false,
    );
    await assert.rejects(client.responses.retrieve(failed.response.id), OpenAI.NotFoundError);
  });

  test("is cancelled while it streams, for its key alone: the vendor's connection closes, and what had come is kept", async () => {
    const bytes = openAiSse(openAiTextChunks(["Hel", "lo"]).slice(0, 2), { done: false });
    house.upstream.script({ ...sse(bytes), ending: "hang" });
    const stream = await client.responses.create({ model: "m", input: "Hello!", stream: true });
    let cancelled: OpenAI.Responses.Response | undefined;
    const types: string[] = [];
    await assert.rejects(async () => {
      let id = "";
      for await (const event of stream) {
        types.push(event.type);
        if (event.type === "response.created") id = event.response.id;
        if (event.type !== "response.output_text.delta") continue;
        await assert.rejects(other.responses.cancel(id), OpenAI.NotFoundError);
        cancelled = await client.responses.cancel(id);
      }
    }, /The response was cancelled/);
    assert.equal(types.at(-1), "response.failed");
    assert.equal(cancelled?.status, "cancelled");
    assert.partialDeepStrictEqual(cancelled.output, [{ status: "incomplete", content: [{ text: "Hel" }] }]);
    await house.upstream.requests.at(-1)?.closed;
    assert.deepEqual((await client.responses.retrieve(cancelled.id)).output, cancelled.output);
    assert.equal((await client.responses.cancel(cancelled.id)).status, "cancelled");
    assert.equal(house.broker.rows().at(-1)?.status, "cancelled");
  });

  const refused: [string, object, RegExp][] = [
    ["a built-in tool", { tools: [{ type: "function", name: "f" }, { type: "web_search" }] }, /\/tools\/1\/type/],
    ["the background", { background: true }, /\/background/],
    ["a reference to an item", { input: [{ type: "item_reference", id: "msg_1" }] }, /\/input\/0\/type/],
    ["an unknown role", { input: [{ role: "critic", content: "No." }] }, /\/input\/0\/role/],
    ["an effort that there is not", { reasoning: { effort: "vast" } }, /\/reasoning\/effort/],
  ];
  for (const [name, params, message] of refused) {
    test(`refuses ${name} by its pointer, and spends nothing`, async () => {
      const before = house.upstream.requests.length;
      await assert.rejects(client.responses.create({ model: "m", input: "Hello!", ...params }), (error: unknown) => {
        assert.ok(error instanceof OpenAI.BadRequestError, String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.equal(house.upstream.requests.length, before);
    });
  }
});

describe("a response that was kept", () => {
  test("is retrieved, listed, cancelled without a change, and deleted", async () => {
    const first = await ask("one");
    const second = await ask("two", { previous_response_id: first.id });
    assert.deepEqual((await client.responses.retrieve(second.id)).output, second.output);
    assert.deepEqual((await client.responses.cancel(second.id)).output, second.output);
    const texts: unknown[] = [];
    for await (const item of client.responses.inputItems.list(second.id, { order: "asc", limit: 2 })) {
      texts.push(item.type === "message" && (item.content[0] as { text: string }).text);
    }
    assert.deepEqual(texts, ["one", "re: one", "two"]);
    await client.responses.delete(first.id);
    await assert.rejects(client.responses.retrieve(first.id), OpenAI.NotFoundError);
    assert.equal((await client.responses.retrieve(second.id)).output_text, "re: two");
    await assert.rejects(ask("three", { previous_response_id: second.id }), OpenAI.NotFoundError);
  });

  test("does not exist for another key, and does for an administrator", async () => {
    const { id } = await ask("mine");
    for (const attempt of [
      () => other.responses.retrieve(id),
      () => other.responses.delete(id),
      () => other.responses.cancel(id),
      () => other.responses.inputItems.list(id),
    ]) {
      await assert.rejects(attempt(), (error: unknown) => {
        assert.ok(error instanceof OpenAI.NotFoundError, String(error));
        return true;
      });
    }
    await assert.rejects(
      other.responses.create({ model: "m", input: "x", previous_response_id: id }),
      (error: unknown) => {
        assert.ok(error instanceof OpenAI.NotFoundError, String(error));
        assert.equal(error.param, "previous_response_id");
        return true;
      },
    );
    assert.equal((await house.admin.call("responses.retrieve", { response_id: id })).result?.id, id);
  });

  test("is not told in events again", async () => {
    const { id } = await ask("once");
    await assert.rejects(client.responses.retrieve(id, { stream: true }), /\/stream/);
    assert.equal((await client.responses.retrieve(id, { stream: false })).id, id);
  });

  test("is not there where the caller wanted none", async () => {
    const response = await ask("hush", { store: false });
    assert.equal((response as unknown as { store: boolean }).store, false);
    await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
  });
});

test("over JSON-RPC the events are the progress and the response is the result", async () => {
  house.upstream.script(sse(openAiSse(openAiTextChunks(["Hel", "lo!"]))));
  const rpc = await connectClient(house.broker.socketPath);
  try {
    const events: { type: string; response?: object }[] = [];
    const params = { model: "m", input: "Hello!", stream: true };
    const { result } = await rpc.call("responses.create", params, (value) => events.push(value as never));
    assert.equal(events[0]?.type, "response.created");
    assert.deepEqual(events.at(-1), {
      type: "response.completed",
      response: result,
      sequence_number: events.length - 1,
    });
  } finally {
    rpc.close();
  }
});

describe("completions.create", () => {
  test("gives a text for a prompt", async () => {
    house.upstream.script({ json: openAiCompletion(" a time") });
    const completion = await client.completions.create({ model: "m", prompt: "Once upon", echo: true, max_tokens: 9 });
    assert.equal(completion.object, "text_completion");
    assert.equal(completion.id, "cmpl-1");
    assert.equal(completion.choices[0]?.text, "Once upon a time");
    assert.equal(completion.choices[0]?.finish_reason, "stop");
    assert.deepEqual(asked(), { model: "up", max_tokens: 9, messages: [{ role: "user", content: "Once upon" }] });
  });

  test("gives a choice for each of several prompts, a row for each, and their sum", async () => {
    const rows = house.broker.rows().length;
    house.upstream.script({ json: openAiCompletion("A") }, { json: openAiCompletion("B") });
    const { data, response } = await client.completions.create({ model: "m", prompt: ["a", "b"] }).withResponse();
    assert.deepEqual(
      data.choices.map(({ index, text }) => [index, text]),
      [
        [0, "A"],
        [1, "B"],
      ],
    );
    assert.equal(data.usage?.total_tokens, 24);
    assert.equal(response.headers.get("x-broker-cost"), "0.00003");
    const added = house.broker.rows().slice(rows);
    assert.equal(added.length, 2);
    assert.equal(new Set(added.map(({ request_id }) => request_id)).size, 2);
  });

  test("streams chunks of text, with usage where it is wanted", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks([" a", " time"]))));
    const stream = await client.completions.create({
      model: "m",
      prompt: "Once upon",
      echo: true,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage: OpenAI.CompletionUsage | null | undefined;
    let reason: string | null = null;
    for await (const chunk of stream) {
      assert.equal(chunk.object, "text_completion");
      text += chunk.choices[0]?.text ?? "";
      reason = chunk.choices[0]?.finish_reason ?? reason;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, "Once upon a time");
    assert.equal(reason, "stop");
    assert.equal(usage?.total_tokens, 12);
  });

  test("a stream ends with [DONE]", async () => {
    house.upstream.script(sse(openAiSse(openAiTextChunks(["x"]))));
    const response = await client.completions.create({ model: "m", prompt: "a", stream: true }).asResponse();
    assert.match(await response.text(), /data: \[DONE\]\n\n$/);
  });

  for (const params of [{ prompt: [1, 2] }, { prompt: [[1], [2]] }, { suffix: "x" }, { best_of: 2 }]) {
    const name = Object.keys(params)[0];
    test(`refuses ${JSON.stringify(params)} by its pointer`, async () => {
      const attempt = client.completions.create({ model: "m", prompt: "a", ...(params as object) });
      await assert.rejects(attempt, (error: unknown) => {
        assert.ok(error instanceof OpenAI.BadRequestError, String(error));
        assert.equal(error.param, `/${name}`);
        return true;
      });
    });
  }
});
