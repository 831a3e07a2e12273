// MP4 and M4A: the movie header tells how long the movie is. Fragmented files say 0 there.

import { textAt } from "./text-at.ts";

/** Boxes looked at on one level; no real file has as many. */
const MOST_BOXES = 4_096;

/** Throws a RangeError where the bytes end. */
export function mp4Seconds(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const movie = find(view, bytes, "moov", 0, bytes.length);
  const header = movie && find(view, bytes, "mvhd", movie.from, movie.to);
  if (!header) return undefined;
  const { from } = header;
  return view.getUint8(from) === 1
    ? Number(view.getBigUint64(from + 24)) / view.getUint32(from + 20)
    : view.getUint32(from + 16) / view.getUint32(from + 12);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is in the first box of that name. */
function find(view: DataView, bytes: Uint8Array, name: string, from: number, to: number): Span | undefined {
  let at = from;
  for (let boxes = 0; at + 8 <= to && boxes < MOST_BOXES; boxes++) {
    const short = view.getUint32(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short;
    if (size < head) return undefined;
    if (textAt(bytes, at + 4, 4) === name) return { from: at + head, to: Math.min(to, at + size) };
    at += size;
  }
  return undefined;
}
