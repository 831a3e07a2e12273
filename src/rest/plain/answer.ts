// The answer to a plain request: in one piece where it can be, which is one write of head and body, else in chunks.

import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { BrokerError } from "../../core/errors.ts";
import type { HttpAnswer } from "../../rpc/http-answer.ts";
import { STATUS_CODES } from "../../rpc/node-http.ts";

/** The connection that answers are written to. */
export interface AnswerLine {
  readonly socket: Socket;
  /** The line of a head that tells how long an idle connection stays open. */
  readonly keepAlive: string;
  /** The `date` line. */
  readonly date: string;
  /** The last bytes of the answer whose turn it is have been handed to the system. */
  readonly written: () => void;
}

/** What waits for its turn. */
interface Piece {
  readonly bytes: Uint8Array | string;
  readonly encoding: BufferEncoding;
  readonly last: boolean;
}

/** Characters or bytes that may wait for an answer's turn before its writer is asked to wait too. */
const MOST_WAITING = 16 * 1024;
const CLOSE = "connection: close\r\n";
const CHUNKED = "transfer-encoding: chunked\r\n";
const LAST_CHUNK = "0\r\n\r\n";
/** What would end a line, or is no plain text. */
const UNSAFE = /[^\t -~]/;

/** Emits `drain`, `finish` and `close`, as its connection tells it, and `socket` with its turn, if something waited. */
export class PlainAnswer extends EventEmitter implements HttpAnswer {
  socket: Socket | null = null;
  /** As node has it: told, if not yet sent. */
  headersSent = false;
  writableEnded = false;
  writableFinished = false;
  /** The connection ends with this answer. */
  closes: boolean;
  readonly #line: AnswerLine;
  /** Without what is decided when it is sent. */
  #head = "";
  #begun = false;
  #more = "";
  #hasLength = false;
  /** No body may follow. */
  #bare = false;
  #chunked = false;
  #waiting: Piece[] | undefined;
  #waits = 0;
  /** The connection ends when it is this answer's turn. */
  #isCut = false;

  constructor(line: AnswerLine, closes: boolean) {
    super();
    this.closes = closes;
    this.#line = line;
  }

  get writableNeedDrain(): boolean {
    return this.socket ? this.socket.writableNeedDrain : this.#waits > MOST_WAITING;
  }

  get destroyed(): boolean {
    return this.#isCut || this.#line.socket.destroyed;
  }

  /** It is this answer's turn: what was written before is sent. */
  begin(): void {
    const { socket } = this.#line;
    this.socket = socket;
    if (this.#isCut) socket.destroy();
    if (this.#isCut || !this.#waiting) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.emit("socket", socket);
    socket.cork();
    for (const { bytes, encoding, last } of waiting) this.#send(bytes, encoding, last);
    socket.uncork();
    if (!this.writableEnded && !socket.writableNeedDrain) this.emit("drain");
  }

  setHeader(name: string, value: string): void {
    this.#more += this.#lineOf(name, value);
  }

  writeHead(status: number, headers: string[] | Record<string, string | number> = []): this {
    const list = Array.isArray(headers) ? headers : Object.entries(headers).flat();
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n`;
    for (let at = 0; at < list.length; at += 2) head += this.#lineOf(list[at] as string, String(list[at + 1]));
    this.#head = head;
    this.headersSent = true;
    this.#bare = status === 204 || status === 304;
    return this;
  }

  /** What follows comes in chunks, unless a length was told. */
  flushHeaders(): void {
    if (this.#begun) return;
    this.#chunked = !this.#hasLength && !this.#bare;
    this.#send(this.#takeHead(this.#chunked ? CHUNKED : ""), "latin1", false);
  }

  /** The head leaves with the first piece. A piece is framed and written at once: node:http makes five writes of it. */
  write(piece: string | Uint8Array): boolean {
    if (this.#begun) return this.#writePiece(piece);
    this.socket?.cork();
    this.flushHeaders();
    const flows = this.#writePiece(piece);
    this.socket?.uncork();
    return flows;
  }

  #writePiece(piece: string | Uint8Array): boolean {
    if (piece.length === 0 || this.#bare) return !this.writableNeedDrain;
    if (!this.#chunked) return this.#send(piece, "utf8", false);
    return this.#send(typeof piece === "string" ? framedText(piece) : framedBytes(piece), "utf8", false);
  }

  end(text = ""): void {
    if (this.writableEnded) return;
    this.writableEnded = true;
    if (!this.#begun) this.#sendWhole(this.#bare ? "" : text);
    else this.#send(this.#chunked ? `${text === "" ? "" : framedText(text)}${LAST_CHUNK}` : text, "utf8", true);
  }

  /** The connection too, but not before the answers that come first. */
  destroy(): void {
    if (this.socket) this.socket.destroy();
    else this.#isCut = true;
  }

  #sendWhole(text: string): void {
    const bytes = Buffer.byteLength(text);
    const head = this.#takeHead(this.#hasLength || this.#bare ? "" : `content-length: ${bytes}\r\n`);
    // Told by its length that it is plain ASCII, a text needs no encoding.
    this.#send(head + text, bytes === text.length ? "latin1" : "utf8", true);
  }

  #send(bytes: Uint8Array | string, encoding: BufferEncoding, last: boolean): boolean {
    if (this.socket) return this.socket.write(bytes, encoding, last ? this.#line.written : undefined);
    this.#waiting ??= [];
    this.#waiting.push({ bytes, encoding, last });
    this.#waits += bytes.length;
    return !this.writableNeedDrain;
  }

  #takeHead(last: string): string {
    this.#begun = true;
    const { keepAlive, date } = this.#line;
    const head = `${this.#head}${this.#more}${last}${date}${this.closes ? CLOSE : keepAlive}\r\n`;
    this.#head = "";
    this.#more = "";
    return head;
  }

  /** One of a header block, if it is to be written as it is. Throws `internal` for a value that would be more than one. */
  #lineOf(name: string, value: string): string {
    if (UNSAFE.test(value)) throw new BrokerError("internal", `The header ${name} has a value that none can have`);
    if (name === "content-length") this.#hasLength = true;
    else if (name === "connection") {
      this.closes ||= value === "close";
      return "";
    }
    return `${name}: ${value}\r\n`;
  }
}

/** In chunked coding; not empty, for that would be the end. */
function framedText(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

/** The same of bytes. */
function framedBytes(piece: Uint8Array): Uint8Array {
  const size = `${piece.length.toString(16)}\r\n`;
  const bytes = Buffer.allocUnsafe(size.length + piece.length + 2);
  bytes.write(size, 0, "latin1");
  bytes.set(piece, size.length);
  bytes.write("\r\n", size.length + piece.length, "latin1");
  return bytes;
}
