// What a caller of the embedded provider gets: shape, wishes honoured, usage, refusals.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { ChatCompletionsCreateParams } from "../../src/generated/types.ts";
import { loadModel } from "../../src/providers/embedded/model.ts";
import { createEmbeddedProvider } from "../../src/providers/embedded.ts";
import { ANSWER, asking, ENDLESS, fails, type Params, textOf, WILD } from "./embedded-ask.ts";

const provider = createEmbeddedProvider();
after(() => provider.close());
const { collect, textFrom } = asking(provider);
const { tokenizer } = loadModel();

test("an answer streams as role, text, reason and usage, in OpenAI's shape", async () => {
  const { chunks, completion } = await collect({ temperature: 0 });
  const head = {
    id: chunks[0]?.id,
    object: "chat.completion.chunk",
    created: chunks[0]?.created,
    model: "tiny-broker",
    system_fingerprint: "demo",
  };
  assert.match(String(head.id), /^chatcmpl-/);
  assert.ok(Math.abs(Number(head.created) - Date.now() / 1_000) < 60);
  for (const chunk of chunks) assert.deepEqual({ ...chunk, choices: 0, usage: 0 }, { ...head, choices: 0, usage: 0 });
  const choice = { index: 0, logprobs: null, finish_reason: null };
  assert.deepEqual(chunks[0]?.choices, [{ ...choice, delta: { role: "assistant", content: "" } }]);
  assert.deepEqual(chunks[1]?.choices, [{ ...choice, delta: { content: "I" } }]);
  assert.deepEqual(chunks.at(-2)?.choices, [{ ...choice, delta: {}, finish_reason: "stop" }]);
  assert.deepEqual(chunks.at(-1)?.choices, []);
  const completionTokens = tokenizer.encode(ANSWER).length + 1;
  assert.deepEqual(chunks.at(-1)?.usage, {
    prompt_tokens: 15,
    completion_tokens: completionTokens,
    total_tokens: 15 + completionTokens,
  });
  assert.deepEqual(completion, {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }],
    usage: chunks.at(-1)?.usage,
  });
});

test("a seed repeats a text, another seed or none does not", async () => {
  const texts = await Promise.all(
    [1, 1, 2, undefined, undefined].map((seed) => textFrom(seed === undefined ? WILD : { ...WILD, seed })),
  );
  assert.equal(texts[0], texts[1]);
  assert.equal(new Set(texts).size, 4);
});

test("a small top_p answers like temperature 0", async () => {
  assert.equal(await textFrom({ top_p: 0.000001, temperature: 2 }), ANSWER);
});

test("max_tokens ends an answer for its length, and max_completion_tokens counts before it", async () => {
  for (const limits of [{ max_tokens: 5 }, { max_tokens: 100, max_completion_tokens: 5 }]) {
    const { completion } = await collect({ temperature: 0, ...limits });
    assert.equal(textOf(completion), tokenizer.decode(tokenizer.encode(ANSWER).slice(0, 5)));
    assert.equal(completion.choices[0]?.finish_reason, "length");
    assert.equal(completion.usage?.completion_tokens, 5);
  }
});

test("without a limit the answer ends where the context does", async () => {
  const { completion } = await collect({ seed: 1, ...ENDLESS, max_tokens: 100_000 });
  assert.equal(completion.choices[0]?.finish_reason, "length");
  assert.equal(completion.usage?.total_tokens, 512);
});

test("a stop sequence ends the answer before it, also when it spans tokens", async () => {
  const [first, second] = tokenizer
    .encode(" 1.6 million")
    .slice(-2)
    .map((token) => tokenizer.name(token));
  const spanning = `${first?.slice(-2)}${second?.slice(0, 3)}`;
  for (const stop of [" built", ["nothing like it", "to this"], ["", "AI broker. I"], spanning]) {
    const earliest = Math.min(
      ...[stop]
        .flat()
        .filter((s) => s !== "" && ANSWER.includes(s))
        .map((s) => ANSWER.indexOf(s)),
    );
    const { completion } = await collect({ temperature: 0, stop });
    assert.equal(textOf(completion), ANSWER.slice(0, earliest), String(stop));
    assert.equal(completion.choices[0]?.finish_reason, "stop");
    assert.ok((completion.usage?.completion_tokens ?? 0) < tokenizer.encode(ANSWER).length);
  }
  assert.equal(await textFrom({ temperature: 0, stop: "model.X" }), ANSWER, "held back text comes out at the end");
});

test("several choices are several answers with one prompt", async () => {
  const wild: Params = { seed: 5, ...WILD };
  const { chunks, completion } = await collect({ n: 3, ...wild });
  assert.deepEqual(
    completion.choices.map(({ index, finish_reason }) => [index, finish_reason]),
    [
      [0, "length"],
      [1, "length"],
      [2, "length"],
    ],
  );
  assert.equal(new Set([0, 1, 2].map((index) => textOf(completion, index))).size, 3);
  assert.deepEqual({ ...completion.usage }, { prompt_tokens: 15, completion_tokens: 120, total_tokens: 135 });
  assert.equal(chunks.filter((chunk) => chunk.choices[0]?.delta.role === "assistant").length, 3);
  assert.equal(textOf(completion, 0), await textFrom(wild), "the first choice is what one choice would be");
  const { completion: same } = await collect({ n: 2, temperature: 0 });
  assert.deepEqual([textOf(same, 0), textOf(same, 1)], [ANSWER, ANSWER]);
});

