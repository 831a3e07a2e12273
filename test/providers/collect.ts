// What a provider gave, for tests: a stream's chunks in order, the bytes it passed on, how it ended, and the fold; a
// body's bytes; a failure.

import assert from "node:assert/strict";
import { type ChunkRun, CompletionFold } from "../../src/core/completion.ts";
import { ProviderFailure } from "../../src/core/provider.ts";
import type { ChatChunk, ChatCompletion } from "../../src/generated/types.ts";
import type { AnswerBody } from "../../src/providers/exchange.ts";

export interface Collected {
  readonly runs: readonly ChunkRun[];
  readonly chunks: readonly ChatChunk[];
  /** `undefined`: the stream ended properly. */
  readonly failure: ProviderFailure | undefined;
  readonly completion: ChatCompletion;
}

export async function collect(stream: AsyncIterable<ChunkRun>): Promise<Collected> {
  const runs: ChunkRun[] = [];
  const fold = new CompletionFold();
  let failure: ProviderFailure | undefined;
  try {
    for await (const run of stream) {
      runs.push(run);
      for (const chunk of run.values) fold.add(chunk);
    }
  } catch (error) {
    assert.ok(error instanceof ProviderFailure, String(error));
    failure = error;
  }
  return { runs, chunks: runs.flatMap((run) => run.values), failure, completion: fold.completion() };
}

/** The failure that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<ProviderFailure> {
  const error = await promise.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProviderFailure, String(error));
  return error;
}

/** All bytes of a body. */
export async function readAll(body: AnswerBody): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let bytes = await body.read(); bytes !== undefined; bytes = await body.read()) parts.push(bytes);
  return Buffer.concat(parts);
}

/** The deltas of the first choice, the ends left out. */
export function deltas({ chunks }: Collected): object[] {
  return chunks.flatMap(({ choices }) => choices).flatMap(({ delta, finish_reason }) => (finish_reason ? [] : [delta]));
}
