// OpenAI's Responses passed on: what goes up, that events come back as they were told however their bytes were split, what
// metering makes of them, and how an answer fails.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProviderCall } from "../../src/core/provider.ts";
import { toCarryingChat } from "../../src/core/responses/carry.ts";
import { type Item, inputItems } from "../../src/core/responses/items.ts";
import { ResponseTeller } from "../../src/core/responses/tell.ts";
import { eventsOf, responseOf } from "../../src/core/responses/told.ts";
import type { ResponsesCreateParams } from "../../src/generated/types.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { byteByByte, openAiCompletion, splitAt, withLineEnds } from "../support/bytes.ts";
import {
  CALL,
  type Json,
  REASONING,
  RESPONSE_USAGE,
  responsesSse,
  SEARCH,
  textItem,
  vendorEvents,
  vendorResponse,
} from "../support/responses.ts";
import { createCall, createTarget } from "../support/target.ts";
import { type Piece, sse } from "../support/upstream.ts";
import { type Collected, collect, failureOf } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createOpenAiProvider);

const BASE: ResponsesCreateParams = { model: "our", input: "Hi" };
const CHAT_USAGE = {
  ...{ prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 },
  ...{ prompt_tokens_details: { cached_tokens: 8 }, completion_tokens_details: { reasoning_tokens: 4 } },
};

function callOf(params: ResponsesCreateParams = BASE, earlier: readonly Item[] = [], speaks = true): ProviderCall {
  const target = createTarget({ url: upstream.url });
  const config = { ...target.backend.config, responses: speaks };
  const chat = toCarryingChat(params, earlier, inputItems(params.input, "0"), false);
  return createCall({ ...target, backend: { ...target.backend, config } }, chat);
}

async function streamed(...pieces: Piece[]): Promise<Collected> {
  upstream.script(sse(...pieces));
  return collect(provider.stream(callOf()));
}

async function whole(call: ProviderCall, json: unknown = vendorResponse([textItem("Hello!")])) {
  upstream.script({ json });
  assert.ok(provider.complete);
  return provider.complete(call);
}

function told({ chunks }: Collected): object[] {
  return chunks.flatMap((chunk) => eventsOf(chunk) ?? []);
}

describe("a request", () => {
  test("goes up as it came, but for the model, the broker's own members and what is kept", async () => {
    const params: ResponsesCreateParams = {
      ...{ model: "our", input: "Hi", store: true, models: ["other"], max_cost: 1, _meta: { token: "t" } },
      ...{ tools: [{ type: "web_search" }], include: ["reasoning.encrypted_content"], max_tool_calls: 3 },
      ...{ stream_options: { include_obfuscation: false }, metadata: { a: "b" } },
    };
    await whole(callOf(params));
    const request = upstream.requests.at(-1)!;
    assert.equal(request.path, "/responses");
    assert.equal(request.headers.accept, "application/json");
    assert.match(String(request.headers.authorization), /^Bearer /);
    assert.deepEqual(request.json(), {
      ...{ model: "vendor-model", input: "Hi", store: false, tools: [{ type: "web_search" }], metadata: { a: "b" } },
      ...{ include: ["reasoning.encrypted_content"], max_tool_calls: 3 },
    });
  });

  test("that streams says so, and is bounded by what may be paid for", async () => {
    upstream.script(sse(responsesSse(vendorEvents(vendorResponse([textItem("Hello!")])))));
    await collect(provider.stream({ ...callOf({ ...BASE, max_output_tokens: 900 }), maxTokens: 64 }));
    assert.deepEqual(upstream.requests.at(-1)?.json(), {
      ...{ model: "vendor-model", input: "Hi", store: false, stream: true, max_output_tokens: 64 },
    });
  });

  test("that goes on from another one brings what was said, without thoughts that can't be proved", async () => {
    const other = { ...REASONING, id: `rs_${"0".repeat(40)}o0` };
    const unsealed = { id: "rs_2", type: "reasoning", summary: [] };
    const earlier = [textItem("Then."), REASONING, other, unsealed, { id: "item_1", type: "mcp_call", name: "x" }];
    await whole(callOf({ ...BASE, previous_response_id: "resp_1" }, earlier));
    assert.deepEqual(upstream.requests.at(-1)?.json(), {
      ...{ model: "vendor-model", store: false },
      input: [textItem("Then."), REASONING, { type: "mcp_call", name: "x" }, { role: "user", content: "Hi" }],
    });
  });

  test("that goes on from tools that the broker ran tells them as functions that the caller ran", async () => {
    const stem = "0".repeat(40);
    const list = { id: `mcpl_${stem}o0`, type: "mcp_list_tools", server_label: "s", tools: [] };
    const called = { type: "mcp_call", server_label: "s", name: "t", arguments: "{}", output: "Done" };
    const vendors = { ...called, id: "mcp_68a5" };
    const earlier = [list, { ...called, id: `mcp_${stem}o1` }, vendors];
    await whole(callOf({ ...BASE, previous_response_id: "resp_1" }, earlier));
    assert.deepEqual(upstream.requests.at(-1)?.json().input, [
      { type: "function_call", call_id: `mcp_${stem}o1`, name: "s__t", arguments: "{}" },
      { type: "function_call_output", call_id: `mcp_${stem}o1`, output: "Done" },
      vendors,
      { role: "user", content: "Hi" },
    ]);
  });

  test("goes up as chat where the backend does not say that it speaks Responses", async () => {
    await whole(callOf(BASE, [], false), openAiCompletion("Hi"));
    assert.equal(upstream.requests.at(-1)?.path, "/chat/completions");
  });
});

