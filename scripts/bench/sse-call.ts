// One streamed chat completion as the driver sees it: splits the body into events, notes when chunks arrive, and
// checks that the stream is whole: the right number of chunks, one finish reason, usage, [DONE] last, no error.

import { performance } from "node:perf_hooks";
import type { HttpConnection } from "./connection.ts";
import type { HttpSink } from "./http-wire.ts";

const EVENT_END = Buffer.from("\n\n");
/** The mock's content chunks begin so; the digits are its clock in ns. */
const STAMP = Buffer.from('"content":"@');
const STAMP_DIGITS = 16;
const ZERO = 48;

/** What a driver does with the calls it makes; one object serves all of them. */
export interface StreamWatch {
  /** A content chunk came. `delayUs` is since the mock wrote it, NaN when it is not stamped. */
  chunk(call: StreamCall, delayUs: number): void;
  ended(call: StreamCall, wrong: string | null): void;
}

export class StreamCall implements HttpSink {
  readonly connection: HttpConnection;
  /** performance.now() at the send. */
  sentAt = 0;
  /** Content chunks so far. */
  chunks = 0;
  private readonly watch: StreamWatch;
  private readonly expected: number;
  private status = 0;
  private finishes = 0;
  private usages = 0;
  private complete = false;
  private wrong: string | null = null;
  private tail: Buffer | null = null;

  constructor(connection: HttpConnection, expected: number, watch: StreamWatch) {
    this.connection = connection;
    this.expected = expected;
    this.watch = watch;
  }

  send(request: Buffer): void {
    this.sentAt = performance.now();
    this.connection.send(request, this);
  }

  head(status: number): void {
    this.status = status;
  }

  body(read: Buffer): void {
    const bytes = this.tail === null ? read : Buffer.concat([this.tail, read]);
    this.tail = null;
    let at = 0;
    for (let end = bytes.indexOf(EVENT_END); end >= 0; end = bytes.indexOf(EVENT_END, at)) {
      this.event(bytes, at, end);
      at = end + 2;
    }
    if (at < bytes.length) this.tail = Buffer.from(bytes.subarray(at));
  }

  private event(bytes: Buffer, from: number, end: number): void {
    // Searches past the event where it holds no stamp: the few that do not cost less than a slice of each.
    const stamp = bytes.indexOf(STAMP, from);
    if (stamp < 0 || stamp >= end) {
      this.other(bytes.toString("latin1", from, end));
      return;
    }
    this.chunks++;
    let writtenNs = 0;
    const digits = stamp + STAMP.length;
    for (let i = digits; i < digits + STAMP_DIGITS; i++) writtenNs = writtenNs * 10 + (bytes[i] ?? ZERO) - ZERO;
    this.watch.chunk(this, writtenNs === 0 ? Number.NaN : clockUs() - writtenNs / 1000);
  }

  private other(event: string): void {
    if (this.complete) this.wrong ??= "an event after [DONE]";
    if (event === "data: [DONE]") this.complete = true;
    else if (event.startsWith('data: {"error"') || event.startsWith("event: error")) this.wrong ??= event.slice(0, 200);
    else {
      if (event.includes('"finish_reason":"stop"')) this.finishes++;
      if (event.includes('"usage":{')) this.usages++;
    }
  }

  end(): void {
    this.watch.ended(this, this.verdict());
  }

  private verdict(): string | null {
    if (this.status !== 200) return `status ${this.status}: ${this.tail?.toString("utf8").slice(0, 200) ?? ""}`;
    if (this.wrong !== null) return this.wrong;
    if (!this.complete) return "the stream ended without [DONE]";
    if (this.chunks !== this.expected) return `${this.chunks} chunks instead of ${this.expected}`;
    if (this.finishes !== 1) return `${this.finishes} finish reasons`;
    return this.usages === 1 ? null : `${this.usages} usage objects`;
  }

  failed(why: string): void {
    this.watch.ended(this, why);
  }
}

/** The clock that processes of one machine share, in µs. */
function clockUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1000;
}
