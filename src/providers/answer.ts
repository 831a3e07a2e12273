// From the bytes of a streamed answer to runs of chunks: the loop that all dialects over HTTP share. What came before a
// fault is delivered before the fault is thrown, however the bytes were split into reads.

import type { ChunkRun } from "../core/completion.ts";
import { ProviderFailure } from "../core/provider.ts";
import type { ChatChunk } from "../generated/types.ts";
import type { AnswerBody } from "./exchange.ts";
import { errorInAnswer, isErrorObject, type Peer } from "./failure.ts";
import { SseFrames } from "./sse.ts";

/** Bytes of one stream: what it says is kept until it ends. */
const MOST_STREAM = 64 * 1_024 * 1_024;
/** Bytes of a JSON document in place of a stream. */
const MOST_JSON = 64 * 1_024 * 1_024;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** One answer in the making. */
export interface Translation {
  /** The provider said that the answer is complete. */
  readonly over: boolean;
  /** Thrown once what came before it is delivered. */
  readonly failure: ProviderFailure | undefined;
  push(bytes: Buffer): ChunkRun | undefined;
  /** The bytes have ended: afterwards `over` or `failure` is set. */
  end(): ChunkRun | undefined;
}

/** Ends when the translation is over; leaves the connection usable then, and closed otherwise. */
export async function* translate(
  open: () => Promise<{ readonly body: AnswerBody }>,
  translation: Translation,
): AsyncGenerator<ChunkRun, void, void> {
  const { body } = await open();
  let complete = false;
  let total = 0;
  try {
    while (!translation.over) {
      const next = body.read();
      const bytes = next instanceof Promise ? await next : next;
      total += bytes?.length ?? 0;
      if (total > MOST_STREAM) throw new ProviderFailure("garbled", `the answer is longer than ${MOST_STREAM} bytes`);
      const run = step(translation, bytes);
      if (run) yield run;
      if (translation.failure) throw translation.failure;
    }
    complete = true;
  } finally {
    if (complete) body.finish();
    else body.cancel();
  }
}

/** What a vendor sends in place of what its dialect says must not look like a bug of ours. */
function step(translation: Translation, bytes: Buffer | undefined): ChunkRun | undefined {
  try {
    return bytes === undefined ? translation.end() : translation.push(bytes);
  } catch (cause) {
    if (cause instanceof ProviderFailure) throw cause;
    throw new ProviderFailure("garbled", "the answer is not of its dialect", { cause });
  }
}

/** Answers in server-sent events. Some vendors put a plain JSON error into a 200: that is noticed by its first byte. */
export abstract class SseTranslation implements Translation {
  over = false;
  failure: ProviderFailure | undefined;
  protected readonly peer: Peer;
  /** Of the read at hand. */
  protected values: ChatChunk[] = [];
  /** The bytes of the read at hand say the same as `values`, in OpenAI's form. */
  protected asSent = false;
  readonly #frames = new SseFrames();
  #json: Buffer[] | undefined;
  #jsonSize = 0;
  #started = false;

  constructor(peer: Peer) {
    this.peer = peer;
  }

  /** One frame that is not an error: adds to `values`, or sets `over` or `failure`. */
  protected abstract frame(value: object, data: string): void;

  push(bytes: Buffer): ChunkRun | undefined {
    if (!this.#started) {
      this.#started = true;
      if (bytes[0] === OPEN_BRACE || bytes[0] === OPEN_BRACKET) this.#json = [];
    }
    if (!this.#json) return this.#translate(this.#frames.push(bytes), false);
    this.#json.push(bytes);
    this.#jsonSize += bytes.length;
    if (this.#jsonSize > MOST_JSON) this.fail("garbled", `the answer is longer than ${MOST_JSON} bytes`);
    return undefined;
  }

  end(): ChunkRun | undefined {
    const run = this.#json
      ? this.#whole(Buffer.concat(this.#json).toString())
      : this.#translate(this.#frames.end(), true);
    if (!this.failure && !this.over) {
      if (this.complete()) this.over = true;
      else this.fail("cut", "the answer ended before it was complete");
    }
    return run;
  }

  /** The data of a frame that need not be parsed, or is not JSON by agreement; true when it has been dealt with. */
  protected known(_data: string): boolean {
    return false;
  }

  /** All frames of a read, where none needs to be parsed; `sse`: their bytes. */
  protected alike(_frames: readonly string[], _sse: Buffer): ChunkRun | undefined {
    return undefined;
  }

  /** A JSON document instead of a stream, not an error. */
  protected document(_value: object): void {
    this.fail("garbled", "a document came instead of a stream");
  }

  /** The bytes ended without a word that the answer is complete: was it? */
  protected complete(): boolean {
    return false;
  }

  /** The status of an error that names none. */
  protected errorStatus(_error: object): number {
    return 502;
  }

  protected fail(kind: "cut" | "garbled", message: string): void {
    this.failure = new ProviderFailure(kind, `${this.peer.name}: ${message}`);
  }

  #translate(frames: readonly string[], last: boolean): ChunkRun | undefined {
    const plain = this.#frames.plain;
    const alike = plain && this.alike(frames, plain);
    if (alike) return alike;
    this.values = [];
    this.asSent = plain !== undefined;
    for (const data of frames) {
      if (this.over || this.failure) break;
      if (!this.known(data)) this.#value(data, last);
    }
    if (this.values.length === 0) return undefined;
    return plain && this.asSent && !this.failure ? { values: this.values, sse: plain } : { values: this.values };
  }

  #value(data: string, last: boolean): void {
    const value = parseObject(data);
    if (!value) this.fail(last ? "cut" : "garbled", last ? "the last frame is not whole" : "a frame is not JSON");
    else if (isErrorObject(value)) this.failure = errorInAnswer(this.peer, value, this.errorStatus(value));
    else this.frame(value, data);
  }

  #whole(text: string): ChunkRun | undefined {
    this.values = [];
    const value = parseObject(text);
    if (!value) this.fail("cut", "the answer is not whole");
    else if (isErrorObject(value)) this.failure = errorInAnswer(this.peer, value, this.errorStatus(value));
    else this.document(value);
    return this.values.length === 0 ? undefined : { values: this.values };
  }
}

/** `undefined`: not JSON, or not an object. */
export function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
