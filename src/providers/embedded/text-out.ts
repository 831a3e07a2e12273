// From token bytes to text that may be shown: characters only when they are whole, and nothing that could still turn out
// to be the beginning of a stop sequence.

import type { TokenLogprob } from "../../generated/types.ts";

/** Text with the log-probabilities of the tokens that it came from. */
export interface Piece {
  readonly text: string;
  readonly logprobs: TokenLogprob[];
}

/** A token whose log-probability waits for its text to be shown. Places are in characters of the whole text. */
interface Waiting {
  readonly from: number;
  readonly to: number;
  readonly logprob: TokenLogprob;
}

export class TextOut {
  /** A stop sequence came; its text and what follows is not shown. */
  stopped = false;
  readonly #stops: readonly string[];
  readonly #decoder = new TextDecoder();
  /** Decoded, not yet shown. */
  #held = "";
  #shown = 0;
  readonly #waiting: Waiting[] = [];

  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** One token; gives what can be shown now, possibly nothing. */
  push(bytes: Uint8Array, logprob: TokenLogprob | undefined): Piece {
    const from = this.#shown + this.#held.length;
    this.#held += this.#decoder.decode(bytes, { stream: true });
    if (logprob) this.#waiting.push({ from, to: this.#shown + this.#held.length, logprob });
    const stop = this.#earliestStop();
    if (stop >= 0) return this.#stopAt(stop);
    return this.#show(this.#held.length - this.#possibleStop(), false);
  }

  /** No more tokens: what was held back is text after all. */
  finish(): Piece {
    if (this.stopped) return { text: "", logprobs: [] };
    this.#held += this.#decoder.decode();
    const stop = this.#earliestStop();
    return stop >= 0 ? this.#stopAt(stop) : this.#show(this.#held.length, true);
  }

  #stopAt(length: number): Piece {
    this.stopped = true;
    return this.#show(length, true);
  }

  /** A token is told once its last character is shown; at the end, if any of its characters was. */
  #show(length: number, last: boolean): Piece {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    this.#shown += length;
    const logprobs: TokenLogprob[] = [];
    for (let next = this.#waiting[0]; next && next.from < this.#shown; next = this.#waiting[0]) {
      if (next.to > this.#shown && !last) break;
      logprobs.push(next.logprob);
      this.#waiting.shift();
    }
    return { text, logprobs };
  }

  /** Where the first stop sequence begins, or -1. */
  #earliestStop(): number {
    let earliest = -1;
    for (const stop of this.#stops) {
      const at = this.#held.indexOf(stop);
      if (at >= 0 && (earliest < 0 || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Characters at the end that a stop sequence could begin with. */
  #possibleStop(): number {
    let longest = 0;
    for (const stop of this.#stops) {
      let length = Math.min(stop.length - 1, this.#held.length);
      while (length > longest && !this.#held.endsWith(stop.slice(0, length))) length--;
      longest = Math.max(longest, length);
    }
    return longest;
  }
}
