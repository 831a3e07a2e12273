// Official SDKs, unmodified, in chats whose tools the broker runs: they see one answer, and nothing that they would run.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { streamText } from "ai";
import OpenAI from "openai";
import { anthropicEvents, anthropicSse, anthropicText, anthropicThinking, anthropicToolUse } from "../support/bytes.ts";
import { calling, saying, streamedCalls, streamedText } from "../support/tool-answers.ts";
import { openToolHouse, PlayedServers, said, type ToolHouse, treeOf } from "../support/tool-house.ts";
import { sse } from "../support/upstream.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as they come
type Json = Record<string, any>;

let servers: PlayedServers;
let house: ToolHouse;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  servers = new PlayedServers()
    .add("weather", "today", ({ city }) => said(`Sunny in ${city}`), { cost: 0.001 })
    .add("memory", "recall", () => said("She likes Rome"), { shown: { annotations: { readOnlyHint: true } } })
    .add("memory", "forget", () => said("I can't", true));
  house = await openToolHouse(servers);
  const { secret } = await house.createKey();
  openai = new OpenAI({ baseURL: `${house.url}/v1`, apiKey: secret, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: house.url, apiKey: secret, maxRetries: 0 });
});
afterEach(() => house.stop());

const MESSAGES = [{ role: "user" as const, content: "Hello!" }];
const WEATHER = { name: "weather__today", id: "call_w", args: { city: "Rome" } };
const RECALL = { name: "memory__recall", id: "call_r" };
const FORGET = { name: "memory__forget", id: "call_f" };

function asked(round: number): Json {
  return house.upstream.requests[round]?.json() ?? {};
}

describe("OpenAI's SDK in a chat", () => {
  test("streams one completion", async () => {
    house.upstream.script(streamedCalls([WEATHER, RECALL], "Wait."), streamedText(["So ", "it is."]));
    const params = { model: "m", messages: MESSAGES, stream_options: { include_usage: true }, mcp: { auto: true } };
    const stream = openai.chat.completions.stream(params);
    const completion = await stream.finalChatCompletion();
    assert.equal(completion.choices.length, 1);
    assert.equal(completion.choices[0]?.message.content, "Wait.\n\nSo it is.");
    assert.equal(completion.choices[0]?.finish_reason, "stop");
    assert.equal(completion.choices[0]?.message.tool_calls, undefined);
    assert.equal(completion.usage?.total_tokens, 220);
  });

  test("takes MCP servers as tools, whole", async () => {
    house.upstream.script(calling([RECALL]), saying("Done."));
    const tools = [{ type: "mcp", server_label: "memory", require_approval: "never" }];
    const completion = await openai.chat.completions.create({ model: "m", messages: MESSAGES, tools: tools as never });
    assert.equal(completion.choices[0]?.message.content, "Done.");
  });
});

test("the AI SDK streams one answer", async () => {
  house.upstream.script(streamedCalls([WEATHER], "Wait."), streamedText(["So ", "it is."]));
  const provider = createOpenAICompatible({
    ...{ name: "aibroker", baseURL: `${house.url}/v1`, includeUsage: true },
    transformRequestBody: (body) => ({ ...body, mcp: { auto: true } }),
  });
  const answer = streamText({ model: provider("m"), prompt: "Hello!" });
  let text = "";
  for await (const part of answer.textStream) text += part;
  assert.equal(text, "Wait.\n\nSo it is.");
  assert.deepEqual(await answer.toolCalls, []);
  assert.equal(await answer.finishReason, "stop");
  assert.equal((await answer.usage).totalTokens, 220);
});

