// WebM (Matroska): the segment's info tells its duration. Browsers that record leave it out; then the last cluster's time
// stands for it, which is a few seconds short at most.

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const CLUSTER = Buffer.of(0x1f, 0x43, 0xb6, 0x75);
const SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TIMESTAMP = 0xe7;
/** Nanoseconds of one tick unless told. */
const USUAL_SCALE = 1_000_000;
/** Elements looked at on one level. */
const MOST_ELEMENTS = 4_096;

interface Element {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** Throws a RangeError where the bytes end. */
export function webmSeconds(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let ticks: number | undefined;
  let scale = USUAL_SCALE;
  for (const segment of elements(view, 0, bytes.length)) {
    if (segment.id !== SEGMENT) continue;
    for (const info of elements(view, segment.from, segment.to)) {
      if (info.id !== INFO) continue;
      for (const each of elements(view, info.from, info.to)) {
        if (each.id === SCALE) scale = unsigned(view, each);
        if (each.id === DURATION)
          ticks = each.to - each.from === 8 ? view.getFloat64(each.from) : view.getFloat32(each.from);
      }
      break;
    }
    break;
  }
  ticks ??= lastCluster(view, bytes);
  return ticks === undefined ? undefined : (ticks * scale) / 1e9;
}

function lastCluster(view: DataView, bytes: Uint8Array): number | undefined {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(CLUSTER);
  if (at < 0) return undefined;
  for (const cluster of elements(view, at, bytes.length))
    for (const each of elements(view, cluster.from, cluster.to)) if (each.id === TIMESTAMP) return unsigned(view, each);
  return undefined;
}

function* elements(view: DataView, from: number, to: number): Generator<Element> {
  let at = from;
  for (let count = 0; at < to && count < MOST_ELEMENTS; count++) {
    const idLength = Math.clz32(view.getUint8(at)) - 23;
    if (idLength > 4) return;
    let id = 0;
    for (let index = 0; index < idLength; index++) id = id * 256 + view.getUint8(at + index);
    at += idLength;
    const first = view.getUint8(at);
    const sizeLength = Math.clz32(first) - 23;
    if (sizeLength > 8) return;
    // 2^53 is more than any file has.
    let size = first & (0xff >> sizeLength);
    let unknown = size === 0xff >> sizeLength;
    for (let index = 1; index < sizeLength; index++) {
      const byte = view.getUint8(at + index);
      unknown &&= byte === 0xff;
      size = size * 256 + byte;
    }
    at += sizeLength;
    const end = unknown ? to : Math.min(to, at + size);
    yield { id, from: at, to: end };
    at = end;
  }
}

function unsigned(view: DataView, { from, to }: Element): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 256 + view.getUint8(at);
  return value;
}
