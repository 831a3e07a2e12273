// Calls under way by provider key, so that a pool's keys share the load. A label leaves the table with its last call.

export class InFlight {
  readonly #calls = new Map<string, number>();

  enter(label: string): void {
    this.#calls.set(label, this.of(label) + 1);
  }

  leave(label: string): void {
    const left = this.of(label) - 1;
    if (left > 0) this.#calls.set(label, left);
    else this.#calls.delete(label);
  }

  of(label: string): number {
    return this.#calls.get(label) ?? 0;
  }
}
