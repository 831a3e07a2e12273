// A matrix times a vector: where nearly all of the model's time goes.

/**
 * out[r] = Σ matrix[r][c] × vector[c]. The matrix lies row after row; the vector's length is a multiple of 4. Four sums
 * run side by side, since one would wait for each addition.
 */
export function multiply(out: Float32Array, matrix: Float32Array, vector: Float32Array): void {
  const columns = vector.length;
  for (let row = 0, at = 0; row < out.length; row++) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let column = 0; column < columns; column += 4, at += 4) {
      a += matrix[at]! * vector[column]!;
      b += matrix[at + 1]! * vector[column + 1]!;
      c += matrix[at + 2]! * vector[column + 2]!;
      d += matrix[at + 3]! * vector[column + 3]!;
    }
    out[row] = a + b + (c + d);
  }
}
