// Anthropic's usage in OpenAI's shape. Anthropic's input does not include what was read from or written to its cache;
// OpenAI's prompt_tokens does.

import type { Usage } from "../../generated/types.ts";

type Json = Record<string, unknown>;

/** Collects the usage of one answer; events repeat counts and some send zeros later, which take nothing back. */
export class UsageFold {
  #input = 0;
  #cacheRead = 0;
  #cacheWrite = 0;
  #cacheWrite1h = 0;
  #output = 0;
  #reasoning = 0;
  #told = false;

  add(usage: unknown): void {
    if (typeof usage !== "object" || usage === null) return;
    const counts = usage as Json;
    const written = (counts.cache_creation ?? {}) as Json;
    this.#told = true;
    this.#input = later(counts.input_tokens, this.#input);
    this.#cacheRead = later(counts.cache_read_input_tokens, this.#cacheRead);
    this.#cacheWrite1h = later(written.ephemeral_1h_input_tokens, this.#cacheWrite1h);
    const parts = later(written.ephemeral_5m_input_tokens, 0) + this.#cacheWrite1h;
    this.#cacheWrite = Math.max(parts, later(counts.cache_creation_input_tokens, this.#cacheWrite));
    this.#output = later(counts.output_tokens, this.#output);
    this.#reasoning = later(
      (counts.output_tokens_details as Json | null | undefined)?.thinking_tokens,
      this.#reasoning,
    );
  }

  /** `undefined`: none was told. */
  usage(): NonNullable<Usage> | undefined {
    if (!this.#told) return undefined;
    const prompt_tokens = this.#input + this.#cacheRead + this.#cacheWrite;
    return {
      prompt_tokens,
      completion_tokens: this.#output,
      total_tokens: prompt_tokens + this.#output,
      prompt_tokens_details: {
        cached_tokens: this.#cacheRead,
        cache_write_tokens: this.#cacheWrite,
        cache_write_1h_tokens: this.#cacheWrite1h,
      },
      completion_tokens_details: { reasoning_tokens: this.#reasoning },
    };
  }
}

function later(value: unknown, before: number): number {
  return typeof value === "number" && value > 0 ? value : before;
}
