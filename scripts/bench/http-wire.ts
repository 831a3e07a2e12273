// The least HTTP/1.1 a load driver needs: one request as bytes, and a reader of responses with a length or in chunks.
// The slices given to the sink are valid during the call only.

export interface HttpSink {
  head(status: number): void;
  body(bytes: Buffer): void;
  end(): void;
  /** The server broke the protocol, or the connection was lost with a request open. */
  failed(why: string): void;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = 10;

/** A POST with a JSON body over a kept-alive connection. */
export function postBytes(path: string, headers: readonly string[], body: string): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    "user-agent: bench/1",
    "accept: application/json",
    "content-type: application/json",
    ...headers,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

export class HttpReader {
  /** Whose response is read now; the owner of the connection sets it with every request. */
  sink: HttpSink;
  private state: "head" | "length" | "size" | "data" | "data-end" | "trailer" = "head";
  private left = 0;
  private tail: Buffer | null = null;

  constructor(sink: HttpSink) {
    this.sink = sink;
  }

  feed(read: Buffer): void {
    const bytes = this.tail === null ? read : Buffer.concat([this.tail, read]);
    this.tail = null;
    let at = 0;
    while (at < bytes.length) {
      const next = this.state === "length" || this.state === "data" ? this.take(bytes, at) : this.step(bytes, at);
      if (next < 0) {
        this.tail = Buffer.from(bytes.subarray(at));
        return;
      }
      at = next;
    }
  }

  private take(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.left);
    this.left -= end - at;
    this.sink.body(bytes.subarray(at, end));
    if (this.left === 0) {
      if (this.state === "data") this.state = "data-end";
      else this.finish();
    }
    return end;
  }

  private finish(): void {
    this.state = "head";
    this.sink.end();
  }

  /** Reads one head or line; the position behind it, or -1 when it is not complete yet. */
  private step(bytes: Buffer, at: number): number {
    if (this.state === "head") return this.head(bytes, at);
    const end = bytes.indexOf(LINE_END, at);
    if (end < 0) return -1;
    if (this.state === "data-end") this.state = "size";
    else if (this.state === "trailer") {
      if (end - at <= 1) this.finish();
    } else {
      this.left = Number.parseInt(bytes.toString("latin1", at, end), 16);
      if (Number.isNaN(this.left)) this.sink.failed("a chunk without a size");
      this.state = this.left === 0 ? "trailer" : "data";
    }
    return end + 1;
  }

  private head(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(HEAD_END, at);
    if (end < 0) return -1;
    const head = bytes.toString("latin1", at, end).toLowerCase();
    this.sink.head(Number(head.slice(9, 12)));
    const length = head.indexOf("\r\ncontent-length:");
    if (length >= 0) {
      this.left = Number.parseInt(head.slice(length + 17, length + 37), 10);
      this.state = "length";
      if (this.left === 0) this.finish();
    } else if (head.includes("\r\ntransfer-encoding: chunked")) {
      this.state = "size";
    } else {
      this.sink.failed("a response with neither a length nor chunks");
    }
    return end + 4;
  }
}
