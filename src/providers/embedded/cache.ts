// Keys and values of the positions that a session has seen, layer by layer, so that a token is computed once. Grows by
// doubling: most chats are short, and a full context takes 3.7 MB.

/** Positions in the smallest cache. */
const FIRST_POSITIONS = 64;

export class KeyValueCache {
  /** Positions filled. */
  length = 0;
  readonly #width: number;
  readonly #context: number;
  #capacity: number;
  #keys: Float32Array[];
  #values: Float32Array[];

  /** `width`: floats a position and layer; `context`: most positions. */
  constructor(layers: number, width: number, context: number) {
    this.#width = width;
    this.#context = context;
    this.#capacity = Math.min(FIRST_POSITIONS, context);
    const empty = (): Float32Array => new Float32Array(this.#capacity * width);
    this.#keys = Array.from({ length: layers }, empty);
    this.#values = Array.from({ length: layers }, empty);
  }

  /** Position after position, `width` floats each. Valid until the next `reserve`. */
  keys(layer: number): Float32Array {
    return this.#keys[layer] as Float32Array;
  }

  values(layer: number): Float32Array {
    return this.#values[layer] as Float32Array;
  }

  /** Makes room for one more position. A full context is the caller's mistake and throws. */
  reserve(): void {
    if (this.length < this.#capacity) return;
    if (this.length >= this.#context) throw new RangeError("the context is full");
    this.#capacity = Math.min(2 * this.#capacity, this.#context);
    const grown = (old: Float32Array): Float32Array => {
      const larger = new Float32Array(this.#capacity * this.#width);
      larger.set(old);
      return larger;
    };
    this.#keys = this.#keys.map(grown);
    this.#values = this.#values.map(grown);
  }

  /** Forgets all but the first positions. */
  rewind(length: number): void {
    this.length = Math.min(this.length, length);
  }
}
