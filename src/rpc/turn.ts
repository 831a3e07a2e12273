// Holds back what is written until the turn of the event loop ends. A write to a client that sleeps wakes it up, which
// costs more than all else about a small answer; written one right after the other, the answers of a turn wake it once.
// Pieces of a stream are not held back: for them the delay of each counts.

/** What has something to write. */
export interface Waiting {
  turnEnds(): void;
}

/** One a server. */
export class Turn {
  #waiting: Waiting[] = [];

  /** `turnEnds` is called once, soon, in the order of waiting. */
  wait(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) setImmediate(this.#end);
  }

  readonly #end = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each.turnEnds();
  };
}
