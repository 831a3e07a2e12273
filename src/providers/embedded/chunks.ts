// Deltas of the model's thread as the chunks that OpenAI would send: a role, text, a reason to stop, then usage.

import type { ChatChunk } from "../../generated/types.ts";
import type { Delta, Spent } from "./protocol.ts";

const MODEL = "tiny-broker";
/** Marks every answer as a demonstration. */
const FINGERPRINT = "demo";

type ChunkChoice = ChatChunk["choices"][number];

/** Of one call. */
export class ChunkWriter {
  readonly #id: string;
  /** Unix seconds. */
  readonly #created: number;
  /** Choices that have had their role. */
  #begun = 0;

  constructor(id: string, created: number) {
    this.#id = id;
    this.#created = created;
  }

  /** `spent` comes with the last deltas. */
  write(deltas: readonly Delta[], spent: Spent | undefined): ChatChunk[] {
    const chunks: ChatChunk[] = [];
    for (const delta of deltas) this.#writeDelta(chunks, delta);
    if (spent) chunks.push({ ...this.#chunk([]), usage: toUsage(spent) });
    return chunks;
  }

  #writeDelta(chunks: ChatChunk[], { choice, text, logprobs, finish }: Delta): void {
    const add = (delta: ChunkChoice["delta"], reason: string | null, told?: typeof logprobs): void => {
      const shown = told ? { content: told, refusal: null } : null;
      chunks.push(this.#chunk([{ index: choice, delta, logprobs: shown, finish_reason: reason }]));
    };
    if (choice >= this.#begun) {
      this.#begun = choice + 1;
      add({ role: "assistant", content: "" }, null);
    }
    if (text !== "" || (logprobs && logprobs.length > 0)) add({ content: text }, null, logprobs);
    if (finish) add({}, finish);
  }

  #chunk(choices: ChunkChoice[]): ChatChunk {
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#created,
      model: MODEL,
      system_fingerprint: FINGERPRINT,
      choices,
    };
  }
}

function toUsage({ prompt, completion }: Spent): NonNullable<ChatChunk["usage"]> {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
