// Ollama's lines as OpenAI chunks, and the discovery of its models.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProviderFailure } from "../../src/core/provider.ts";
import { tokenParts } from "../../src/core/usage.ts";
import { createTarget } from "../support/target.ts";
import { createUpstream } from "../support/upstream.ts";
import { deltas } from "./collect.ts";
import { provider, streamed, upstream } from "./ollama-house.ts";

describe("an answer", () => {
  test("of thinking and text", async () => {
    const collected = await streamed([{ thinking: "Hm" }, { content: "Hel" }, { content: "lo" }]);
    assert.deepEqual(deltas(collected), [
      { role: "assistant", content: "" },
      { reasoning_content: "Hm" },
      { content: "Hel" },
      { content: "lo" },
    ]);
    const { completion } = collected;
    assert.equal(completion.created, Date.parse("2026-11-21T10:00:00Z") / 1_000);
    assert.equal(completion.choices[0]?.finish_reason, "stop");
    assert.deepEqual(completion.usage, { prompt_tokens: 11, completion_tokens: 4, total_tokens: 15 });
    const parts = tokenParts(completion.usage);
    assert.equal(parts.inputUncached, 11);
    assert.equal(parts.outputText, 4);
  });

  test("with tools: ids are made up, the same for the same bytes, and kept where they come", async () => {
    const messages = [
      {
        tool_calls: [
          { function: { name: "look", arguments: { at: 1 } } },
          { function: { name: "see", arguments: {} } },
        ],
      },
      { tool_calls: [{ id: "call_own", function: { name: "hear" } }] },
    ];
    const { completion } = await streamed(messages);
    const calls = completion.choices[0]?.message.tool_calls ?? [];
    assert.deepEqual(
      calls.map(({ type, function: called }) => [type, called?.name, called?.arguments]),
      [
        ["function", "look", '{"at":1}'],
        ["function", "see", "{}"],
        ["function", "hear", "{}"],
      ],
    );
    const ids = calls.map(({ id }) => id);
    assert.match(ids[0] ?? "", /^call_\d+_0$/);
    assert.equal(new Set(ids).size, 3);
    assert.equal(ids[2], "call_own");
    assert.equal(completion.choices[0]?.finish_reason, "tool_calls");
    assert.deepEqual((await streamed(messages)).completion, completion);
  });

  test("that grew too long, and one without counts", async () => {
    const { completion } = await streamed([{ content: "x" }], {
      done_reason: "length",
      prompt_eval_count: undefined,
      eval_count: undefined,
    });
    assert.equal(completion.choices[0]?.finish_reason, "length");
    assert.equal(completion.usage, undefined);
  });
});

describe("discovery", () => {
  const discover = () => {
    const { backend } = createTarget({ url: upstream.url, dialect: "ollama", secret: null });
    assert.ok(provider.discover);
    return provider.discover(backend.provider, new AbortController().signal);
  };
  const failsAs = (kind: string) => (error: unknown) => error instanceof ProviderFailure && error.kind === kind;

  test("lists what can chat, with what is told", async () => {
    upstream.script({
      json: {
        models: [
          { name: "llama3.2:latest", model: "llama3.2:latest", details: { family: "llama" } },
          {
            name: "qwen3",
            model: "qwen3",
            capabilities: ["completion", "tools", "thinking"],
            details: { context_length: 40_960 },
          },
          { name: "llava", capabilities: ["completion", "vision", "insert"] },
          { name: "embed", capabilities: ["embedding"] },
          { name: "old-embed", details: { family: "nomic-bert" } },
          {},
          null,
        ],
      },
    });
    assert.deepEqual(await discover(), [
      { modelId: "llama3.2:latest", capabilities: [] },
      { modelId: "qwen3", contextWindow: 40_960, capabilities: ["json_schema", "tool_calling", "reasoning"] },
      { modelId: "llava", capabilities: ["json_schema", "vision"] },
    ]);
    assert.equal(upstream.requests.at(-1)?.path, "/api/tags");
    assert.equal(upstream.requests.at(-1)?.method, "GET");
  });

  test("rejects when it is not an Ollama that answers", async () => {
    upstream.script({ json: { data: [] } });
    await assert.rejects(discover(), failsAs("garbled"));
    upstream.script({ status: 404, json: {} });
    await assert.rejects(discover(), failsAs("status"));
  });

  test("rejects after two seconds without an answer, and at once when it is absent", async () => {
    upstream.script({ before: new Promise(() => {}) });
    await assert.rejects(discover(), failsAs("timeout"));
    const gone = await createUpstream();
    await gone.close();
    const { backend } = createTarget({ url: gone.url, dialect: "ollama", secret: null });
    await assert.rejects(
      async () => provider.discover?.(backend.provider, new AbortController().signal),
      failsAs("connect"),
    );
  });
});
