// Questions to the embedded provider, for its tests, and what it answers to the one that most of them ask.

import assert from "node:assert/strict";
import { type ChunkRun, CompletionFold } from "../../src/core/completion.ts";
import { type ChatProvider, type ProviderCall, ProviderFailure } from "../../src/core/provider.ts";
import type { ChatChunk, ChatCompletion, ChatCompletionsCreateParams } from "../../src/generated/types.ts";

export type Params = Partial<ChatCompletionsCreateParams>;

/** Without end tokens, so that an answer goes on for as long as it may. */
export const ENDLESS = { logit_bias: { 0: -100, 1: -100, 2: -100 } };
/** So hot that two texts are the same by their seeds only, never by the model's certainty. */
export const WILD: Params = { temperature: 50, max_tokens: 40, ...ENDLESS };
export const ANSWER =
  "I am the tiny demo model that is built into this AI broker. I have about 1.6 million parameters and I am here for trying things out without a key. Add a provider key to talk to a real model.";

interface Asking {
  /** "Who are you?", with other params. */
  open(params: Params, signal?: AbortSignal): AsyncIterator<ChunkRun>;
  collect(params: Params): Promise<{ chunks: ChatChunk[]; completion: ChatCompletion }>;
  textFrom(params: Params): Promise<string>;
}

export function asking(provider: ChatProvider): Asking {
  const stream = (params: Params, signal = new AbortController().signal): AsyncIterable<ChunkRun> => {
    const messages = [{ role: "user" as const, content: "Who are you?" }];
    const target = {} as ProviderCall["target"];
    return provider.stream({ target, params: { model: "tiny-broker", messages, ...params }, signal });
  };
  const collect: Asking["collect"] = async (params) => {
    const chunks: ChatChunk[] = [];
    const fold = new CompletionFold();
    for await (const run of stream(params)) {
      assert.equal(run.sse, undefined);
      for (const chunk of run.values) {
        chunks.push(chunk);
        fold.add(chunk);
      }
    }
    assert.ok(fold.finished);
    return { chunks, completion: fold.completion() };
  };
  return {
    open: (params, signal) => stream(params, signal)[Symbol.asyncIterator](),
    collect,
    textFrom: async (params) => textOf((await collect(params)).completion),
  };
}

export function textOf(completion: ChatCompletion, choice = 0): string {
  return completion.choices[choice]?.message.content ?? "";
}

export function fails(
  run: Promise<unknown>,
  kind: string,
  facts: { status?: number; code?: string } = {},
): Promise<void> {
  return assert.rejects(run, (error) => {
    assert.ok(error instanceof ProviderFailure, String(error));
    assert.equal(error.kind, kind);
    assert.equal(error.status, facts.status);
    if (facts.code) assert.equal(error.upstream?.code, facts.code);
    return true;
  });
}
