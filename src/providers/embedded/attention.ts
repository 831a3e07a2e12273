// Attention of one query over all positions seen so far, head by head. Plain loops: at the usual hundred positions it
// costs less than the matrices do.

/** Position after position, all heads of a position together. */
export interface Seen {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly positions: number;
}

/** Writes to `out` the values of each head, weighted by how its keys fit the query. `weights` holds one float a position. */
export function attend(
  out: Float32Array,
  query: Float32Array,
  seen: Seen,
  headSize: number,
  weights: Float32Array,
): void {
  const scale = 1 / Math.sqrt(headSize);
  out.fill(0);
  for (let head = 0; head < query.length; head += headSize) {
    score(weights, query, seen, head, headSize, scale);
    softmax(weights, seen.positions);
    mix(out, weights, seen, head, headSize);
  }
}

/** Dot products, in four sums because one sum would wait for itself. */
function score(
  weights: Float32Array,
  query: Float32Array,
  seen: Seen,
  head: number,
  size: number,
  scale: number,
): void {
  const { keys, positions } = seen;
  const width = query.length;
  for (let position = 0; position < positions; position++) {
    const base = position * width;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = head; i < head + size; i += 4) {
      a += (query[i] as number) * (keys[base + i] as number);
      b += (query[i + 1] as number) * (keys[base + i + 1] as number);
      c += (query[i + 2] as number) * (keys[base + i + 2] as number);
      d += (query[i + 3] as number) * (keys[base + i + 3] as number);
    }
    weights[position] = (a + b + (c + d)) * scale;
  }
}

function softmax(weights: Float32Array, length: number): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) most = Math.max(most, weights[i] as number);
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const weight = Math.exp((weights[i] as number) - most);
    weights[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < length; i++) weights[i] = (weights[i] as number) / sum;
  weights.fill(0, length, length + 3);
}

/** Four positions at a time, so that `out` is read and written a quarter as often; weights past the last are 0. */
function mix(out: Float32Array, weights: Float32Array, seen: Seen, head: number, size: number): void {
  const { values, positions } = seen;
  const width = out.length;
  for (let position = 0; position < positions; position += 4) {
    const base = position * width;
    const a = weights[position] as number;
    const b = weights[position + 1] as number;
    const c = weights[position + 2] as number;
    const d = weights[position + 3] as number;
    for (let i = head; i < head + size; i++) {
      const at = base + i;
      const near = a * (values[at] as number) + b * (values[at + width] as number);
      const far = c * (values[at + 2 * width] as number) + d * (values[at + 3 * width] as number);
      out[i] = (out[i] as number) + (near + far);
    }
  }
}