describe("OpenAI's SDK with responses", () => {
  const memory = { type: "mcp" as const, server_label: "memory", require_approval: "never" as const };
  const ask = { model: "m", input: "Hello!", tools: [memory, { ...memory, server_label: "weather" }] };

  test("gets lists, calls and text in their order", async () => {
    house.upstream.script(calling([RECALL, FORGET], "Wait."), calling([WEATHER]), saying("Done."));
    const response = await openai.responses.create(ask);
    assert.equal(response.output_text, "Wait.Done.");
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ["mcp_list_tools", "mcp_list_tools", "message", "mcp_call", "mcp_call", "mcp_call", "message"],
    );
    const stem = response.id.slice("resp_".length);
    assert.deepEqual(response.output[0], {
      ...{ id: `mcpl_${stem}o0`, type: "mcp_list_tools", server_label: "memory", error: null },
      tools: servers
        .tools()
        .slice(1)
        .map(({ shown: { tool: name, description, inputSchema, annotations = null } }) => ({
          ...{ name, description, input_schema: inputSchema, annotations },
        })),
    });
    const call = { type: "mcp_call", approval_request_id: null };
    assert.deepEqual(response.output.slice(3, 6), [
      {
        ...{ ...call, id: `mcp_${stem}o3`, server_label: "memory", name: "recall", arguments: "{}" },
        ...{ status: "completed", output: "She likes Rome", error: null },
      },
      {
        ...{ ...call, id: `mcp_${stem}o4`, server_label: "memory", name: "forget", arguments: "{}", status: "failed" },
        ...{ output: null, error: { type: "mcp_tool_execution_error", content: [{ type: "text", text: "I can't" }] } },
      },
      {
        ...{ ...call, id: `mcp_${stem}o5`, server_label: "weather", name: "today", arguments: '{"city":"Rome"}' },
        ...{ status: "completed", output: "Sunny in Rome", error: null },
      },
    ]);
    assert.equal(response.usage?.input_tokens, 300);
    assert.equal((response.usage as Json).cost, 0.00136);
    assert.deepEqual(treeOf(house.rows()), [
      "responses.create m ok 120000",
      "  mcp.tools.call memory__recall ok 0",
      "  mcp.tools.call memory__forget ok 0",
      "  responses.create m ok 120000",
      "  mcp.tools.call weather__today ok 1000000",
      "  responses.create m ok 120000",
    ]);
  });

  test("streams the events of OpenAI's own, numbered without a gap", async () => {
    house.upstream.script(streamedCalls([RECALL, FORGET], "Wait."), streamedText(["Do", "ne."]));
    const stream = openai.responses.stream({ ...ask, tools: [memory] });
    const events: Json[] = [];
    for await (const event of stream) events.push(event);
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    assert.deepEqual(
      events.map(({ type, output_index: index }) => (index === undefined ? type : `${index} ${type}`)),
      [
        ...["response.created", "response.in_progress"],
        ...["0 response.output_item.added", "0 response.mcp_list_tools.in_progress"],
        ...["0 response.mcp_list_tools.completed", "0 response.output_item.done"],
        ...["1 response.output_item.added", "1 response.content_part.added", "1 response.output_text.delta"],
        ...["1 response.output_text.done", "1 response.content_part.done", "1 response.output_item.done"],
        ...[2, 3].flatMap((at) => [
          ...[`${at} response.output_item.added`, `${at} response.mcp_call.in_progress`],
          ...[`${at} response.mcp_call_arguments.delta`, `${at} response.mcp_call_arguments.done`],
        ]),
        ...["2 response.mcp_call.completed", "2 response.output_item.done"],
        ...["3 response.mcp_call.failed", "3 response.output_item.done"],
        ...["4 response.output_item.added", "4 response.content_part.added"],
        ...["4 response.output_text.delta", "4 response.output_text.delta"],
        ...["4 response.output_text.done", "4 response.content_part.done", "4 response.output_item.done"],
        "response.completed",
      ],
    );
    const final = await stream.finalResponse();
    assert.equal(final.output_text, "Wait.Done.");
    assert.deepEqual(
      events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item),
      [...(events.at(-1)?.response.output ?? [])],
    );
  });

  test("is told in the stream's own words when a later round breaks", async () => {
    house.upstream.script(streamedCalls([RECALL], "Wait."), { status: 400, json: { error: { message: "no" } } });
    const events: Json[] = [];
    const reading = (async () => {
      for await (const event of await openai.responses.create({ ...ask, tools: [memory], stream: true }))
        events.push(event);
    })();
    await reading.catch(() => undefined);
    const failed = events.find(({ type }) => type === "response.failed");
    assert.equal(failed?.response.status, "failed");
    assert.deepEqual(
      failed?.response.output.map(({ type, status }: Json) => [type, status]),
      [
        ["mcp_list_tools", undefined],
        ["message", "completed"],
        ["mcp_call", "completed"],
      ],
    );
    assert.ok(events.every(({ type }) => type !== "response.completed"));
  });

  test("goes on from one: what tools gave is told again, and listed once", async () => {
    house.upstream.script(calling([RECALL, FORGET], "Wait."), calling([WEATHER]), saying("Done."), saying("Again."));
    const first = await openai.responses.create(ask);
    const second = await openai.responses.create({ ...ask, input: "And?", previous_response_id: first.id });
    assert.deepEqual(
      second.output.map(({ type }) => type),
      ["message"],
    );
    assert.deepEqual(
      asked(3).messages.map(({ content, tool_calls: calls }: Json) => [
        content,
        ...(calls ?? []).map((call: Json) => call.function.name),
      ]),
      [
        ["Hello!"],
        ["Wait.", "memory__recall", "memory__forget", "weather__today"],
        ...[["She likes Rome"], ["Error: I can't"], ["Sunny in Rome"]],
        ...[["Done."], ["And?"]],
      ],
    );
  });

  test("is refused what needs an approval, before anything is asked", async () => {
    for (const require_approval of ["always" as const, undefined]) {
      const tools = [
        { type: "mcp" as const, server_label: "memory", ...(require_approval ? { require_approval } : {}) },
      ];
      await assert.rejects(openai.responses.create({ ...ask, tools }), (error: Json) => {
        return error.status === 400 && error.param === "/tools/0/require_approval";
      });
    }
    assert.equal(house.upstream.requests.length, 0);
  });

  test("takes the broker's own word for tools as well", async () => {
    house.upstream.script(calling([RECALL]), saying("Done."));
    const response = await openai.responses.create({
      ...{ model: "m", input: "Hello!", mcp: { auto: true, tools: ["memory__recall"] } },
    } as OpenAI.Responses.ResponseCreateParamsNonStreaming);
    assert.deepEqual(
      response.output.map(({ type }) => type),
      ["mcp_list_tools", "mcp_call", "message"],
    );
  });
});