const ANSWERS: [name: string, response: Json, message: object, finish: string][] = [
  ["text", vendorResponse([textItem("Hello!")]), { content: "Hello!" }, "stop"],
  [
    "thoughts, a search and text",
    vendorResponse([REASONING, SEARCH, textItem("Grüße ☀")]),
    { content: "Grüße ☀", reasoning_content: "Hm." },
    "stop",
  ],
  [
    "a call",
    vendorResponse([CALL]),
    {
      content: null,
      tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
    },
    "tool_calls",
  ],
  [
    "a text that was cut at its limit",
    vendorResponse([textItem("Hello")], {
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    }),
    { content: "Hello" },
    "length",
  ],
  [
    "a text that was filtered",
    vendorResponse([textItem("Hello")], { status: "incomplete", incomplete_details: { reason: "content_filter" } }),
    { content: "Hello" },
    "content_filter",
  ],
];

describe("an answer", () => {
  for (const [name, response, message, finish] of ANSWERS) {
    const events = vendorEvents(response);
    const bytes = responsesSse(events);
    const shown = events.slice(0, -1);

    test(`of ${name} is told as it came, and folded for metering`, async () => {
      const all = await streamed(bytes);
      assert.equal(all.failure, undefined);
      assert.deepEqual(told(all), shown);
      const [choice] = all.completion.choices;
      assert.deepEqual(choice?.message, { role: "assistant", ...message });
      assert.equal(choice?.finish_reason, finish);
      assert.deepEqual(all.completion.usage, CHAT_USAGE);
      assert.deepEqual(responseOf(all.completion), response);
    });

    test(`of ${name} is the same in one piece`, async () => {
      const completion = await whole(callOf(), response);
      const all = await streamed(bytes);
      assert.deepEqual(JSON.parse(JSON.stringify(completion)), JSON.parse(JSON.stringify(all.completion)));
      assert.deepEqual(responseOf(completion), response);
    });

    test(`of ${name} is told so wherever its bytes are split`, async () => {
      assert.deepEqual(told(await streamed(...byteByByte(bytes))), shown);
      for (let seed = 1, at = 0; seed <= 12; seed++) {
        at = (at * 31 + seed * 97) % bytes.length;
        assert.deepEqual(told(await streamed(...splitAt(bytes, at))), shown);
      }
      assert.deepEqual(told(await streamed(withLineEnds(bytes, "\r\n"))), shown);
    });
  }

  test("reaches the client under the broker's id, numbered without a gap, with what it has cost", async () => {
    const response = vendorResponse([SEARCH, textItem("Hello!")]);
    const all = await streamed(responsesSse(vendorEvents(response)));
    const teller = new ResponseTeller({ id: "resp_ours", createdAt: 9, params: { ...BASE, store: false } });
    const events = all.runs.flatMap(({ values }) => teller.take(values));
    const usage = { ...CHAT_USAGE, cost: 0.25 };
    const ended = teller.end({ ...all.completion, usage }, 9);
    events.push(...teller.finish(ended));
    assert.deepEqual(
      events.map(({ type, sequence_number }) => [type, sequence_number]),
      vendorEvents(response).map(({ type }, index) => [type, index]),
    );
    for (const { response: each } of events) if (each) assert.partialDeepStrictEqual(each, { id: "resp_ours" });
    assert.partialDeepStrictEqual(ended, {
      ...{ id: "resp_ours", created_at: 9, store: false, model: "up-2026", service_tier: "default" },
      ...{ output: response.output, usage: { ...RESPONSE_USAGE, cost: 0.25 } },
    });
  });

  test("that brings the arguments of a call in one piece is read", async () => {
    const events = vendorEvents(vendorResponse([CALL])).filter(({ type }) => !/arguments\.delta$/.test(String(type)));
    const { completion } = await streamed(responsesSse(events));
    assert.equal(completion.choices[0]?.message.tool_calls?.[0]?.function?.arguments, CALL.arguments);
  });
});

