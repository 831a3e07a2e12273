// Text in the midst of bytes: the marks that file formats begin their parts with.

/** Latin-1; shorter where the bytes end. */
export function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
