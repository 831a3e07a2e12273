// Server-sent events as they come off a socket: reads may split frames anywhere, within a character too, and line ends
// may be LF, CRLF or CR. Only new bytes are searched for the end of a frame, and a frame is bounded. A read of nothing
// but `data: ...` frames is recognised, so that its bytes can be passed on as they are.

import { ProviderFailure } from "../core/provider.ts";

/** Bytes of one frame. */
const LONGEST_FRAME = 8 * 1_024 * 1_024;

const LF = 10;
const CR = 13;
const LF_LF = Buffer.from("\n\n");
const LF_CR = Buffer.from("\n\r");
const CR_CR = Buffer.from("\r\r");
const BYTE_ORDER_MARK = "\uFEFF";
const EMPTY = Buffer.alloc(0);
const NONE: readonly string[] = [];

export class SseFrames {
  /** The bytes of the last result, when they were whole `data: ...\n\n` frames and nothing else. */
  plain: Buffer | undefined;
  #tail: Buffer[] = [];
  #tailSize = 0;
  #started = false;

  /** The data of the frames that these bytes complete. Throws a ProviderFailure when a frame is too long. */
  push(bytes: Buffer): readonly string[] {
    this.plain = undefined;
    const end = endOfFrames(bytes, this.#tail.at(-1)?.at(-1));
    if (end === 0) {
      this.#keep(bytes);
      return NONE;
    }
    const whole =
      this.#tailSize === 0 ? bytes.subarray(0, end) : Buffer.concat([...this.#tail, bytes.subarray(0, end)]);
    this.#tail = [];
    this.#tailSize = 0;
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    return this.#parse(whole);
  }

  /** The end of the stream: a last frame without its empty line counts. */
  end(): readonly string[] {
    this.plain = undefined;
    const rest = this.#tailSize === 0 ? EMPTY : Buffer.concat(this.#tail);
    this.#tail = [];
    this.#tailSize = 0;
    return linesOf(this.#text(rest));
  }

  #keep(bytes: Buffer): void {
    this.#tail.push(bytes);
    this.#tailSize += bytes.length;
    if (this.#tailSize > LONGEST_FRAME) {
      throw new ProviderFailure("garbled", `a frame of the stream is longer than ${LONGEST_FRAME} bytes`);
    }
  }

  #parse(whole: Buffer): readonly string[] {
    const text = this.#text(whole);
    const frames = plainFrames(text);
    if (!frames) return linesOf(text);
    this.plain = whole;
    return frames;
  }

  #text(bytes: Buffer): string {
    const text = bytes.toString();
    const marked = !this.#started && text.startsWith(BYTE_ORDER_MARK);
    if (bytes.length > 0) this.#started = true;
    return marked ? text.slice(1) : text;
  }
}

/**
 * Where the last empty line in `bytes` ends; 0: there is none. An LF that belongs to a CR at the very end may come with
 * the next read: it then begins that frame as an empty line, which means nothing.
 */
function endOfFrames(bytes: Buffer, before: number | undefined): number {
  const lf = bytes.lastIndexOf(LF_LF);
  if (lf >= 0) return lf + 2;
  if (bytes.includes(CR)) {
    const cr = Math.max(bytes.lastIndexOf(LF_CR), bytes.lastIndexOf(CR_CR));
    if (cr >= 0) return bytes[cr + 2] === LF ? cr + 3 : cr + 2;
  }
  const first = bytes[0];
  const empty = (before === LF && (first === LF || first === CR)) || (before === CR && first === CR);
  return empty ? 1 : 0;
}

/** The data of frames of the form `data: ...\n\n`; `undefined` when anything else is among them. */
function plainFrames(text: string): string[] | undefined {
  if (text.includes("\r")) return undefined;
  const frames: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (!text.startsWith("data: ", at)) return undefined;
    const end = text.indexOf("\n", at);
    if (text.charCodeAt(end + 1) !== LF) return undefined;
    frames.push(text.slice(at + 6, end));
    at = end + 2;
  }
  return frames;
}

/** The data of any frames: comments and other fields fall away, lines of data are joined. */
function linesOf(text: string): string[] {
  const frames: string[] = [];
  let data: string | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === "") {
      if (data !== undefined) frames.push(data);
      data = undefined;
    } else if (line.startsWith("data:")) {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5);
      data = data === undefined ? value : `${data}\n${value}`;
    } else if (line === "data") {
      data = data === undefined ? "" : `${data}\n`;
    }
  }
  if (data !== undefined) frames.push(data);
  return frames;
}
