// One client connection that is read without node:http, as long as its requests are plain. Those that come before others are
// answered are served beside them and answered in their turn. The first that is not plain goes to node:http, with the
// connection and all that has been read of it.

import type { Socket } from "node:net";
import type { HttpAnswer } from "../../rpc/http-answer.ts";
import type { Connection } from "../connection.ts";
import type { RestRequest } from "../request.ts";
import { type AnswerLine, PlainAnswer } from "./answer.ts";
import { HEAD_END, type PlainHead, readHead } from "./head.ts";
import { PlainRequest } from "./request.ts";

/** Requests of one connection that are served at once. */
const MOST_AT_ONCE = 64;
/** Bytes that are read beyond them. */
const MOST_AHEAD = 256 * 1024;
/** How a request begins. Blank lines before it are passed over, as some clients end a body by one. */
const BEGINNING = /^[\r\n]*(?:[A-Z]|$)/;
/** Bytes that are looked at for that. */
const FIRST_BYTES = 8;

/** What all connections have in common. */
export interface PlainRoom {
  readonly headerBytes: number;
  readonly keepAlive: string;
  readonly date: string;
  readonly serve: (connection: Connection, request: RestRequest, answer: HttpAnswer) => void;
  /** Takes the socket, which nothing listens to any more; `read` is put back into it. */
  readonly handOver: (socket: Socket, read: Buffer) => void;
  /** The client ended in the middle of a request, or took too long for it. */
  readonly clientError: (code: string, socket: Socket) => void;
  readonly left: (connection: PlainConnection) => void;
}

export class PlainConnection implements AnswerLine {
  readonly socket: Socket;
  /** Sweeps since it began to wait for what it waits for. */
  age = 0;
  readonly #room: PlainRoom;
  readonly #open: Connection;
  /** The one whose body is arriving. */
  #request: PlainRequest | undefined;
  /** Not written yet; it is the first one's turn. */
  readonly #answers: PlainAnswer[] = [];
  /** What is not a whole request yet, or too many. */
  #ahead: Buffer | undefined;
  /** What is ahead is node's, whatever still comes. */
  #isOdd = false;

  constructor(room: PlainRoom, socket: Socket, open: Connection) {
    this.#room = room;
    this.socket = socket;
    this.#open = open;
    socket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose);
    socket.on("drain", this.#onDrain).on("timeout", this.#onTimeout).on("error", ignore);
  }

  get keepAlive(): string {
    return this.#room.keepAlive;
  }

  get date(): string {
    return this.#room.date;
  }

  /** `receiving`: a request's body; `idle`: the next request. */
  get waitsFor(): "receiving" | "idle" | undefined {
    if (this.#request) return "receiving";
    return this.#answers.length === 0 ? "idle" : undefined;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#request) this.#receive(this.#request, chunk, 0);
    else if (!this.#ahead) this.#read(chunk);
    else if (this.#isOdd) this.#keep(Buffer.concat([this.#ahead, chunk]));
    else this.#read(Buffer.concat([this.#ahead, chunk]));
  };

  #read(bytes: Buffer): void {
    this.#ahead = undefined;
    // What follows a request that was to be the last is for nobody.
    if (this.#answers.at(-1)?.closes) return;
    const isTaken = this.#answers.length < MOST_AT_ONCE;
    const head = isTaken ? readHead(bytes, this.#room.headerBytes) : undefined;
    if (head) this.#serve(head, bytes);
    else if (this.#answers.length === 0) this.#handOver(bytes);
    else {
      this.#isOdd = isTaken && (bytes.length > this.#room.headerBytes || bytes.includes(HEAD_END));
      this.#keep(bytes);
    }
  }

  #serve(head: PlainHead, bytes: Buffer): void {
    const request = new PlainRequest(head, this.socket);
    const answer = new PlainAnswer(this, head.closes);
    this.#request = request;
    this.age = 0;
    if (this.#answers.push(answer) === 1) answer.begin();
    this.#room.serve(this.#open, request, answer);
    this.#receive(request, bytes, head.bytes);
  }

  #receive(request: PlainRequest, bytes: Buffer, at: number): void {
    const end = at + request.take(bytes, at);
    if (!request.hasArrived) return;
    this.#request = undefined;
    this.age = 0;
    if (end < bytes.length) this.#read(bytes.subarray(end));
  }

  /** Until what is under way has been answered; node:http takes no connection before. */
  #keep(bytes: Buffer): void {
    this.#ahead = bytes;
    if (!BEGINNING.test(bytes.toString("latin1", 0, FIRST_BYTES))) this.socket.destroy();
    else if (bytes.length > MOST_AHEAD) this.socket.pause();
  }

  /** The answer whose turn it is has been handed to the system. */
  readonly written = (): void => {
    const answer = this.#answers.shift();
    if (!answer || this.socket.destroyed) return;
    answer.writableFinished = true;
    answer.emit("finish");
    if (!this.#request) this.age = 0;
    if (answer.closes) this.socket.destroySoon();
    else if (this.#answers.length > 0) this.#answers[0]?.begin();
    else if (this.#ahead && !this.#request) this.#goOn(this.#ahead);
  };

  #goOn(ahead: Buffer): void {
    if (this.socket.isPaused()) this.socket.resume();
    this.#read(ahead);
  }

  readonly #onEnd = (): void => {
    if (this.#request) this.#room.clientError("HPE_INVALID_EOF_STATE", this.socket);
    else this.socket.end();
  };

  readonly #onClose = (): void => {
    this.#room.left(this);
    this.#request?.emit("close");
    for (const answer of this.#answers) answer.emit("close");
  };

  readonly #onDrain = (): void => {
    this.#answers[0]?.emit("drain");
  };

  /** Set for a client that does not read its answer. */
  readonly #onTimeout = (): void => {
    this.socket.destroy();
  };

  #handOver(read: Buffer): void {
    const { socket } = this;
    this.#room.left(this);
    socket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose);
    socket.off("drain", this.#onDrain).off("timeout", this.#onTimeout).off("error", ignore);
    this.#room.handOver(socket, read);
  }
}

/** What follows an error is `close`. */
function ignore(): void {}