describe("an answer that fails", () => {
  const begun = vendorEvents(vendorResponse([textItem("Hello!")])).slice(0, -1);

  for (const [name, end] of [
    ["without a last event", []],
    ["with [DONE] alone", ["data: [DONE]\n\n"]],
  ] as const) {
    test(`is cut where it ends ${name}`, async () => {
      const { failure, completion } = await streamed(responsesSse(begun), ...end);
      assert.equal(failure?.kind, "cut");
      assert.equal(completion.choices[0]?.message.content, "Hello!");
      assert.equal(responseOf(completion), undefined);
    });
  }

  const error = (code: string) => ({ code, message: "It broke" });
  const failures: [name: string, event: Json, status: number][] = [
    ["response.failed", { type: "response.failed", response: { status: "failed", error: error("server_error") } }, 500],
    ["response.failed by rate", { type: "response.failed", response: { error: error("rate_limit_exceeded") } }, 429],
    ["response.failed without words", { type: "response.failed", response: {} }, 502],
    ["an error event", { type: "error", ...error("server_error"), param: null }, 500],
    ["a nested error event", { type: "error", error: { type: "invalid_request_error", message: "No" } }, 400],
  ];
  for (const [name, event, status] of failures) {
    test(`with ${name} has its status`, async () => {
      const { failure } = await streamed(responsesSse([...begun.slice(0, 2), event]));
      assert.equal(failure?.kind, "status");
      assert.equal(failure.status, status);
    });
  }

  test("tells what it took until then", async () => {
    const response = { error: error("server_error"), usage: RESPONSE_USAGE };
    const { completion } = await streamed(responsesSse([...begun, { type: "response.failed", response }]));
    assert.deepEqual(completion.usage, CHAT_USAGE);
  });

  test("in one piece is no completion", async () => {
    const failed = { ...vendorResponse([]), status: "failed", error: error("server_error") };
    assert.equal((await failureOf(whole(callOf(), failed))).status, 500);
    for (const status of ["queued", "in_progress", "cancelled"]) {
      assert.equal((await failureOf(whole(callOf(), vendorResponse([], { status })))).kind, "garbled");
    }
    assert.equal((await failureOf(whole(callOf(), { choices: [] }))).kind, "garbled");
  });
});