describe("Anthropic's SDK", () => {
  const ask = { model: "m", max_tokens: 100, messages: MESSAGES, mcp: { auto: true } };

  test("gets tools as blocks of the MCP connector, and gives them back in a later turn", async () => {
    house.upstream.script(calling([WEATHER, FORGET], "Wait."), saying("Done."), saying("Again."));
    const message = await anthropic.messages.create(ask);
    assert.deepEqual(message.content as unknown[], [
      { type: "text", text: "Wait." },
      {
        ...{ type: "mcp_tool_use", id: "mcptoolu_broker_call_w", name: "today", server_name: "weather" },
        input: { city: "Rome" },
      },
      { type: "mcp_tool_use", id: "mcptoolu_broker_call_f", name: "forget", server_name: "memory", input: {} },
      {
        ...{ type: "mcp_tool_result", tool_use_id: "mcptoolu_broker_call_w", is_error: false },
        content: [{ type: "text", text: "Sunny in Rome" }],
      },
      {
        ...{ type: "mcp_tool_result", tool_use_id: "mcptoolu_broker_call_f", is_error: true },
        content: [{ type: "text", text: "I can't" }],
      },
      { type: "text", text: "Done." },
    ]);
    assert.equal(message.stop_reason, "end_turn");
    assert.equal(message.usage.input_tokens, 200);
    assert.equal((message.usage as Json).cost, 0.00124);

    const messages = [...MESSAGES, { role: "assistant" as const, content: message.content }, ...MESSAGES];
    await anthropic.messages.create({ ...ask, messages });
    assert.deepEqual(
      asked(2).messages.map(({ role, content, tool_calls: calls }: Json) => [role, content, calls?.length]),
      [
        ["user", "Hello!", undefined],
        ["assistant", "Wait.", 2],
        ["tool", "Sunny in Rome", undefined],
        ["tool", "Error: I can't", undefined],
        ["assistant", "Done.", undefined],
        ["user", "Hello!", undefined],
      ],
    );
  });

  test("streams the same message", async () => {
    house.upstream.script(streamedCalls([WEATHER], "Wait."), streamedText(["Do", "ne."]));
    const message = await anthropic.messages.stream(ask).finalMessage();
    assert.deepEqual(
      message.content.map(({ type }) => type as string),
      ["text", "mcp_tool_use", "mcp_tool_result", "text"],
    );
    assert.deepEqual((message.content[1] as unknown as Json).input, { city: "Rome" });
    assert.equal(message.stop_reason, "end_turn");
  });

  test("keeps what only Anthropic knows, where Anthropic answers", async () => {
    const uses = anthropicEvents(
      [anthropicThinking("sig", "Hm."), anthropicToolUse("toolu_1", "weather__today", '{"city":', '"Rome"}')],
      { stopReason: "tool_use" },
    );
    house.upstream.script(sse(anthropicSse(uses)), sse(anthropicSse(anthropicEvents([anthropicText("Do", "ne.")]))));
    const cache_control = { type: "ephemeral" as const };
    const messages = [{ role: "user" as const, content: [{ type: "text" as const, text: "Hello!", cache_control }] }];
    const message = await anthropic.messages.create({ ...ask, model: "claude", messages });
    assert.deepEqual(asked(0).messages, messages);
    assert.equal(asked(0).mcp, undefined);
    assert.deepEqual(
      asked(0).tools.map(({ name }: Json) => name),
      ["weather__today", "memory__recall", "memory__forget"],
    );
    assert.deepEqual(asked(1).messages.slice(1), [
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm.", signature: "sig" },
          { type: "tool_use", id: "toolu_1", name: "weather__today", input: { city: "Rome" } },
        ],
      },
      {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "Sunny in Rome" }] }],
      },
    ]);
    assert.deepEqual(
      message.content.map(({ type }) => type as string),
      ["thinking", "mcp_tool_use", "mcp_tool_result", "text"],
    );
  });
});
