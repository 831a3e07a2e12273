// The official OpenAI SDK, unmodified, over responses.* at a vendor that speaks Responses itself, with one behind it that
// knows nothing but chat.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import OpenAI from "openai";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { connectClient } from "../support/client.ts";
import { type MoneyHouse, openMoneyHouse } from "../support/money.ts";
import {
  CALL,
  type Json,
  REASONING,
  responsesSse,
  SEARCH,
  textItem,
  vendorEvents,
  vendorResponse,
} from "../support/responses.ts";
import { sse } from "../support/upstream.ts";

const PRICES = "input_cost: 1, output_cost: 2";
const MODELS = `
models:
  m:
    context_window: 100000
    max_output: 4096
    capabilities: [tool_calling, streaming]
    backends:
      - { provider: openai, model_id: up, priority: 1, responses: true, ${PRICES} }
  both:
    context_window: 100000
    max_output: 4096
    backends:
      - { provider: openai, model_id: up-both, priority: 1, responses: true, ${PRICES} }
      - { provider: groq, model_id: chat-only, priority: 2, ${PRICES} }
  chat:
    context_window: 100000
    max_output: 4096
    backends:
      - { provider: groq, model_id: chat-alone, ${PRICES} }
`;

let house: MoneyHouse;
let client: OpenAI;

before(async () => {
  house = await openMoneyHouse({}, MODELS, ["GROQ"]);
});
after(() => house.stop());
// A failure cools a target down for whoever comes next.
beforeEach(async () => {
  const { secret } = await house.createKey();
  client = new OpenAI({ baseURL: `${house.broker.url}/v1`, apiKey: secret, maxRetries: 0 });
});

type Response = OpenAI.Responses.Response;

function lastAsked(): Json & { path: string } {
  const request = house.upstream.requests.at(-1);
  return { ...request?.json(), path: String(request?.path) };
}

function costOf({ usage }: Response): unknown {
  return (usage as unknown as Json).cost;
}

/** Events until the stream ends or breaks. */
async function eventsOf(params: object): Promise<OpenAI.Responses.ResponseStreamEvent[]> {
  const events: OpenAI.Responses.ResponseStreamEvent[] = [];
  const stream = await client.responses.create({ model: "m", input: "Hello!", stream: true, ...params });
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    assert.ok(error instanceof OpenAI.APIError, String(error));
  }
  return events;
}