test("log-probabilities tell every shown token and its rivals", async () => {
  const { completion } = await collect({ temperature: 0, logprobs: true, top_logprobs: 3 });
  const content = completion.choices[0]?.logprobs?.content ?? [];
  assert.equal(content.map(({ token }) => token).join(""), ANSWER);
  assert.equal(content.length, (completion.usage?.completion_tokens ?? 0) - 1);
  for (const { token, logprob, bytes, top_logprobs: top = [] } of content) {
    assert.deepEqual(bytes, [...Buffer.from(token)]);
    assert.equal(top.length, 3);
    assert.equal(top[0]?.logprob, logprob, "greedy takes the most likely");
    assert.ok(top.reduce((sum, rival) => sum + Math.exp(rival.logprob), 0) <= 1 + 1e-6);
  }
  const bare = await collect({ temperature: 0, max_tokens: 3, logprobs: true });
  assert.deepEqual(
    bare.completion.choices[0]?.logprobs?.content?.map((token) => token.top_logprobs),
    [[], [], []],
  );
});

test("penalties and bias change the answer", async () => {
  const bias = Object.fromEntries(tokenizer.encode("Hello").map((token) => [token, 100]));
  assert.match(await textFrom({ temperature: 0, max_tokens: 4, logit_bias: bias }), /^Hello/);
  const often = (text: string): number => {
    const groups = Map.groupBy(tokenizer.encode(text), (token) => token);
    return Math.max(...[...groups.values()].map((group) => group.length));
  };
  const long: Params = { temperature: 0, max_tokens: 200, ...ENDLESS };
  assert.ok(often(await textFrom({ ...long, frequency_penalty: 2 })) < often(await textFrom(long)));
});

test("content in parts, developer and tool messages are read as text", async () => {
  const prompt = async (messages: unknown): Promise<number | undefined> =>
    (await collect({ messages: messages as ChatCompletionsCreateParams["messages"], max_tokens: 1 })).completion.usage
      ?.prompt_tokens;
  const parts = [
    { type: "text", text: "Who are" },
    { type: "text", text: " you?" },
  ];
  assert.equal(await prompt([{ role: "user", content: parts }]), 15);
  assert.equal(await prompt([{ role: "tool", tool_call_id: "1", content: "Who are you?" }]), 15);
  assert.equal(
    await prompt([
      { role: "developer", content: "Be brief." },
      { role: "assistant", content: null },
    ]),
    await prompt([
      { role: "system", content: "Be brief." },
      { role: "assistant", content: [{ type: "refusal", refusal: "" }] },
    ]),
  );
});

test("what the model can't do is refused, what it can leave out is not", async () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const schema = { name: "s", schema: {} };
  const image = { role: "user" as const, content: [{ type: "image_url" as const, image_url: { url: "data:," } }] };
  const refused: [Params, string][] = [
    [{ tools, tool_choice: "required" }, "unsupported"],
    [{ tools, tool_choice: { type: "function", function: { name: "f" } } }, "unsupported"],
    [{ response_format: { type: "json_schema", json_schema: { ...schema, strict: true } } }, "unsupported"],
    [{ messages: [image] }, "unsupported"],
    [{ modalities: ["text", "audio"] }, "unsupported"],
    [{ n: 9 }, "invalid_value"],
  ];
  for (const [params, code] of refused) await fails(collect(params), "status", { status: 400, code });
  const taken: Params[] = [
    { tools },
    { tools, tool_choice: "auto" },
    { tools, tool_choice: { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [] } } },
    { response_format: { type: "json_object" } },
    { response_format: { type: "json_schema", json_schema: schema } },
    {
      n: null,
      stop: null,
      seed: null,
      max_tokens: null,
      logit_bias: null,
      tools: null,
      tool_choice: null,
      temperature: 0,
    },
  ];
  for (const params of taken) assert.equal(await textFrom({ ...params, temperature: 0 }), ANSWER);
});

test("a long conversation keeps its newest messages, and one that is too long alone is refused", async () => {
  const messages = Array.from({ length: 300 }, (_, i) => ({
    role: "user" as const,
    content: `Message ${i} of a long talk.`,
  }));
  const { completion } = await collect({
    messages: [...messages, { role: "user", content: "Who are you?" }],
    temperature: 0,
  });
  assert.ok((completion.usage?.prompt_tokens ?? 0) > 300 && (completion.usage?.prompt_tokens ?? 0) <= 384);
  for (const content of ["1".repeat(600), "word ".repeat(2_000_000)]) {
    await fails(collect({ messages: [...messages, { role: "user", content }] }), "status", {
      status: 400,
      code: "context_length_exceeded",
    });
  }
});
