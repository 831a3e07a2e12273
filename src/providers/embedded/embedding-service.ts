// Questions for vectors, answered in turns of a few texts each, so that a short one does not wait for a long one and one
// that is taken back costs no more than its turn.

import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import type { Question, Reply } from "./asking-thread.ts";
import { MOST_CHARACTERS, MOST_TOKENS, type SentenceEncoder } from "./use-lite.ts";

const TEXTS_A_TURN = 8;

export type EmbeddingAnswer =
  | { readonly kind: "vectors"; readonly vectors: readonly (readonly number[])[]; readonly tokens: number }
  /** This text is longer than the model reads. */
  | { readonly kind: "too_long"; readonly index: number }
  | { readonly kind: "not_installed" };

interface Job {
  readonly texts: readonly string[];
  readonly vectors: (readonly number[])[];
  tokens: number;
}

export class EmbeddingService {
  readonly #port: Pick<MessagePort, "postMessage">;
  readonly #load: () => Promise<SentenceEncoder | undefined>;
  readonly #jobs = new Map<number, Job>();
  #encoder: SentenceEncoder | undefined;
  #running = false;

  /** `load` is called with the first question, and again as long as it gives nothing. */
  constructor(port: Pick<MessagePort, "postMessage">, load: () => Promise<SentenceEncoder | undefined>) {
    this.#port = port;
    this.#load = load;
  }

  /** Rejects with what a faulty model throws: the end of the thread. */
  async receive({ id, ask }: Question<readonly string[]>): Promise<void> {
    if (!ask) this.#jobs.delete(id);
    else this.#jobs.set(id, { texts: ask, vectors: [], tokens: 0 });
    if (this.#running) return;
    this.#running = true;
    this.#encoder ??= await this.#load();
    for (const [id, job] of this.#jobs) {
      const answer = this.#encoder ? await turn(this.#encoder, job) : ({ kind: "not_installed" } as const);
      await nextTurn(); // what was taken back meanwhile is heard of here
      if (!this.#jobs.delete(id)) continue;
      if (answer) this.#port.postMessage({ id, answer } satisfies Reply<EmbeddingAnswer>);
      else this.#jobs.set(id, job); // behind all others
    }
    this.#running = false;
  }
}

/** `undefined`: there is more to do. */
async function turn(encoder: SentenceEncoder, job: Job): Promise<EmbeddingAnswer | undefined> {
  const from = job.vectors.length;
  const texts = job.texts.slice(from, from + TEXTS_A_TURN);
  for (const [place, text] of texts.entries()) {
    const tokens = text.length > MOST_CHARACTERS ? Number.POSITIVE_INFINITY : encoder.tokens(text);
    if (tokens > MOST_TOKENS) return { kind: "too_long", index: from + place };
    job.tokens += tokens;
  }
  job.vectors.push(...(await encoder.embed(texts)));
  const { vectors, tokens } = job;
  return vectors.length < job.texts.length ? undefined : { kind: "vectors", vectors, tokens };
}
