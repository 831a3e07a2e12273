// Collects what comes in one to three turns of the event loop and deals with it at once: a write or a commit costs as much
// as many rows. Whoever added something waits for the group it came into.

/** While more comes in, a group of several waits this many turns for it. */
const MAX_TURNS = 3;

class Batch<Item> {
  readonly items: Item[] = [];
  readonly settled = Promise.withResolvers<void>();
}

export class Group<Item> {
  readonly #handle: (items: readonly Item[]) => void;
  #batch: Batch<Item> | undefined;

  /** What `handle` throws, all who wait for the group get. */
  constructor(handle: (items: readonly Item[]) => void) {
    this.#handle = handle;
  }

  /** Resolves when the item has been dealt with. */
  add(item: Item): Promise<void> {
    if (!this.#batch) {
      this.#batch = new Batch();
      setImmediate(this.#turn, 1, 0);
    }
    this.#batch.items.push(item);
    return this.#batch.settled.promise;
  }

  /** Waits no longer. */
  flush(): void {
    const batch = this.#batch;
    if (!batch) return;
    this.#batch = undefined;
    try {
      this.#handle(batch.items);
      batch.settled.resolve();
    } catch (cause) {
      batch.settled.reject(cause);
    }
  }

  /** A single item is dealt with at once, several when no more have come since the last turn. */
  readonly #turn = (turn: number, before: number): void => {
    const count = this.#batch?.items.length ?? 0;
    if (count > 1 && count > before && turn < MAX_TURNS) setImmediate(this.#turn, turn + 1, count);
    else this.flush();
  };
}