describe("a vendor that speaks Responses", () => {
  test("gets the request as it came, and its answer comes back whole, priced and kept here", async () => {
    house.upstream.script({ json: vendorResponse([REASONING, SEARCH, textItem("Hello!")]) });
    const response = await client.responses.create({
      ...{ model: "m", input: "News?", tools: [{ type: "web_search" }], metadata: { topic: "news" } },
      include: ["reasoning.encrypted_content"],
    });
    assert.match(response.id, /^resp_[0-9a-f]{40}$/);
    assert.equal(response.output_text, "Hello!");
    assert.deepEqual(response.output, [REASONING, SEARCH, textItem("Hello!")]);
    assert.equal(response.service_tier, "default");
    assert.equal(costOf(response), 0.00004);
    assert.equal((response as unknown as Json).store, true);
    assert.deepEqual(lastAsked(), {
      ...{ path: "/responses", model: "up", input: "News?", tools: [{ type: "web_search" }], store: false },
      ...{ metadata: { topic: "news" }, include: ["reasoning.encrypted_content"] },
    });
    assert.deepEqual((await client.responses.retrieve(response.id)).output, response.output);
    const row = house.broker.rows().at(-1);
    assert.equal(row?.method, "responses.create");
    assert.equal(row?.cost_nano_usd, 40_000);
  });

  test("streams its own events, which the SDK folds to what is kept", async () => {
    const told = vendorResponse([REASONING, SEARCH, textItem("Hello!"), CALL]);
    house.upstream.script(sse(responsesSse(vendorEvents(told))));
    const stream = client.responses.stream({ model: "m", input: "News?", tools: [{ type: "web_search" }] });
    const seen: [string, number][] = [];
    stream.on("event", ({ type, sequence_number }) => seen.push([type, sequence_number]));
    const final = await stream.finalResponse();
    assert.deepEqual(
      seen,
      vendorEvents(told).map(({ type }, index) => [type, index]),
    );
    assert.equal(final.output_text, "Hello!");
    assert.equal(costOf(final), 0.00004);
    const kept = await client.responses.retrieve(final.id);
    assert.deepEqual(kept.usage, final.usage);
    assert.deepEqual(kept.output, told.output);
  });

  test("gets all that was said before, its own sealed thoughts too", async () => {
    house.upstream.script({ json: vendorResponse([REASONING, textItem("One.")]) });
    const first = await client.responses.create({ model: "m", input: "1?" });
    house.upstream.script({ json: vendorResponse([textItem("Two.")]) });
    const second = await client.responses.create({ model: "m", input: "2?", previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    const { input, previous_response_id: previous } = lastAsked();
    assert.equal(previous, undefined);
    const [asked, ...rest] = input as Json[];
    assert.partialDeepStrictEqual(asked, { role: "user", content: [{ type: "input_text", text: "1?" }] });
    assert.deepEqual(rest, [REASONING, textItem("One."), { role: "user", content: "2?" }]);
  });

  test("whose stream is cut makes a response that failed and is not kept", async () => {
    const events = vendorEvents(vendorResponse([textItem("Hello!")])).slice(0, -1);
    house.upstream.script(sse(responsesSse(events)));
    const seen = await eventsOf({});
    const last = seen.at(-1) as unknown as Json & { response: Response };
    const failed = seen.find(({ type }) => type === "response.failed") ?? last;
    assert.equal(failed.type, "response.failed");
    const { response } = failed as { response: Response };
    assert.equal(response.status, "failed");
    assert.deepEqual(response.output, [textItem("Hello!")]);
    assert.deepEqual(
      seen.filter(({ type }) => type !== "error").map(({ sequence_number: number }) => number),
      [...events, {}].map((_, index) => index),
    );
    await assert.rejects(client.responses.retrieve(response.id), OpenAI.NotFoundError);
  });

  test("answers over JSON-RPC alike", async () => {
    const rpc = await connectClient(house.broker.socketPath);
    try {
      const told = vendorResponse([SEARCH, textItem("Hello!")]);
      house.upstream.script(sse(responsesSse(vendorEvents(told))));
      const types: unknown[] = [];
      const params = { model: "m", input: "News?", tools: [{ type: "web_search" }], stream: true, store: false };
      const { result } = await rpc.call("responses.create", params, (event) => types.push((event as Json).type));
      assert.deepEqual(
        types,
        vendorEvents(told).map(({ type }) => type),
      );
      assert.partialDeepStrictEqual(result, { status: "completed", store: false, output: told.output });
    } finally {
      rpc.close();
    }
  });
});

describe("a vendor that knows only chat", () => {
  const failures: [string, Json][] = [
    ["response.failed", { type: "response.failed", response: { error: { code: "server_error", message: "No" } } }],
    ["an error event", { type: "error", code: "server_error", message: "No" }],
  ];
  for (const [name, event] of failures) {
    test(`answers in its place after ${name}, as if nothing had been told`, async () => {
      const begun = vendorEvents(vendorResponse([])).slice(0, 2);
      const chat = sse(openAiSse(openAiTextChunks(["Hel", "lo!"])));
      house.upstream.fallback(({ path }) => (path === "/responses" ? sse(responsesSse([...begun, event])) : chat));
      const final = await client.responses.stream({ model: "both", input: "Hello!" }).finalResponse();
      assert.equal(final.output_text, "Hello!");
      assert.equal(lastAsked().path, "/chat/completions");
      assert.equal(lastAsked().model, "chat-only");
    });
  }

  test("is asked for what was said with another vendor's tools, without these", async () => {
    house.upstream.script({ json: vendorResponse([SEARCH, textItem("One.")]) });
    const first = await client.responses.create({ model: "m", input: "1?" });
    house.upstream.script({ json: openAiCompletion("Two.") });
    await client.responses.create({ model: "chat", input: "2?", previous_response_id: first.id });
    assert.deepEqual(lastAsked().messages, [
      { role: "user", content: "1?" },
      { role: "assistant", content: "One." },
      { role: "user", content: "2?" },
    ]);
  });

  const unfit: [string, object, string][] = [
    ["a vendor's own tool", { tools: [{ type: "web_search" }] }, "/tools/0/type"],
    ["an item of such a tool", { input: [SEARCH] }, "/input/0/type"],
    ["a template", { prompt: { id: "pmpt_1" } }, "/prompt"],
  ];
  for (const [name, params, param] of unfit) {
    test(`is not asked with ${name}: refused by its pointer`, async () => {
      const before = house.upstream.requests.length;
      await assert.rejects(client.responses.create({ model: "chat", input: "Hello!", ...params }), (error: unknown) => {
        assert.ok(error instanceof OpenAI.BadRequestError, String(error));
        assert.equal(error.param, param);
        return true;
      });
      assert.equal(house.upstream.requests.length, before);
    });

    test(`is not gone on to with ${name}`, async () => {
      const before = house.upstream.requests.length;
      house.upstream.script({ json: vendorResponse([textItem("Hello!")]) });
      house.upstream.fallback(({ path }) => ({ status: path === "/responses" ? 200 : 500, json: vendorResponse([]) }));
      await client.responses.create({ model: "both", input: "Hello!", ...params }).catch(() => undefined);
      const paths = house.upstream.requests.slice(before).map(({ path }) => path);
      assert.deepEqual(new Set(paths), new Set(["/responses"]));
    });
  }
});
