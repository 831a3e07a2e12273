// A chat whose model uses tools of MCP servers: a whole broker, a scripted vendor, and servers that the test plays.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BrokerError } from "../../src/core/errors.ts";
import { openAiSse } from "../support/bytes.ts";
import { calling, saying, streamedCalls, streamedText } from "../support/tool-answers.ts";
import { openToolHouse, PlayedServers, said, type ToolHouse, treeOf } from "../support/tool-house.ts";
import { sse } from "../support/upstream.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as they come
type Json = Record<string, any>;

let servers: PlayedServers;
let house: ToolHouse;

beforeEach(async () => {
  servers = new PlayedServers()
    .add("weather", "today", ({ city }) => said(`Sunny in ${city}`), { cost: 0.001 })
    .add("memory", "recall", () => said("She likes Rome"))
    .add("memory", "forget", () => said("I can't", true));
  house = await openToolHouse(servers);
});
afterEach(() => house.stop());

async function chat(params: object = {}, secret?: string): Promise<{ status: number; headers: Headers; body: Json }> {
  const response = await fetch(`${house.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello!" }], ...params }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
}

/** What the vendor was asked in this round, from 0. */
function asked(round: number): Json {
  return house.upstream.requests[round]!.json();
}

const AUTO = { mcp: { auto: true } };

describe("tools of MCP servers in a chat", () => {
  test("go back to the caller as calls unless the broker is told to run them", async () => {
    house.upstream.script(calling([{ name: "weather__today", args: { city: "Rome" } }]));
    const { body } = await chat({ mcp: { servers: ["weather"] } });
    assert.equal(body.choices[0].finish_reason, "tool_calls");
    assert.equal(body.choices[0].message.tool_calls[0].function.name, "weather__today");
    assert.deepEqual(asked(0).tools, [
      {
        type: "function",
        function: {
          name: "weather__today",
          description: "The today",
          parameters: { type: "object", properties: {} },
        },
      },
    ]);
    assert.equal(asked(0).mcp, undefined);
    assert.deepEqual(servers.calls, []);
    assert.deepEqual(treeOf(house.rows()), ["chat.completions.create m ok 120000"]);
  });

  test("of two servers are run for one answer, with one tree in the ledger", async () => {
    house.upstream.script(
      calling([{ name: "memory__recall" }], "Let me think."),
      calling([{ name: "weather__today", args: { city: "Rome" } }]),
      saying("Sunny, and she will like it."),
    );
    const { body, headers } = await chat(AUTO);
    assert.equal(body.choices[0].message.content, "Let me think.\n\nSunny, and she will like it.");
    assert.equal(body.choices[0].finish_reason, "stop");
    assert.equal(body.choices[0].message.tool_calls, undefined);
    assert.deepEqual(body.usage, {
      ...{ prompt_tokens: 300, completion_tokens: 30, total_tokens: 330 },
      ...{ cost: 0.00136, rounds: 3, tool_calls: 2 },
    });
    assert.equal(headers.get("x-broker-cost"), "0.00136");
    assert.deepEqual(asked(2).messages.slice(1), [
      {
        ...{ role: "assistant", content: "Let me think." },
        tool_calls: [{ id: "call_0", type: "function", function: { name: "memory__recall", arguments: "{}" } }],
      },
      { role: "tool", tool_call_id: "call_0", content: "She likes Rome" },
      {
        ...{ role: "assistant", content: null },
        tool_calls: [
          {
            ...{ id: asked(2).messages[3].tool_calls[0].id, type: "function" },
            function: { name: "weather__today", arguments: '{"city":"Rome"}' },
          },
        ],
      },
      { role: "tool", tool_call_id: asked(2).messages[3].tool_calls[0].id, content: "Sunny in Rome" },
    ]);
    assert.notEqual(asked(2).messages[3].tool_calls[0].id, "call_0", "an id is not used twice");
    assert.deepEqual(body.mcp_messages, asked(2).messages.slice(1));
    assert.deepEqual(treeOf(house.rows()), [
      "chat.completions.create m ok 120000",
      "  mcp.tools.call memory__recall ok 0",
      "  chat.completions.create m ok 120000",
      "  mcp.tools.call weather__today ok 1000000",
      "  chat.completions.create m ok 120000",
    ]);
    assert.equal(house.rows()[0]!.request_id, headers.get("x-request-id"));
  });

  test("of one round run side by side, and their results keep the order of the calls", async () => {
    const both = Promise.withResolvers<void>();
    let running = 0;
    const meet = async (): Promise<void> => {
      if (++running === 2) both.resolve();
      await both.promise;
    };
    servers
      .add("a", "slow", async () => {
        await meet();
        await sleep(5);
        return said("slow");
      })
      .add("b", "fast", async () => {
        await meet();
        return said("fast");
      });
    house.upstream.script(calling([{ name: "a__slow" }, { name: "b__fast" }]), saying("Done."));
    await chat(AUTO);
    assert.deepEqual(
      asked(1)
        .messages.slice(2)
        .map(({ content }: Json) => content),
      ["slow", "fast"],
    );
  });

  const broken = (kind: "mcp_server_failed" | "mcp_server_timeout" | "mcp_rejected") => () => {
    throw new BrokerError(kind, `said ${kind}`);
  };
  test("that fail are the model's to react to", async () => {
    servers.add("x", "failed", broken("mcp_server_failed")).add("x", "late", broken("mcp_server_timeout"));
    servers.add("x", "no", broken("mcp_rejected")).add("x", "args", () => {
      throw new BrokerError("invalid_params", "/city: is required", { param: "/city" });
    });
    house.upstream.script(
      calling(
        [
          ...[{ name: "memory__forget" }, { name: "x__failed" }, { name: "x__late" }, { name: "x__no" }],
          ...[{ name: "x__args" }, { name: "x__none" }, { name: "weather__today", args: '{"city":' }],
          ...[{ name: "weather__today", args: "[1]" }],
        ].map((call, index) => ({ ...call, id: `c${index}` })),
      ),
      saying("I see."),
    );
    const { status } = await chat(AUTO);
    assert.equal(status, 200);
    assert.deepEqual(
      asked(1)
        .messages.slice(2)
        .map(({ content }: Json) => content),
      [
        "Error: I can't",
        "Error: said mcp_server_failed",
        "Error: said mcp_server_timeout",
        "Error: said mcp_rejected",
        "Error: /city: is required",
        'Error: there is no tool "x__none"',
        "Error: the arguments are not a JSON object",
        "Error: the arguments are not a JSON object",
      ],
    );
    assert.ok(servers.calls.every(({ name }) => name !== "weather__today"));
  });

  test("are given back after the last round", async () => {
    house.upstream.script(
      calling([{ name: "memory__recall", id: "c1" }]),
      calling([{ name: "memory__recall", id: "c2" }]),
    );
    const { body } = await chat({ mcp: { auto: true, max_rounds: 2 } });
    assert.equal(house.upstream.requests.length, 2);
    assert.equal(body.choices[0].finish_reason, "tool_calls");
    assert.deepEqual(
      body.choices[0].message.tool_calls.map(({ id }: Json) => id),
      ["c2"],
    );
    assert.equal(body.mcp_messages.length, 2);
    assert.equal(servers.calls.length, 1);
  });

  test("wait for the caller where its own functions are called beside them", async () => {
    const own = { type: "function", function: { name: "own", parameters: { type: "object" } } };
    house.upstream.script(
      calling([{ name: "memory__recall", id: "c1" }]),
      calling([
        { name: "own", id: "c2" },
        { name: "memory__recall", id: "c3" },
      ]),
    );
    const { body } = await chat({ ...AUTO, tools: [own] });
    assert.deepEqual(asked(0).tools[0], own);
    assert.deepEqual(
      body.choices[0].message.tool_calls.map(({ id }: Json) => id),
      ["c2", "c3"],
    );
    assert.equal(servers.calls.length, 1);
    assert.deepEqual(
      body.mcp_messages.map(({ role }: Json) => role),
      ["assistant", "tool"],
    );
  });

  test("are not run from an answer that was cut", async () => {
    const cut = calling([{ name: "memory__recall" }]);
    (cut.json as Json).choices[0].finish_reason = "length";
    house.upstream.script(cut);
    const { body } = await chat(AUTO);
    assert.equal(body.choices[0].finish_reason, "length");
    assert.equal(body.choices[0].message.tool_calls.length, 1);
    assert.deepEqual(servers.calls, []);
  });

  test("must be called in the first round alone", async () => {
    house.upstream.script(calling([{ name: "memory__recall" }]), saying("Done."));
    await chat({ ...AUTO, tool_choice: "required" });
    assert.deepEqual([asked(0).tool_choice, asked(1).tool_choice], ["required", "auto"]);
  });

  test("give a model long texts cut, and what it can't read as a note", async () => {
    servers
      .add("f", "long", () => said("x".repeat(300_000)))
      .add("f", "mixed", () => ({
        content: [
          { type: "image", data: "QUJD", mimeType: "image/png" },
          { type: "resource", resource: { uri: "a://1", text: "inner" } },
          { type: "resource", resource: { uri: "a://2", blob: "QUJD", mimeType: "application/pdf" } },
          { type: "resource_link", uri: "a://3", name: "third" },
          { type: "audio", data: "QUJD", mimeType: "audio/wav" },
        ],
      }))
      .add("f", "structured", () => ({ content: [], structuredContent: { a: 1 } }));
    const calls = [{ name: "f__long" }, { name: "f__mixed" }, { name: "f__structured" }];
    const ids = calls.map((call, index) => ({ ...call, id: `c${index}` }));
    house.upstream.script(calling(ids), saying("Done."), calling(ids), saying("Done."));
    await chat(AUTO);
    const [long, mixed, structured] = asked(1)
      .messages.slice(2)
      .map(({ content }: Json) => content);
    assert.ok(long.length < 262_300 && long.endsWith("[Cut: the result has 300000 characters.]"));
    const rest =
      "inner\n[Not shown: resource, application/pdf, a://2]\n[Resource: a://3]\n[Not shown: audio, audio/wav]";
    assert.equal(mixed, `[Not shown: image, image/png]\n${rest}`);
    assert.equal(structured, '{"a":1}');
    await chat({ ...AUTO, model: "sees" });
    assert.equal(asked(3).messages[3].content, `[The picture is in the next message.]\n${rest}`);
    assert.deepEqual(asked(3).messages.at(-1), {
      role: "user",
      content: [
        { type: "text", text: "Pictures of the results:" },
        { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } },
      ],
    });
  });
});

describe("what may be used", () => {
  const refused: readonly [why: string, params: object, status: number, kind: string, param: string][] = [
    ["an unknown server", { mcp: { servers: ["weather", "nope"] } }, 400, "invalid_params", "/mcp/servers/1"],
    ["an unknown tool", { mcp: { tools: ["memory__recall", "nope"] } }, 400, "invalid_params", "/mcp/tools/1"],
    ["a pattern of nothing", { mcp: { tools: ["nope__*"] } }, 400, "invalid_params", "/mcp/tools/0"],
    ["a server that is away", { mcp: { servers: ["away"] } }, 503, "mcp_server_unavailable", "/mcp/servers/0"],
    [
      "a function of the same name",
      { ...AUTO, tools: [{ type: "function", function: { name: "weather__today" } }] },
      ...([400, "invalid_params", "/tools/0/function/name"] as const),
    ],
    [
      "an address",
      { tools: [{ type: "mcp", server_label: "weather", server_url: "http://169.254.169.254/" }] },
      ...([400, "invalid_params", "/tools/0/server_url"] as const),
    ],
    [
      "a connector",
      { tools: [{ type: "mcp", server_label: "x", connector_id: "connector_gmail" }] },
      ...([400, "invalid_params", "/tools/0/connector_id"] as const),
    ],
    [
      "a label that nobody knows",
      { tools: [{ type: "mcp", server_label: "x" }] },
      ...([400, "invalid_params", "/tools/0/server_label"] as const),
    ],
    [
      "a tool that the server has not",
      { tools: [{ type: "mcp", server_label: "weather", allowed_tools: ["today", "nope"] }] },
      ...([400, "invalid_params", "/tools/0/allowed_tools/1"] as const),
    ],
    ["several choices", { ...AUTO, n: 2 }, 400, "invalid_params", "/n"],
  ];
  for (const [why, params, status, kind, param] of refused) {
    test(`${why} is refused, and nothing is asked`, async () => {
      servers.addServer("away", "error");
      const answer = await chat(params);
      assert.equal(answer.status, status);
      assert.equal(answer.body.error.code ?? answer.body.error.kind, kind);
      assert.equal(answer.body.error.param, param);
      assert.equal(house.upstream.requests.length, 0);
    });
  }

  test("is what the key may use: others of its tools are not offered, none at all is an error", async () => {
    const { secret } = await house.createKey({ tools: ["memory__*"] });
    house.upstream.script(saying("Hi."));
    await chat(AUTO, secret);
    assert.deepEqual(
      asked(0).tools.map((tool: Json) => tool.function.name),
      ["memory__recall", "memory__forget"],
    );
    const { status, body } = await chat({ mcp: { auto: true, servers: ["weather"] } }, secret);
    assert.deepEqual([status, body.error.code], [403, "tool_not_allowed"]);
  });

  test("is run where the request needs no approval for it, and handed back where it does", async () => {
    const tool = { type: "mcp", server_label: "memory" };
    house.upstream.script(calling([{ name: "memory__recall" }]));
    const first = await chat({ tools: [tool] });
    assert.equal(first.body.choices[0].finish_reason, "tool_calls");
    house.upstream.script(calling([{ name: "memory__recall" }]), calling([{ name: "memory__forget" }]));
    const second = await chat({
      tools: [
        { ...tool, require_approval: { never: { tool_names: ["recall"] } }, allowed_tools: ["recall", "forget"] },
      ],
    });
    assert.equal(second.body.choices[0].message.tool_calls[0].function.name, "memory__forget");
    assert.equal(servers.calls.length, 1);
    house.upstream.script(calling([{ name: "memory__forget" }]), saying("Done."));
    const third = await chat({ tools: [{ ...tool, require_approval: "never" }] });
    assert.equal(third.body.choices[0].message.content, "Done.");
  });
});

describe("money", () => {
  test("of max_cost is that of the whole tree: the next tool or round that is too dear is refused", async () => {
    house.upstream.script(calling([{ name: "weather__today" }]));
    const tool = await chat({ ...AUTO, max_cost: 0.001, max_tokens: 20 });
    assert.deepEqual(
      [tool.status, tool.body.error.code, tool.body.error.param],
      [402, "max_cost_exceeded", "max_cost"],
    );
    assert.deepEqual(servers.calls, []);
    assert.equal(tool.headers.get("x-broker-cost"), "0.00012");

    house.upstream.script(calling([{ name: "weather__today" }]));
    const round = await chat({ ...AUTO, max_cost: 0.00113, max_tokens: 20 });
    assert.deepEqual([round.status, round.body.error.code], [402, "max_cost_exceeded"]);
    assert.equal(servers.calls.length, 1);
    assert.equal(round.headers.get("x-broker-cost"), "0.00112");
    assert.deepEqual(treeOf(house.rows()), [
      "chat.completions.create m ok 120000",
      "chat.completions.create m ok 120000",
      "  mcp.tools.call weather__today ok 1000000",
      "  chat.completions.create m error 0",
    ]);
  });

  test("of max_cost that is spent to the last nano-USD is no money for a further round", async () => {
    house.upstream.script(calling([{ name: "weather__today" }]));
    const { status, body } = await chat({ ...AUTO, max_cost: 0.00112, max_tokens: 20 });
    assert.deepEqual([status, body.error.code], [402, "max_cost_exceeded"]);
    assert.equal(house.upstream.requests.length, 1);
  });

  test("that is left for one round only ends the request as what it is, and tells what was spent", async () => {
    const { secret } = await house.createKey({ budgets: [{ usd: 0.0002, period: "day" }] });
    house.upstream.script(calling([{ name: "memory__recall" }]));
    const { error } = await house.admin.call("chat.completions.create", {
      ...{ model: "m", messages: [{ role: "user", content: "Hello!" }], max_tokens: 10, ...AUTO },
      _meta: { token: secret },
    });
    assert.equal(error?.data.kind, "budget_exceeded");
    assert.deepEqual(error?.data.usage, {
      ...{ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, cost: 0.00012, rounds: 1, tool_calls: 1 },
    });
    assert.deepEqual(treeOf(house.rows()), [
      "chat.completions.create m ok 120000",
      "  mcp.tools.call memory__recall ok 0",
    ]);
  });
});

test("a caller that hangs up in the middle cancels the tool, and every row says what became of it", async () => {
  const begun = Promise.withResolvers<AbortSignal>();
  servers.add("w", "waits", async (_, { signal }) => {
    begun.resolve(signal);
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    return said("never");
  });
  house.upstream.script(calling([{ name: "w__waits" }]));
  const abort = new AbortController();
  const gone = fetch(`${house.url}/v1/chat/completions`, {
    ...{ method: "POST", headers: { "content-type": "application/json" }, signal: abort.signal },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello!" }], ...AUTO }),
  });
  const signal = await begun.promise;
  abort.abort();
  await assert.rejects(gone);
  while (house.rows().length < 2) await sleep(5);
  assert.equal(signal.aborted, true);
  assert.deepEqual(treeOf(house.rows()), [
    "chat.completions.create m ok 120000",
    "  mcp.tools.call w__waits cancelled 0",
  ]);
  assert.equal(house.upstream.requests.length, 1);
});

test("a deadline ends tools too, and tells what was spent", async () => {
  servers.add("w", "waits", async (_, { signal }) => {
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    return said("never");
  });
  house.upstream.script(calling([{ name: "w__waits" }]));
  const { error } = await house.admin.call("chat.completions.create", {
    ...{ model: "m", messages: [{ role: "user", content: "Hello!" }], ...AUTO, _meta: { deadline_ms: 300 } },
  });
  assert.equal(error?.data.kind, "deadline_exceeded");
  assert.deepEqual(error?.data.usage, {
    ...{ prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, cost: 0.00012, rounds: 1, tool_calls: 1 },
  });
});

describe("a stream", () => {
  async function stream(params: object, secret?: string): Promise<{ text: string; chunks: Json[]; errors: Json[] }> {
    const response = await fetch(`${house.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(secret ? { authorization: `Bearer ${secret}` } : {}) },
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello!" }], stream: true, ...params }),
    });
    const text = await response.text();
    const values = [...text.matchAll(/^data: (\{.*)$/gm)].map(([, json]) => JSON.parse(json!) as Json);
    return { text, chunks: values.filter(({ error }) => !error), errors: values.filter(({ error }) => error) };
  }

  test("is one completion: text of every round, tools beside it, one reason to stop, one usage", async () => {
    servers.add("p", "progresses", async (_, { onProgress }) => {
      await onProgress?.({ method: "notifications/progress", params: { progress: 1, total: 2 } });
      return said("Half");
    });
    house.upstream.script(
      streamedCalls([{ name: "p__progresses", args: { a: 1 } }], "Wait."),
      streamedText(["So ", "it is."]),
    );
    const { chunks, text } = await stream({ ...AUTO, stream_options: { include_usage: true } });
    assert.ok(text.endsWith("data: [DONE]\n\n"));
    assert.deepEqual(new Set(chunks.map(({ id }) => id)), new Set(["chatcmpl-1"]));
    const of = { id: "call_0", server: "p", tool: "progresses", name: "p__progresses" };
    assert.deepEqual(
      chunks.flatMap(({ mcp }) => (mcp ? [mcp] : [])),
      [
        { type: "call", ...of, arguments: '{"a":1}' },
        { type: "progress", ...of, progress: { method: "notifications/progress", params: { progress: 1, total: 2 } } },
        { type: "result", ...of, output: "Half", is_error: false },
      ],
    );
    const choices = chunks.flatMap(({ choices }) => choices);
    assert.equal(choices.map(({ delta }) => delta.content ?? "").join(""), "Wait.\n\nSo it is.");
    assert.ok(choices.every(({ delta }) => delta.tool_calls === undefined));
    assert.equal(choices.filter(({ delta }) => delta.role).length, 1);
    assert.deepEqual(
      choices.flatMap(({ finish_reason: reason }) => reason ?? []),
      ["stop"],
    );
    assert.deepEqual(
      chunks.flatMap(({ usage }) => usage ?? []),
      [{ prompt_tokens: 200, completion_tokens: 20, total_tokens: 220, cost: 0.00024, rounds: 2, tool_calls: 1 }],
    );
    assert.ok(chunks.at(-1)?.usage);
  });

  test("shows calls of the caller's own functions as they come", async () => {
    const tools = [{ type: "function", function: { name: "own", parameters: { type: "object" } } }];
    house.upstream.script(
      streamedCalls([{ name: "memory__recall", id: "c1" }]),
      streamedCalls(
        [
          { name: "memory__recall", id: "c2" },
          { name: "own", id: "c3", args: { b: 2 } },
        ],
        undefined,
        "other",
      ),
    );
    const { chunks } = await stream({ ...AUTO, tools });
    const calls: Json[] = [];
    for (const { choices } of chunks)
      for (const { index, ...call } of choices[0].delta.tool_calls ?? []) {
        calls[index] ??= { arguments: "" };
        if (call.id) calls[index]!.id = call.id;
        calls[index]!.arguments += call.function.arguments;
      }
    assert.deepEqual(calls, [
      { id: "c2", arguments: "{}" },
      { id: "c3", arguments: '{"b":2}' },
    ]);
    assert.ok(chunks.filter(({ choices }) => choices[0].delta.tool_calls).length > 2);
    assert.equal(chunks.at(-1)?.choices[0].finish_reason, "tool_calls");
  });

  test("has one reason to stop where a vendor gives its own beside the last text", async () => {
    const head = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 5, model: "up" };
    const tool_calls = [
      { index: 0, id: "c1", type: "function", function: { name: "memory__recall", arguments: "{}" } },
    ];
    const delta = { role: "assistant", content: "Wait.", tool_calls };
    const last = { ...head, choices: [{ index: 0, delta, finish_reason: "tool_calls" }] };
    house.upstream.script(sse(openAiSse([last])), streamedText(["Done."]));
    const { chunks } = await stream(AUTO);
    assert.deepEqual(
      chunks.flatMap(({ choices }) => choices[0].finish_reason ?? []),
      ["stop"],
    );
    assert.ok(chunks.every(({ choices }) => choices[0].delta.tool_calls === undefined));
  });

  test("gives JSON-RPC clients the same completion as result", async () => {
    house.upstream.script(streamedCalls([{ name: "memory__recall" }], "Wait."), streamedText(["So ", "it is."]));
    const values: unknown[] = [];
    const params = { model: "m", messages: [{ role: "user", content: "Hello!" }], stream: true, ...AUTO };
    const { result } = await house.admin.call("chat.completions.create", params, (value) => values.push(value));
    const completion = result as Json;
    assert.equal(completion.choices[0].message.content, "Wait.\n\nSo it is.");
    assert.equal(completion.usage.rounds, 2);
    assert.equal(completion.mcp_messages.length, 2);
    assert.ok(values.length > 4);
  });

  test("that is cut in a later round never looks complete", async () => {
    const cut = streamedText(["So "]);
    const bytes = [...(cut.pieces as Iterable<Uint8Array>)][0]!.toString();
    const half = bytes.slice(0, bytes.indexOf('"finish_reason":"stop"') - 60);
    house.upstream.script(streamedCalls([{ name: "memory__recall" }], "Wait."), {
      ...cut,
      pieces: [half.slice(0, half.lastIndexOf("data:"))],
      ending: "destroy",
    });
    const { text, errors, chunks } = await stream(AUTO);
    assert.ok(!text.includes("[DONE]"));
    assert.equal(errors.length, 1);
    assert.equal(errors[0]!.error.code, "stream_cut");
    assert.ok(chunks.every(({ choices }) => !choices[0]?.finish_reason));
    assert.deepEqual(
      treeOf(house.rows()).map((line) => line.replace(/ \d+$/, "")),
      ["chat.completions.create m ok", "  mcp.tools.call memory__recall ok", "  chat.completions.create m error"],
    );
    // Of all three, the tokens of the round that was cut among them.
    const { usage } = errors[0]!.error;
    const rows = house.rows();
    const sum = (column: string): number => rows.reduce((total, row) => total + Number(row[column as never]), 0);
    assert.equal(Math.round(usage.cost * 1e9), sum("cost_nano_usd"));
    assert.equal(usage.completion_tokens, sum("output_tokens"));
    assert.ok(Number(rows.at(-1)?.output_tokens) > 0);
  });

  test("whose budget ends between two rounds ends with that error", async () => {
    const { secret } = await house.createKey({ budgets: [{ usd: 0.0002, period: "day" }] });
    house.upstream.script(streamedCalls([{ name: "memory__recall" }], "Wait."));
    const { errors, text } = await stream({ ...AUTO, max_tokens: 10 }, secret);
    assert.equal(errors[0]?.error.code, "budget_exceeded");
    assert.ok(!text.includes("[DONE]"));
  });
});

test("a tool can ask a client with a session; one that answers by asking again is not asked within an answer", async () => {
  const asked: unknown[] = [];
  servers.add("asks", "back", (_args, { peer }) => {
    asked.push(peer?.session);
    return said("ok");
  });
  const ask = async () => ({});
  for (const peer of [
    { session: "s1", capabilities: {}, ask },
    { session: "s2", capabilities: {}, ask, again: { requestState: "of the whole" } },
  ]) {
    house.upstream.script(calling([{ name: "asks__back", args: {} }]), saying("done"));
    const outcome = await house.waist.dispatch({
      method: "chat.completions.create",
      params: { model: "m", messages: [{ role: "user", content: "Hello!" }], mcp: { servers: ["asks"], auto: true } },
      caller: { ip: "127.0.0.1", loopback: true, trusted: true },
      signal: new AbortController().signal,
      peer,
    });
    assert.ok(outcome.ok, JSON.stringify(outcome));
  }
  assert.deepEqual(asked, ["s1", undefined]);
});
