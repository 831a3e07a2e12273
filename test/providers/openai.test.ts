// OpenAI's dialect: what is sent, what is passed on as bytes, how an answer ends.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderFailure } from "../../src/core/provider.ts";
import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { createOpenAiProvider } from "../../src/providers/openai.ts";
import { openAiCompletion, openAiSse, openAiTextChunks } from "../support/bytes.ts";
import { createCall, createTarget, SECRET } from "../support/target.ts";
import { type Piece, sse } from "../support/upstream.ts";
import { type Collected, collect } from "./collect.ts";
import { openHouse } from "./house.ts";

const { upstream, provider } = await openHouse(createOpenAiProvider);

async function streamed(pieces: Piece[], params: Partial<ChatCompletionsCreateParams> = {}): Promise<Collected> {
  upstream.script(sse(...pieces));
  return collect(provider.stream(createCall(createTarget({ url: `${upstream.url}/v1` }), params)));
}

async function completed(json: unknown): Promise<unknown> {
  upstream.script({ json });
  return provider.complete?.(createCall(createTarget({ url: `${upstream.url}/v1` })));
}

function lastRequest() {
  const request = upstream.requests.at(-1);
  assert.ok(request);
  return request;
}

const GOOD = openAiSse(openAiTextChunks(["Hello", " there"]));

describe("a request", () => {
  const params = {
    messages: [{ role: "user" as const, content: "Hi" }],
    temperature: 0.5,
    my_own_member: { deep: [1] },
    stream: true,
    stream_options: { include_obfuscation: false },
    _meta: { progressToken: 7, token: "secret" },
  };

  test("for a stream goes up as it is, with the vendor's model and usage asked for", async () => {
    await streamed([GOOD], params);
    const { _meta, ...sent } = params;
    assert.deepEqual(lastRequest().json(), {
      ...sent,
      model: "vendor-model",
      stream_options: { include_obfuscation: false, include_usage: true },
    });
    assert.equal(lastRequest().path, "/v1/chat/completions");
    assert.equal(lastRequest().headers.authorization, `Bearer ${SECRET}`);
    assert.equal(lastRequest().headers["content-type"], "application/json");
    assert.equal(lastRequest().headers.accept, "text/event-stream");
  });

  test("for one piece has nothing of a stream", async () => {
    upstream.script({ json: openAiCompletion("Hi") });
    await provider.complete?.(createCall(createTarget({ url: upstream.url }), params));
    const { _meta, stream, stream_options, ...sent } = params;
    assert.deepEqual(lastRequest().json(), { ...sent, model: "vendor-model" });
  });

  test("has no authorization without a key", async () => {
    upstream.script(sse(GOOD));
    await collect(provider.stream(createCall(createTarget({ url: upstream.url, secret: null }))));
    assert.equal(lastRequest().headers.authorization, undefined);
  });

  test("leaves the caller's params alone", async () => {
    const frozen = Object.freeze({ ...params, stream_options: Object.freeze({ ...params.stream_options }) });
    assert.equal((await streamed([GOOD], frozen)).failure, undefined);
  });
});

describe("a completion in one piece", () => {
  test("comes as it is", async () => {
    assert.deepEqual(await completed(openAiCompletion("Hello")), openAiCompletion("Hello"));
  });

  const bad: [string, unknown, Partial<ProviderFailure>][] = [
    ["an error in a 200", { error: { message: "Slow down", code: 429 } }, { kind: "status", status: 429 }],
    [
      "an error without a status",
      { error: { message: "Oops", code: "server_error" } },
      { kind: "status", status: 502 },
    ],
    ["no choices", { id: "x" }, { kind: "garbled" }],
    ["a list", [], { kind: "garbled" }],
    ["a number", 7, { kind: "garbled" }],
    ["nothing", undefined, { kind: "garbled" }],
  ];
  for (const [name, json, expected] of bad) {
    test(name, async () => {
      await assert.rejects(completed(json), (error: unknown) => {
        assert.ok(error instanceof ProviderFailure);
        assert.deepEqual({ kind: error.kind, ...(error.status ? { status: error.status } : {}) }, expected);
        return true;
      });
    });
  }
});

describe("a stream's bytes", () => {
  const [role, hello, there, stop, usage] = openAiTextChunks(["Hello", " there"]).map((chunk) =>
    openAiSse([chunk], { done: false }),
  );
  const done = Buffer.from("data: [DONE]\n\n");
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

  test("are passed on while they are plain, and not with usage, [DONE], comments or an error", async () => {
    const pieces = [Buffer.concat([role!, hello!]), pause(), there!, 20, Buffer.concat([stop!, usage!]), 20, done];
    const { runs, failure } = await streamed(pieces);
    assert.equal(failure, undefined);
    assert.deepEqual(
      runs.map((run) => [run.values.length, run.sse === undefined ? undefined : String(run.sse)]),
      [
        [2, `${role}${hello}`],
        [1, String(there)],
        [2, undefined],
      ],
    );
  });

  for (const [name, bytes] of [
    ["[DONE] in the same read", Buffer.concat([role!, stop!, done])],
    ["a comment", Buffer.concat([Buffer.from(": ping\n\n"), role!])],
    ["an error in the same read", Buffer.concat([role!, Buffer.from('data: {"error":{"message":"x"}}\n\n')])],
    ["no choices", Buffer.from('data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m"}\n\n')],
  ] as const) {
    test(`are not passed on: ${name}`, async () => {
      const { runs } = await streamed([bytes]);
      assert.equal(runs.length, 1);
      assert.equal(runs[0]?.sse, undefined);
    });
  }

  test("several frames of one read make one run", async () => {
    const { runs } = await streamed([GOOD]);
    assert.equal(runs.length, 1);
    assert.equal(runs[0]?.values.length, 5);
  });
});

describe("an end", () => {
  test("without [DONE] is one when every choice has its reason", async () => {
    const chunks = openAiTextChunks(["Hi"]);
    const { failure, completion } = await streamed([openAiSse(chunks, { done: false })]);
    assert.equal(failure, undefined);
    assert.equal(completion.choices[0]?.finish_reason, "stop");
  });

  test("without [DONE] is none when one of two choices has not ended", async () => {
    const head = { id: "1", object: "chat.completion.chunk", created: 1, model: "m" };
    const chunks = [0, 1].map((index) => ({ ...head, choices: [{ index, delta: { content: "x" } }] }));
    const stop = { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
    const { failure } = await streamed([openAiSse([...chunks, stop], { done: false })]);
    assert.equal(failure?.kind, "cut");
  });

  test("bytes after [DONE] are nothing", async () => {
    const { failure, chunks } = await streamed([GOOD, "data: {nonsense}\n\n"]);
    assert.equal(failure, undefined);
    assert.equal(chunks.length, 5);
  });
});
